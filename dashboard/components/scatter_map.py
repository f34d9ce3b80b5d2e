"""The map: test images as points to zoom into, and to select with a box or a lasso."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

ASSETS = Path(__file__).parent / "frontend"
PARTS = ("scatter_geometry.js", "scatter_draw.js", "scatter_input.js", "scatter_map.js")

_carrier = st.components.v2.component(
    "digit_map_points",
    html="<span hidden></span>",
    js=(ASSETS / "map_points.js").read_text(),
)
_component = st.components.v2.component(
    "digit_map",
    html=(ASSETS / "scatter_map.html").read_text(),
    css=(ASSETS / "controls.css").read_text() + (ASSETS / "scatter_map.css").read_text(),
    js="\n".join((ASSETS / part).read_text() for part in PARTS),
)


def send(key: str, content: bytes) -> None:
    """Brings a message of `dashboard.services.map_messages` to the browser, which keeps it.

    Apart from the map, so that a new selection does not bring all points again.
    """
    with st.container(key=f"carrier_{key}"):
        _carrier(key=key, data=content)


def scatter_map(
    key: str,
    data: Mapping[str, Any],
    on_drawn: Callable[[object], None],
    on_open: Callable[[object], None],
) -> None:
    """Draws the map that ``data`` describe (`dashboard.views.slices.map_drawing`).

    ``on_drawn`` gets a new region or one of kind "none", ``on_open`` the index of a test image,
    before the page runs again. Both come from a browser and may be anything.
    """

    def drawn() -> None:
        on_drawn(st.session_state[key].get("drawn"))

    def opened() -> None:
        on_open(st.session_state[key].get("opened"))

    _component(key=key, data=dict(data), on_drawn_change=drawn, on_opened_change=opened)
