"""The errors page: the filters and the order, and which test images they leave."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.session import url_state
from dashboard.views import shapes
from dashboard.views.cures import tags
from dashboard.views.slices import rule
from dashboard.widgets import filters, inputs, regions
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.filters import (
    ANY,
    SORTS,
    WITHOUT_SCORES,
    Filters,
    Sort,
    attribute_of,
    by_attribute,
    n_chosen,
    number_for,
    ordered,
)
from engine.evaluation.metrics import NEAREST
from engine.shapes.attributes import COLUMNS

PER_PAGE = (24, 48, 96)
ORDER = {"sort": next(iter(SORTS)), "per_page": PER_PAGE[0], "order_seed": 0}
DEFAULTS = ORDER | {
    "page": 1,
    "image": None,
    "against": None,
    filters.CURED: ANY,
    filters.SHAPE: ANY,
    filters.SHAPE_GROUP: None,
    filters.REGION: "",
    filters.SLICE: "",
}


class Selection(NamedTuple):
    """The test images that fit the filters, in their order, and the choices behind them."""

    rows: pd.DataFrame
    chosen: Filters
    sort: str
    per_page: int
    shape: str  # sentences on the group by shape, the region and the slice, or ''
    rule: str  # that of the slice, or ''
    n: int  # how many images fit, also where only some of them are here as rows

    @property
    def number(self) -> str:
        """The column of the number under each image."""
        wanted = number_for(self.sort)
        return wanted if wanted in self.rows else "margin"

    def open_image(self, index: int) -> None:
        """Shows that image, and the page of the gallery it is on; for ``on_click``."""
        url_state.reset(image=float(index))
        order = self.rows["index"].tolist()
        if index in order:
            url_state.reset(page=order.index(index) // self.per_page + 1)


def select(evaluation: Evaluation) -> Selection:
    """The filters and the order, as two rows of controls."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = filters.filters(evaluation)
        st.button("Clear filters", on_click=filters.clear, type="tertiary")
        st.button(
            "Compare two models on these",
            key="errors_compare",
            on_click=filters.compare_these,
            type="tertiary",
            icon=":material/compare:",
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sort, per_page, seed = _order(evaluation)
        if evaluation.is_sample:
            rows = _ordered(evaluation, chosen.mask(evaluation.table), sort, seed)
            url_state.remember(*ORDER)
            n = n_chosen(evaluation.counted, chosen)
            return Selection(rows, chosen, sort, per_page, "", "", n)
        cured = tags.choose(evaluation)
        shape = shapes.choose(evaluation)
        region = regions.filtered(evaluation)
        slice_ = rule.choose(evaluation)
    tags.say(evaluation)
    shapes.say(shape)
    told = [regions.said(evaluation, region), slice_.said if slice_ else ""]
    for sentence in filter(None, told):
        st.caption(sentence)
    url_state.remember(*ORDER, filters.CURED, filters.SHAPE, filters.SHAPE_GROUP, filters.REGION)
    groups = [None if shape is None else shape.group.images, None if not slice_ else slice_.mask]
    masks = [mask for mask in (cured, region, *groups) if mask is not None]
    mask = np.logical_and.reduce([chosen.mask(evaluation.table), *masks])
    said = " ".join(filter(None, [shape.said if shape else "", *told]))
    rows, written = _ordered(evaluation, mask, sort, seed), str(slice_.rule) if slice_ else ""
    return Selection(rows, chosen, sort, per_page, said, written, len(rows))


def _order(evaluation: Evaluation) -> tuple[str, int, int]:
    """The order of the images, how many are on a page, and the seed of a random order."""
    named = list(SORTS if evaluation.scored else WITHOUT_SCORES)
    orders = named if evaluation.is_sample else [*named, *by_attribute(COLUMNS)]
    url_state.reset_unless("sort", lambda sort: sort in orders, orders[0])
    sort = st.selectbox(
        "Sort by",
        orders,
        key="sort",
        bind="query-params",
        width=170,
        help=text.images.sorts(named, NEAREST in evaluation.table, evaluation.unit),
    )
    per_page = st.selectbox("Per page", PER_PAGE, key="per_page", bind="query-params", width=90)
    seed = 0
    if sort == Sort.RANDOM:
        seed = inputs.whole_number("Seed", 0, 9999, 0, "order_seed", width=110)
    return sort, per_page, seed


def _ordered(evaluation: Evaluation, mask: np.ndarray, sort: str, seed: int) -> pd.DataFrame:
    """The rows in their order; by an attribute only where it could be measured."""
    rows = evaluation.table[mask]
    attribute = attribute_of(sort)
    if attribute:
        measured = shapes.attributes(evaluation)
        if measured is None:
            return rows
        rows = rows.join(measured[attribute])
    return ordered(rows, sort, seed)
