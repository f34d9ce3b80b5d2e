"""The four groups: fixed, broken, both right and both wrong, with their images."""

import dataclasses

import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.charting.palette import Palette
from dashboard.components import gallery
from dashboard.session import keys, url_state
from dashboard.text import numbers
from dashboard.text.markdown import plain
from dashboard.views.compare.choice import DEFAULTS, Compared
from dashboard.widgets import filters
from dashboard.widgets.panel import panel
from engine.evaluation.comparison import CHANGES, Change
from engine.io.numbers import PER_CENT

PER_PAGE = 18


def counts(shown: Compared) -> None:
    """How many images are in each group, and which share of all that is."""
    first, second = plain(shown.first), plain(shown.second)
    paired = shown.paired
    n_in = dict(zip(CHANGES, dataclasses.astuple(paired), strict=True))
    boxes = st.container(horizontal=True)
    for change, meaning in text.comparison.changes(first, second).items():
        boxes.metric(
            change.capitalize(),
            f"{n_in[change]:,}",
            numbers.share(n_in[change], paired.images),
            delta_arrow="off",
            delta_color="off",
            help=f"{meaning}. In brackets the 95{PER_CENT} interval of the share.",
            width=150,
        )


@st.fragment
def images(shown: Compared, palette: Palette) -> None:
    """The images of one of the four groups; choosing another runs this part of the page only."""
    if keys.GO_TO in st.session_state:
        st.rerun()  # an opened image leads to another page, which this part alone cannot open
    with panel("The images"):
        _group(shown, palette)


def _group(shown: Compared, palette: Palette) -> None:
    """The choice of a group and its images, page by page."""
    which = st.segmented_control(
        "Images that are",
        CHANGES,
        default=CHANGES[0],
        required=True,
        key="compare_show",
        bind="query-params",
    )
    rows = shown.rows[shown.rows["change"] == which]
    if rows.empty:
        st.info(f"No test image is {which}.")
        return
    by = "gap" if which == Change.BOTH_WRONG else "margin"
    rows = _one_page(rows.sort_values(by, ascending=False, kind="stable"))
    if which == Change.FIXED:  # shown with the answer they were saved from
        rows = rows.assign(predicted=rows["was"], right=False)
    model = shown.first if which == Change.FIXED else shown.second
    # The numbers are the second model's, also where the answers shown are the first's.
    gallery.gallery(
        rows,
        shown.dataset.testing,
        palette,
        key="compare_gallery",
        label=f"Test images that are {which}",
        on_open=lambda index: filters.open_image(index, model=model),
        by=by,
        unit=shown.after.unit,
        told=text.comparison.shown_as(
            which, plain(shown.first), plain(shown.second), shown.before.is_sample
        ),
    )


def _one_page(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the page that is chosen below the group."""
    n_pages = -(-len(rows) // PER_PAGE)
    url_state.reset_unless("compare_page", lambda page: page <= n_pages, 1)
    page = st.pagination(n_pages, key="compare_page", bind="query-params") if n_pages > 1 else 1
    url_state.remember(*DEFAULTS)
    return rows.iloc[(page - 1) * PER_PAGE : page * PER_PAGE]
