"""One kind of corruption: its curve, its images, which classes and which images it breaks."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charting.corruption.curve import curve_chart
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.services import charts
from dashboard.session import url_state
from dashboard.text.corruption import all_kinds
from dashboard.text.corruption import one_kind as words
from dashboard.text.markdown import as_text
from dashboard.views.trust.corruption import as_data
from dashboard.widgets import image_grid
from engine.corruption.corrupt import corrupted
from engine.corruption.curves import CLEAN, NEVER, Curves
from engine.corruption.kinds import KINDS, SEVERITIES
from engine.evaluation.evaluation import Evaluation
from engine.io.numbers import percent

NAMES = {kind.label: name for name, kind in KINDS.items()}
EXAMPLES, BROKEN = 4, 20  # images shown of either sort


def show(every: dict[str, Curves], evaluation: Evaluation, palette: Palette) -> None:
    """The choice of the kind and the severity, and what they do to the first of the models."""
    st.subheader("One kind")
    kind, severity = _choose()
    st.markdown(f"{KINDS[kind].label}: {KINDS[kind].does}.")
    _curve(every, kind, evaluation, palette)
    _strips(kind, evaluation, palette)
    name, curves = next(iter(every.items()))
    if (kind, severity) in curves.answers:
        digits = curves.by_digit(kind, severity)
        st.markdown(f"{words.against_clean(name, curves, kind, severity)} {words.suffers(digits)}")
        if curves.has_all(kind):
            _broken(name, curves, kind, evaluation, palette)
    as_data.offer(evaluation.dataset, kind, severity)


def _choose() -> tuple[str, int]:
    labels = list(NAMES)
    url_state.reset_unless("corruption_kind", lambda label: label in labels, labels[0])
    url_state.reset_unless("corruption_severity", lambda at: at in SEVERITIES, SEVERITIES[2])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox("Kind", labels, key="corruption_kind", bind="query-params", width=200)
        severity = st.segmented_control(
            "Severity", SEVERITIES, required=True, key="corruption_severity", bind="query-params"
        )
    url_state.remember("corruption_kind", "corruption_severity")
    return NAMES[label], severity


def _curve(every: dict[str, Curves], kind: str, evaluation: Evaluation, palette: Palette) -> None:
    table = all_kinds.csv_table(every)
    table = table[table["kind"].isin(["clean", kind])]
    table = table[["model", "severity", "accuracy", "low", "high"]].reset_index(drop=True)
    label = KINDS[kind].label.lower()
    last = table.groupby("model", sort=False).last()
    draw(
        charts.chart(curve_chart, table, label, tuple(every), palette, of=evaluation.dataset),
        alt=f"Right answers under {label} by severity; at the highest: "
        + ", ".join(f"{as_text(name)} {percent(row.accuracy, 1)}" for name, row in last.iterrows()),
    )


def _strips(kind: str, evaluation: Evaluation, palette: Palette) -> None:
    """The same images clean and at each severity, of classes apart."""
    index = _examples(evaluation)
    images = evaluation.dataset.testing.images[index]
    made = [images, *(corrupted(images, kind, at, index=index) for at in SEVERITIES)]
    names = [str(evaluation.dataset.testing.labels[at]) for at in index]
    alts = [f"Test image {at:,} clean and at severities 1 to 5" for at in index]
    st.html(image_grid.strips(list(zip(*made, strict=True)), names, alts, palette))
    st.caption("From left to right: the image as it is, and severities 1 to 5.")


def _examples(evaluation: Evaluation) -> np.ndarray:
    """The first test image of each of some classes, the same for every kind."""
    labels = evaluation.dataset.testing.labels
    _, first = np.unique(labels, return_index=True)
    return first[np.linspace(0, len(first) - 1, min(EXAMPLES, len(first))).astype(int)]


def _broken(name: str, curves: Curves, kind: str, evaluation: Evaluation, palette: Palette) -> None:
    """The images that break at the lowest severity, as they are when they do."""
    st.markdown(words.breaking(curves, kind))
    breaks = curves.breaks_at(kind)
    broken = np.flatnonzero((breaks != CLEAN) & (breaks != NEVER))
    broken = broken[np.argsort(breaks[broken], kind="stable")][:BROKEN]
    if not len(broken):
        return
    rows = pd.DataFrame({"place": broken, "severity": breaks[broken]})
    pictures, captions, alts = zip(*_tiles(rows, curves, kind, evaluation), strict=True)
    st.html(image_grid.grid(pictures, captions, alts, palette))
    st.caption(
        "The images that break first: right as they are, wrong at the severity under the image. "
        "The true class, and what it is called."
    )


def _tiles(rows: pd.DataFrame, curves: Curves, kind: str, evaluation: Evaluation) -> list[tuple]:
    tiles = []
    for place, severity in rows.itertuples(index=False):
        index = curves.index[[place]]
        image = corrupted(evaluation.dataset.testing.images[index], kind, severity, index=index)[0]
        true = curves.classes[curves.true[place]]
        called = curves.classes[curves.answers[kind, severity][place]]
        alt = f"test image {index[0]:,} at severity {severity}: {true} called {called}"
        tiles.append((image, f"{true} → {called}, {severity}", alt))
    return tiles
