"""The pixel editor: an image to draw on and erase from, pixel by pixel."""

import base64
import hashlib
from pathlib import Path

import numpy as np
import streamlit as st

from dashboard.charting.palette import DARK, Palette
from dashboard.session import keys
from engine.preprocessing.perturbations import read_pixels

ASSETS = Path(__file__).parent / "frontend"

_component = st.components.v2.component(
    "digit_editor",
    html=(ASSETS / "pixel_editor.html").read_text(),
    css=(ASSETS / "controls.css").read_text() + (ASSETS / "pixel_editor.css").read_text(),
    js=(ASSETS / "pixel_editor.js").read_text(),
)


def editor(
    key: str, image: np.ndarray, original: np.ndarray, palette: Palette
) -> tuple[tuple[int, int], ...]:
    """Shows ``image`` ``uint8`` (h, w) and gives the pixels set on it, (index, level) each.

    They last as long as ``original`` stays the same image and come back after another page.
    """
    kept_key, whose = keys.kept(key), hashlib.sha256(original.tobytes()).hexdigest()
    kept = st.session_state.get(kept_key)
    if kept is None or kept["whose"] != whose:
        wipe(key, whose)
        kept = st.session_state[kept_key]

    def keep() -> None:
        st.session_state[kept_key]["pixels"] = st.session_state[key].get("pixels") or []

    state = _component(
        key=key,
        data={
            "rev": f"{whose} {kept['rev']}",
            "rows": image.shape[0],
            "columns": image.shape[1],
            "base": base64.b64encode(image.tobytes()).decode(),
            "pixels": kept["pixels"],
            "dark": palette is DARK,
        },
        default={"pixels": kept["pixels"]},
        on_pixels_change=keep,
    )
    return read_pixels(state.get("pixels"), image.size)


def wipe(key: str, whose: str | None = None) -> None:
    """Takes all pixels off again; for callbacks, before the editor is drawn."""
    kept = st.session_state.get(keys.kept(key), {"rev": 0, "whose": ""})
    whose = kept["whose"] if whose is None else whose
    st.session_state[keys.kept(key)] = {"rev": kept["rev"] + 1, "whose": whose, "pixels": []}
    if key in st.session_state:
        st.session_state[key]["pixels"] = []
