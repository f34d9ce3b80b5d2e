"""Prediction sets at a level that the viewer chooses, and the images whose sets tell something."""

import numpy as np
import streamlit as st

from dashboard import text
from dashboard.charting import trust as trust_charts
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.components import gallery
from dashboard.session import url_state
from dashboard.text.numbers import count
from dashboard.widgets import filters, inputs
from engine.calibration.calibration import Calibration
from engine.calibration.sets import PredictionSets, prediction_sets
from engine.datasets.dataset import class_noun
from engine.evaluation.evaluation import Evaluation
from engine.io.numbers import PER_CENT, percent

LEVELS, USUAL = range(80, 100), 90  # per cent
PER_PAGE = 18
BY_CLASS, FOR_ALL = "a threshold for each", "one for all"
WHICH = ("large", "empty")
DEFAULTS = {"trust_level": USUAL, "trust_sets": WHICH[0], "trust_page": 1}


def show(found: Calibration, evaluation: Evaluation, palette: Palette) -> None:
    """The promise on a slider, what is kept of it, the images and the table."""
    url_state.restore(**DEFAULTS)
    url_state.reset_unless("trust_level", lambda level: level in LEVELS, USUAL)
    level = st.select_slider(
        "Promised coverage, in per cent", LEVELS, USUAL, key="trust_level", bind="query-params"
    )
    sets = prediction_sets(found, evaluation.classes, level)
    for_all = prediction_sets(found, evaluation.classes, level, by_class=False)
    sentences = (
        text.trust.sets.promise(sets),
        text.trust.sets.worst(sets),
        text.trust.sets.unlimited(sets),
    )
    st.markdown(" ".join(filter(None, sentences)))
    if why := text.trust.sets.why_by_class(for_all, sets):
        st.markdown(why)
    _by_class(sets, for_all, evaluation, palette)
    _images(sets, evaluation, palette)
    url_state.remember(*DEFAULTS)


def _by_class(
    sets: PredictionSets, for_all: PredictionSets, evaluation: Evaluation, palette: Palette
) -> None:
    noun = class_noun(evaluation.classes)
    tables = {BY_CLASS: sets.table, FOR_ALL: for_all.table}
    each = zip(sets.table["class"], sets.table["coverage"], strict=True)
    draw(
        trust_charts.set_coverage_chart(tables, sets.level, palette),
        alt=f"How often the sets hold each {noun}, promised {sets.level}{PER_CENT}: "
        + ", ".join(f"{name} {percent(share, 1)}" for name, share in each),
    )
    table = sets.table.rename(columns={"class": noun}).assign(
        **{FOR_ALL: for_all.table["coverage"]}
    )
    with st.expander(f"As a table, by {noun}"):
        inputs.table(
            table,
            f"Coverage and size of the sets by {noun}",
            ("coverage", "low", "high", FOR_ALL),
            decimals={"mean size": 2},
        )
        inputs.csv_button(table, "digitscope-sets.csv")


def _images(sets: PredictionSets, evaluation: Evaluation, palette: Palette) -> None:
    """The images with the largest sets, or with none; a click opens one on Errors."""
    which = st.segmented_control(
        "Images whose sets are",
        WHICH,
        default=WHICH[0],
        required=True,
        key="trust_sets",
        bind="query-params",
    )
    places = _places(sets, which)
    if not len(places):
        st.info(
            f"No set {'is empty' if which == 'empty' else 'has several classes'} at this level."
        )
        return
    n_pages = -(-len(places) // PER_PAGE)
    url_state.reset_unless("trust_page", lambda page: page <= n_pages, 1)
    page = st.pagination(n_pages, key="trust_page", bind="query-params") if n_pages > 1 else 1
    places = places[(page - 1) * PER_PAGE : page * PER_PAGE]
    st.caption(_caption(sets, which, places))
    gallery.gallery(
        sets.rows.iloc[places],
        evaluation.dataset.testing,
        palette,
        key="trust_gallery",
        label=f"Test images whose sets are {which}",
        on_open=filters.open_image,
        unit=evaluation.unit,
    )


def _places(sets: PredictionSets, which: str) -> np.ndarray:
    """Rows of the images: without a class the surest first, else the largest sets first."""
    margins = sets.rows["margin"].to_numpy()
    if which == "empty":
        empty = np.flatnonzero(sets.sizes == 0)
        return empty[np.argsort(-margins[empty], kind="stable")]
    large = np.flatnonzero(sets.sizes > 1)
    return large[np.lexsort((margins[large], -sets.sizes[large]))]


def _caption(sets: PredictionSets, which: str, places: np.ndarray) -> str:
    """How many there are, and how many classes the sets of those shown hold."""
    if which == "empty":
        empty = count(int((sets.sizes == 0).sum()), "image")
        return (
            f"{empty} without any class, the largest margin first. Click an image for its reasons."
        )
    large = count(int((sets.sizes > 1).sum()), "image")
    few, most = sets.sizes[places].min(), sets.sizes[places].max()
    hold = f"{most}" if few == most else f"{few} to {most}"
    return (
        f"{large} with several classes, the largest sets first; those shown hold {hold} of "
        f"{len(sets.classes)}. Click an image for its reasons."
    )
