"""The worst slices: found by themselves, or by a rule of one's own, and what is in one of them."""

import streamlit as st

from dashboard.charting.palette import Palette
from dashboard.services import slices
from dashboard.session import url_state
from dashboard.text.slices import rules as words
from dashboard.views.slices import one, rule
from dashboard.widgets import clicks, filters, inputs
from dashboard.widgets.panel import panel
from dashboard.widgets.progress import watched
from engine.evaluation.evaluation import Evaluation
from engine.slices.search import RUNS, Search


def show(evaluation: Evaluation, palette: Palette) -> None:
    """What was found, whether chance finds as much, and the slice that is chosen or typed."""
    url_state.restore(**{filters.SLICE: ""})
    search = watched(slices.found(evaluation))
    if search is None:
        st.info("The slices could not be searched; the reason is in the server's log.")
        return
    st.markdown(words.found(search))
    if search.slices:
        _table(search)
    _chance(search, evaluation)
    st.subheader("One slice")
    chosen = rule.choose(evaluation, "Its rule", 520)
    if chosen is not None:
        with panel("One slice"):
            one.show(chosen, evaluation, palette)


def _table(search: Search) -> None:
    """A click on a row takes the rule of that slice."""
    clicks.renewed("slices", (st.session_state.get(filters.SLICE, ""),))

    def to_slice() -> None:
        row = clicks.picked_row("slices")
        if row is not None:
            clicks.take("slices", **{filters.SLICE: str(search.slices[row].rule)})

    inputs.table(
        words.table(search),
        "The worst slices",
        (*words.RATES, "right where found"),
        height="content",
        key=clicks.key_of("slices"),
        on_select=to_slice,
        selection_mode="single-row",
    )
    st.caption("Click a row to look into that slice.")


def _chance(search: Search, evaluation: Evaluation) -> None:
    """The permutations, which are asked for, can be watched, and can be stopped."""
    asked = evaluation.kept.peek((slices.Chance,)) is not None
    if not asked:
        label = f"Would chance find as much? Search {RUNS} times among permuted answers"
        if not st.button(label, key="slices_chance", icon=":material/casino:"):
            return
    chance = slices.chance(evaluation)
    if chance.task.finished():
        st.caption(words.chance(chance.smallest, len(search.slices)))
    else:
        st.fragment(_running, run_every=1.0)(chance, search)


def _running(chance: slices.Chance, search: Search) -> None:
    if chance.task.finished():
        st.rerun()
    with panel("The permutations"):
        done = len(chance.smallest)
        st.progress(done / RUNS, text=f"Searching among permuted answers… {done} of {RUNS}")
        st.caption(words.chance(chance.smallest, len(search.slices)))
        st.button("Stop", key="slices_chance_stop", on_click=chance.stop)
