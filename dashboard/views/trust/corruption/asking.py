"""Which models are asked, and how far they are."""

import time

import streamlit as st

from dashboard.services import corruption, evaluations
from dashboard.session import keys, url_state, viewer_models
from dashboard.views import loading
from dashboard.widgets.panel import panel
from engine.corruption.curves import STEPS, Curves
from engine.corruption.kinds import KINDS
from engine.evaluation.evaluation import Evaluation
from engine.models.registry import MODELS

ALONE, FIVE = "no other model", "five models"
THE_FIVE = ("L1 mean", "L2 mean", "L1 median", "L1 learned", "Logistic")
FIRST_S = 12.0  # seconds to wait for the first figures before the page is drawn without them
Asked = dict[str, tuple[Evaluation, corruption.Asking]]


def choose(evaluation: Evaluation) -> dict[str, Evaluation]:
    """The model in hand, and those chosen beside it, that can answer new images; by name."""
    dataset, first = evaluation.dataset, viewer_models.name_of(evaluation)
    own = {n: e for n, e in viewer_models.own_evaluations(dataset).items() if e.answers_others}
    names = [ALONE, FIVE, *(name for name in [*MODELS, *own] if name != first)]
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
    """The curves of all of them so far; while some are under way, they are said to be."""
    asked = {name: (one, corruption.asked(one)) for name, one in chosen.items()}
    _wait_for_first([asking for _, asking in asked.values()])
    if all(asking.finished for _, asking in asked.values()):
        _say_how_far(asked)
    else:
        st.session_state[keys.CORRUPTION_SEEN] = _seen(asked)
        st.fragment(_refreshed, run_every=1.0)(asked)
    return {name: asking.curves for name, (_, asking) in asked.items()}


def _refreshed(asked: Asked) -> None:
    """Runs the page again when one more model is done, or the first kinds are."""
    if st.session_state.get(keys.CORRUPTION_SEEN) != _seen(asked):
        st.rerun()  # what stands below shows more now
    with panel("How far the models are"):
        _say_how_far(asked)


def _seen(asked: Asked) -> int:
    """Grows with every fifteen steps of a model, and when it ends."""
    each = [(asking.finished, len(asking.curves.answers)) for _, asking in asked.values()]
    return sum(ended + done // len(KINDS) for ended, done in each)


def _wait_for_first(asked: list[corruption.Asking]) -> None:
    """Until all have answered the published severities, for a while."""
    bar, started = st.empty(), time.monotonic()
    for asking in asked:
        while not asking.finished and len(asking.curves.answers) < len(KINDS):
            if time.monotonic() - started > FIRST_S:
                break
            bar.progress(asking.task.report.share, text=f"{asking.task.report.step}…")
            asking.task.finished(within_s=0.2)
    bar.empty()


def _say_how_far(asked: Asked) -> None:
    """One bar for all while any is under way; then whether all went well."""
    under_way = [asking for _, asking in asked.values() if not asking.finished]
    if under_way:
        _progress(list(asked.values()), under_way)
    elif broken := [pair for pair in asked.values() if not pair[1].whole]:
        _broken_off(broken)


def _progress(
    asked: list[tuple[Evaluation, corruption.Asking]], under_way: list[corruption.Asking]
) -> None:
    done, total = sum(len(asking.curves.answers) for _, asking in asked), len(asked) * len(STEPS)
    steps = [one.task.report.step for one in under_way if one.task.report.total]
    said = f"{steps[0] if steps else 'Waiting for another task'}… {done} of {total} steps"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(done / total, text=said, width="stretch")
        st.button("Stop", key="corruption_stop", on_click=_stop, args=(under_way,))


def _stop(under_way: list[corruption.Asking]) -> None:
    for asking in under_way:
        asking.stop()


def _broken_off(broken: list[tuple[Evaluation, corruption.Asking]]) -> None:
    done, total = sum(len(one.curves.answers) for _, one in broken), len(broken) * len(STEPS)
    failed = not all(asking.stopped for _, asking in broken)
    why = "Ended early; the reason is in the server's log." if failed else "Stopped."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"{why} {done} of {total} steps are answered.", width="stretch")
        st.button("Go on", key="corruption_on", on_click=_go_on, args=([e for e, _ in broken],))


def _go_on(judged: list[Evaluation]) -> None:
    for evaluation in judged:
        corruption.ask_on(evaluation)
