"""The filter by a region drawn on the map: what the link holds of it, and what lies inside."""

import contextlib

import numpy as np
import streamlit as st

from dashboard.services import maps
from dashboard.session import url_state
from dashboard.text.markdown import plain
from dashboard.text.slices import map as words
from dashboard.widgets.filters import REGION
from engine.evaluation.evaluation import Evaluation
from engine.projection.region import Region, View, read_region
from engine.runtime.errors import Refused

HELP = (
    "Two opposite corners of a box, or the corners of a lasso, as x and y in turn. On the "
    "distances to the classes at places 4 and 9, counted from 0: `pair~4~9~box~0.1~0.1~0.2~0.2`; "
    "`plane` in place of `pair` takes all images, `pca~lasso~…` lies on the principal components."
)


def held(evaluation: Evaluation) -> Region | None:
    """The region in the link or on the page that these answers have, or None."""
    with contextlib.suppress(Refused):
        now = st.session_state.get(REGION, st.query_params.get(REGION))
        return _read(now or "", evaluation)
    return None


def _read(written: str, evaluation: Evaluation) -> Region | None:
    """None of nothing. Raises Refused."""
    if not written:
        return None
    region = read_region(written, len(evaluation.classes))
    if region.view is not View.PCA and not evaluation.scored:
        raise Refused("The region lies on distances; these answers come without any.")
    return region


def choose(evaluation: Evaluation) -> Region | None:
    """A field for the region's numbers, empty until one is drawn; None while any image will do."""
    now = held(evaluation)
    with st.popover(f"Region: **{'drawn on the map' if now else 'any'}**", width="content"):
        written = st.text_input(
            "Region of the map, as numbers", key=REGION, bind="query-params", help=HELP
        )
        if now:
            st.button("Show it on the map", on_click=_to_map, args=(now,))
            st.button("Clear it", on_click=clear, type="tertiary")
    try:
        return _read(written or "", evaluation)
    except Refused as refused:
        st.caption(plain(str(refused)))
        return None


def filtered(evaluation: Evaluation) -> np.ndarray | None:
    """Which rows of the table the chosen region holds, (n,) bool; None while any image will do."""
    region = choose(evaluation)
    return None if region is None else maps.selected(evaluation, region)


def said(evaluation: Evaluation, inside: np.ndarray | None) -> str:
    """How many images the region holds, and how many of them are right; '' without a region."""
    region = held(evaluation)
    if inside is None or region is None:
        return ""
    return words.selection(evaluation.table["right"].to_numpy()[inside], region, evaluation)


def clear() -> None:
    """Lets the region go; for ``on_click``."""
    url_state.reset(**{REGION: ""})


def _to_map(region: Region) -> None:
    url_state.go("slices", slices_tab="Map", **{REGION: str(region)})
