"""The map: where test images lie, of which a drawn region shows its own."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charting.palette import Palette
from dashboard.components import gallery, scatter_map
from dashboard.services import map_messages, maps
from dashboard.session import keys, url_state
from dashboard.text.markdown import plain
from dashboard.text.slices import map as words
from dashboard.views.slices import map_choices
from dashboard.views.slices.map_choices import Look
from dashboard.views.slices.map_drawing import drawing
from dashboard.widgets import filters, inputs, regions
from dashboard.widgets.panel import panel
from engine.datasets.dataset import class_noun
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.filters import ordered
from engine.projection import region as of_region
from engine.projection.region import Region, View

SHOWN_AT_ONCE = 16
MAP = "map"


def show(evaluation: Evaluation, palette: Palette) -> None:
    """The choices, the map and the images of its region; the small images come last."""
    map_choices.restore(evaluation)
    _parts(evaluation, palette)
    scatter_map.send("map_images", map_messages.sheet(evaluation.dataset).content)


@st.fragment
def _parts(evaluation: Evaluation, palette: Palette) -> None:
    """A drawn region runs this part of the page only."""
    if keys.GO_TO in st.session_state:
        st.rerun()  # an opened image leads to another page, which this part alone cannot open
    with panel("The map"):
        if not evaluation.scored:
            label = plain(evaluation.model.label)
            st.caption(f"The answers of {label} have no scores, so there is no distance plane.")
        look = map_choices.choose(evaluation)
        place = st.empty()  # always: were it there at times only, all below it would be built anew
        if look.view is View.PCA and not maps.known(evaluation.dataset):
            with place, st.spinner("Finding the principal components…"):
                maps.components(evaluation.dataset)
        left, right = st.columns([11, 9], gap="large")
        with right:
            region = regions.choose(evaluation)
            if region is not None and (region.view, region.pair) != (look.view, look.pair):
                st.caption(f"Not shown: a region {words.where(region, evaluation)}.")
                region = None
            mask = None if region is None else maps.selected(evaluation, region)
        # Before the map: a lasso is answered by its images.
        with right, panel("The images of the region"):
            _images(evaluation, look, region, mask, palette)
        with left:
            tool = map_choices.tool()
            map_choices.remember()
            _map(evaluation, look, tool, region, mask, palette)


def _map(
    evaluation: Evaluation,
    look: Look,
    tool: str,
    region: Region | None,
    mask: np.ndarray | None,
    palette: Palette,
) -> None:
    points = map_messages.points(evaluation, look.view, look.pair, look.color, look.both)
    scatter_map.send("map_points", points.content)
    n_chosen = None if mask is None else int(mask.sum())

    def drawn(told: object) -> None:
        _take(told, look, evaluation)

    scatter_map.scatter_map(
        MAP, drawing(evaluation, look, tool, points, region, n_chosen, palette), drawn, _open
    )
    n = len(maps.points(evaluation, look.view, look.pair))
    st.caption(words.shown(evaluation, look.view, look.both, n))


def _take(told: object, look: Look, evaluation: Evaluation) -> None:
    """What was drawn becomes the region, or lets it go; anything may come from a browser."""
    if not isinstance(told, dict):
        return
    if told.get("kind") == "none":
        regions.clear()
        return
    try:
        values = [float(value) for corner in told["corners"] for value in corner]
        drawn = of_region.region(look.view, look.pair, str(told["kind"]), values)
    except (KeyError, OverflowError, TypeError, ValueError):
        return
    url_state.reset(**{filters.REGION: str(drawn)})


def _open(index: object) -> None:
    if type(index) is int and index >= 0:
        filters.open_image(index)


def _images(
    evaluation: Evaluation,
    look: Look,
    region: Region | None,
    mask: np.ndarray | None,
    palette: Palette,
) -> None:
    """How many are selected and how many of them are right, some of them, and all as a table."""
    rows = _until_then(evaluation, look) if region is None else evaluation.table[mask]
    if region is not None:
        st.markdown(words.selection(rows["right"].to_numpy(), region, evaluation))
    if rows.empty:
        return
    gallery.gallery(
        ordered(rows, "most wrong" if evaluation.scored else "index").head(SHOWN_AT_ONCE),
        evaluation.dataset.testing,
        palette,
        key="map_gallery",
        label="Test images of the region",
        on_open=filters.open_image,
        by="margin" if rows["right"].all() else "gap",
        unit=evaluation.unit,
    )
    if region is not None:
        st.button(
            "Open in Errors",
            icon=":material/arrow_forward:",
            on_click=_to_errors,
            args=(str(region),),
        )
    _as_table(rows, evaluation, look)


def _until_then(evaluation: Evaluation, look: Look) -> pd.DataFrame:
    """The errors on the map, which are shown until some points are selected."""
    st.markdown("Draw a lasso or a box around points: the images inside are shown here.")
    rows = evaluation.table.iloc[maps.points(evaluation, look.view, look.pair).rows]
    rows = rows[~rows["right"]]
    noun = class_noun(evaluation.classes)
    order = f"farthest from their true {noun}" if evaluation.scored else "first in the test set"
    if not rows.empty:
        st.caption(f"Until then: the errors on this map that are {order}.")
    return rows


def _to_errors(written: str) -> None:
    """The errors page with all images of the region, right ones, too."""
    url_state.go("errors", **filters.only(answers="all") | {filters.REGION: written})


def _as_table(rows: pd.DataFrame, evaluation: Evaluation, look: Look) -> None:
    title = "These images as a table"
    with st.expander(title, key="map_table", on_change="rerun") as below:
        if not below.open:
            return
        shown = maps.points(evaluation, look.view, look.pair)
        x, y = (pd.Series(side, evaluation.table.index[shown.rows]) for side in (shown.x, shown.y))
        found = rows[["index", "file", "true", "predicted", "right"]]
        found = found.assign(x=x[rows.index], y=y[rows.index]).reset_index(drop=True)
        inputs.table(found, title, decimals={"x": 5, "y": 5}, height=320)
        inputs.csv_button(found, "digitscope-region.csv", key="map_csv")
