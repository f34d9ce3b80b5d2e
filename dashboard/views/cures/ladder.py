"""The ladder: a row for each cure, shown as they come."""

import time

import streamlit as st

from dashboard import text
from dashboard.charting import cures as cure_charts
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.services import charts, cures
from dashboard.widgets import clicks, inputs
from dashboard.widgets.panel import panel
from engine.datasets.dataset import Dataset

FIRST_S = 20.0  # seconds to wait for the first rung before the page is drawn without it


def watch(climb: cures.Climb, dataset: Dataset, palette: Palette) -> None:
    """The ladder so far, refreshed every second until all is judged."""
    _wait_for_one(climb)
    if climb.finished:
        _live(climb, dataset, palette)
    else:
        st.fragment(_refreshed, run_every=1.0)(climb, dataset, palette)


def _wait_for_one(climb: cures.Climb) -> None:
    bar, started = st.empty(), time.monotonic()
    while not (climb.ladder.rungs or climb.finished) and time.monotonic() - started < FIRST_S:
        bar.progress(climb.task.report.share, text=f"{climb.task.report.step}…")
        climb.task.finished(within_s=0.2)
    bar.empty()


def _refreshed(climb: cures.Climb, dataset: Dataset, palette: Palette) -> None:
    if climb.finished:
        st.rerun()  # what stands below needs the whole ladder
    _live(climb, dataset, palette)


def _live(climb: cures.Climb, dataset: Dataset, palette: Palette) -> None:
    with panel("The ladder"):
        _say_how_far(climb, dataset)
        if climb.ladder.rungs:
            _rungs(climb, dataset, palette)


def _say_how_far(climb: cures.Climb, dataset: Dataset) -> None:
    if not climb.finished:
        report = climb.task.report
        amount = f", {report.done} of {report.total} done" if report.total else ""
        st.progress(report.share, text=f"{report.step}{amount}…")
    elif climb.error is not None:
        st.error("The ladder ended early; the reason is in the server's log.")
        again = dataset, climb.ladder.recipe
        st.button("Try again", key="cures_again", on_click=cures.climb_again, args=again)


def _rungs(climb: cures.Climb, dataset: Dataset, palette: Palette) -> None:
    """The sentences on the whole ladder, its bars and its table."""
    ladder, table = climb.ladder, text.cures.table(climb.ladder)
    if climb.finished:
        st.markdown(f"{text.cures.best(ladder)} {text.cures.together(ladder)}")
    bars = table[["cure", "fixed", "broken"]]
    draw(
        charts.chart(cure_charts.ladder_chart, bars, palette, of=dataset),
        alt="Images fixed and broken by each cure alone: "
        + ", ".join(f"{r.cure} {r.fixed:,} and {r.broken:,}" for r in table.itertuples()),
    )

    def to_cure() -> None:
        row = clicks.picked_row("ladder")
        if row is not None:
            clicks.take("ladder", cure=str(table["cure"].iloc[row]))

    click = {"on_select": to_cure, "selection_mode": "single-row", "key": clicks.key_of("ladder")}
    inputs.table(
        table,
        "The cures, the one that gains most first",
        height="content",
        signed={"gained": "+,", "seconds to fit": ".1f"},
        **(click if climb.finished else {}),
    )
    if climb.finished:
        st.caption(f"{text.cures.how_judged(ladder)} Click a row to see what that cure does.")
        inputs.csv_button(table, "digitscope-cures.csv", "cures_csv")
