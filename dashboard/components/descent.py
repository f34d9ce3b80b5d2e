"""A descent step by step: the fit, the loss, the path and the directions, moved in the browser."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboard.charting.palette import Palette

ASSETS = Path(__file__).parent / "frontend"
PARTS = ("descent_axes.js", "descent_charts.js", "descent.js")

_component = st.components.v2.component(
    "digit_descent",
    html=(ASSETS / "descent.html").read_text(),
    css=(ASSETS / "controls.css").read_text() + (ASSETS / "descent.css").read_text(),
    js="\n".join((ASSETS / part).read_text() for part in PARTS),
)


def descent(
    key: str,
    run: str,
    steps: int,
    plane: str,
    palette: Palette,
    on_rest: Callable[[object], None],
) -> None:
    """Draws ``run`` (`dashboard.views.playground.run.as_json`) after ``steps``, in a ``plane``.

    Stepping stays in the browser. Once the hand rests, ``on_rest`` gets {"steps": …, "plane": …}
    before the page runs again; it comes from a browser and may be anything.
    """

    def rested() -> None:
        on_rest(st.session_state[key].get("rested"))

    colours = {
        "right": palette.right,
        "wrong": palette.wrong,
        "faint": palette.faint,
        "rings": palette.sequential[1:],
        "series": palette.series[:3],
    }
    data = {"run": run, "steps": steps, "plane": plane, "colours": colours}
    _component(key=key, data=data, on_rested_change=rested)
