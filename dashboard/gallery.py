"""Test images as one grid of buttons: see many at a glance, open one with a click or a key."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import streamlit as st

from dashboard import pictures, words
from dashboard.style import Palette
from engine.digits import Split
from engine.marks import Mark

ASSETS = Path(__file__).parent / "assets"

_component = st.components.v2.component(
    "digit_gallery",
    html='<div class="tiles" role="group"></div>',
    css=(ASSETS / "gallery.css").read_text(),
    js=(ASSETS / "gallery.js").read_text(),
)


def alt_text(row: pd.Series) -> str:
    """'test image 1,234: a 2 called 1, margin 0.0042' for a row of `engine.evaluation.outcomes`."""
    verdict = f"rightly called {row['predicted']}" if row["right"] else f"called {row['predicted']}"
    margin = words.small(row["margin"])
    return f"test image {row['index']:,}: a {row['true']} {verdict}, margin {margin}"


def gallery(
    rows: pd.DataFrame,
    images: Split,
    palette: Palette,
    key: str,
    label: str,
    on_open: Callable[[int], None],
    chosen: int | None = None,
    marks: Mapping[int, Mark] = MappingProxyType({}),
) -> None:
    """Draws ``rows`` of `engine.evaluation.outcomes` in their order and reports the opened one.

    ``on_open`` gets the index of the image that was clicked, before the page runs again. Marked
    images carry a flag with the name of their mark.
    """
    tiles = [
        {
            "index": int(row["index"]),
            "src": pictures.data_uri(images.images[row["index"]], palette),
            "alt": alt_text(row),
            "title": f"{row['true']} → {row['predicted']}",
            "note": f"{words.small(row['margin'])} · #{row['index']}",
            "flag": f"⚑ {marks[row['index']].mark}" if row["index"] in marks else "",
            "right": bool(row["right"]),
            "chosen": bool(row["index"] == chosen),
        }
        for _, row in rows.iterrows()
    ]

    def opened() -> None:
        index = st.session_state[key].get("opened")
        if index is not None:
            on_open(int(index))

    colours = {"right": palette.right, "wrong": palette.wrong}
    _component(key=key, data={"tiles": tiles, "label": label, **colours}, on_opened_change=opened)
