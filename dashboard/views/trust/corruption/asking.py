"""Which models are asked, and how far they are."""

import time

import streamlit as st

from dashboard.services import corruption, evaluations
from dashboard.session import keys, url_state, viewer_models
from dashboard.session.server_models import listed
from dashboard.views import loading
from dashboard.widgets.panel import panel
from engine.corruption.curves import Curves
from engine.corruption.kinds import KINDS
from engine.evaluation.evaluation import Evaluation

ALONE, FIVE = "no other model", "five models"
THE_FIVE = ("L1 mean", "L2 mean", "L1 median", "L1 learned", "Logistic")
FIRST_S = 12.0  # seconds to wait for the first figures before the page is drawn without them


def choose(evaluation: Evaluation) -> dict[str, Evaluation]:
    """The model in hand, and those chosen beside it, that can answer new images; by name."""
    dataset, first = evaluation.dataset, viewer_models.name_of(evaluation)
    own = {n: e for n, e in viewer_models.own_evaluations(dataset).items() if e.answers_others}
    names = [ALONE, FIVE, *(name for name in [*listed(), *own] if name != first)]
    url_state.reset_unless("corruption_to", lambda name: name in names, ALONE)
    chosen = st.selectbox("Beside it", names, key="corruption_to", bind="query-params", width=230)
    others = [] if chosen == ALONE else [chosen]
    if chosen == FIVE:
        others = [name for name in THE_FIVE if name != first]
        _say_what_is_fitted([name for name in others if not evaluations.ready(dataset, name)])
    url_state.remember("corruption_to")
    found = {name: loading.named_evaluation(dataset, name) for name in others}
    return {first: evaluation, **found}


def _say_what_is_fitted(names: list[str]) -> None:
    if names:
        st.caption(f"Not fitted on these data yet, which comes first: {', '.join(names)}.")


def answers(chosen: dict[str, Evaluation]) -> dict[str, Curves]:
    """The curves of all of them so far; while they are under way, this is said."""
    models = list(chosen.values())
    asking = corruption.asked(models)
    _wait_for_first(asking)
    if asking.task.finished():
        _say_how_far(asking, models)
    else:
        st.session_state[keys.CORRUPTION_SEEN] = _seen(asking)
        st.fragment(_refreshed, run_every=1.0)(asking, models)
    return {name: one.curves for name, one in zip(chosen, asking.answers, strict=True)}


def _refreshed(asking: corruption.Asking, models: list[Evaluation]) -> None:
    """Runs the page again when every model has answered fifteen steps more, and at the end."""
    if st.session_state.get(keys.CORRUPTION_SEEN) != _seen(asking):
        st.rerun()  # what stands below shows more now
    with panel("How far the models are"):
        _say_how_far(asking, models)


def _seen(asking: corruption.Asking) -> int:
    """Grows with every fifteen steps of all models, and at the end."""
    return asking.task.finished() + asking.done // (len(KINDS) * len(asking.answers))


def _wait_for_first(asking: corruption.Asking) -> None:
    """Until all have answered the published severities, for a while."""
    bar, started = st.empty(), time.monotonic()
    first = len(KINDS) * len(asking.answers)
    while not asking.task.finished(within_s=0.2) and asking.done < first:
        if time.monotonic() - started > FIRST_S:
            break
        bar.progress(asking.done / asking.total, text=f"{asking.task.report.step}…")
    bar.empty()


def _say_how_far(asking: corruption.Asking, models: list[Evaluation]) -> None:
    """A bar while they are under way, then whether all went well."""
    if asking.task.finished() and asking.task.error is None:
        return
    amount = f"{asking.done} of {asking.total} steps"
    with st.container(horizontal=True, vertical_alignment="center"):
        if not asking.task.finished():
            said = f"{asking.task.report.step}… {amount}"
            st.progress(asking.done / asking.total, text=said, width="stretch")
            st.button("Stop", key="corruption_stop", on_click=asking.stop)
            return
        why = "Stopped." if asking.stopped else "Ended early; the reason is in the server's log."
        st.info(f"{why} {amount} are answered.", width="stretch")
        st.button("Go on", key="corruption_on", on_click=corruption.ask_on, args=(models,))
