"""The drawing pad: strokes drawn with mouse, finger, pen or keys arrive as points in a square."""

from pathlib import Path

import streamlit as st

from dashboard.charting.palette import DARK, Palette
from dashboard.session import keys
from engine.preprocessing.strokes import PEN, Stroke, left_out, read_strokes

ASSETS = Path(__file__).parent / "frontend"

_component = st.components.v2.component(
    "digit_pad",
    html=(ASSETS / "pad.html").read_text(),
    css=(ASSETS / "controls.css").read_text() + (ASSETS / "pad.css").read_text(),
    js=(ASSETS / "pad.js").read_text(),
)


def pad(key: str, palette: Palette) -> tuple[Stroke, ...]:
    """Draws the pad and gives the strokes on it; the drawing outlives reruns and page changes.

    Streamlit forgets a component's state when its page is left, so a copy is kept beside it.
    """
    kept = st.session_state.get(keys.kept(key), [])

    def keep() -> None:
        st.session_state[keys.kept(key)] = st.session_state[key].get("strokes") or []

    state = _component(
        key=key,
        data={"strokes": kept, "pen": round(PEN, 3), "dark": palette is DARK},
        default={"strokes": kept},
        on_strokes_change=keep,
    )
    raw = state.get("strokes")
    if said := left_out(raw):
        st.info(said)
    return read_strokes(raw)
