"""Test images as one grid of buttons: see many at a glance, open one with a click or a key."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charting.palette import Palette
from dashboard.text.markdown import one
from dashboard.widgets import image_grid
from engine.datasets.dataset import Split
from engine.evaluation.annotations import Mark
from engine.evaluation.filters import TO_TRUE, in_words
from engine.io.numbers import small
from engine.io.png import sheet as sheet_of

ASSETS = Path(__file__).parent / "frontend"
COLUMNS = ["index", "true", "predicted", "right", "margin", "gap"]  # of a row, what a tile tells
IN_A_ROW = 16  # of the sheet, not of the screen
LONG = 12  # letters of both names: more are not on one line
TAGS = 2  # on a tile; of the others only the number
GAP = 1  # pixels of paper around each image of the sheet, so that no neighbour shines in

_component = st.components.v2.component(
    "digit_gallery",
    html='<div class="tiles" role="group"></div>',
    css=(ASSETS / "gallery.css").read_text(),
    js=(ASSETS / "gallery.js").read_text(),
)

TEST_SET = "in the test set"


def alt_text(row: Mapping, by: str = "margin", unit: str = "") -> str:
    """'test image 1,234: a 2 called 1, margin 0.0042' for a row of `metrics.outcomes`.

    ``by`` is the column that is told in place of the margin, of a model with that ``unit``.
    """
    verdict = f"rightly called {row['predicted']}" if row["right"] else f"called {row['predicted']}"
    what = {"gap": "true class behind by", TO_TRUE: in_words(TO_TRUE, unit)}.get(by, by)
    number = "" if pd.isna(row[by]) else f", {what} {small(row[by])}"
    return f"test image {row['index']:,}: {one(row['true'])} {verdict}{number}"


def gallery(
    rows: pd.DataFrame,
    images: Split,
    palette: Palette,
    key: str,
    label: str,
    on_open: Callable[[int], None],
    chosen: int | None = None,
    marks: Mapping[int, Mark] = MappingProxyType({}),
    by: str = "margin",
    unit: str = "",
    tags: Mapping[int, Sequence[str]] = MappingProxyType({}),
    shown: str = "",
    told: str = "",
    among: str = TEST_SET,
) -> None:
    """Draws ``rows`` of `metrics.outcomes` in their order and reports the opened one.

    ``on_open`` gets the index of the image clicked, before the page runs again. Marked images carry
    a flag with their mark. ``by``, a column of `BEHIND`, is the number under each, of distances
    in the ``unit`` of the model. ``tags`` say of an image, by its index, what would make it right:
    `TAGS` on the tile, all read out. ``shown`` is the key of the container with the opened image,
    which a narrow screen scrolls to. ``told`` stands for the line that says what is under an image;
    the index is a place ``among`` others.
    """
    records = rows[list(dict.fromkeys([*COLUMNS, by]))].to_dict("records")
    tiles = [_tile(row, by, unit, chosen, marks, tags) for row in records]
    pixels = images.images[rows["index"].to_numpy()]

    def opened() -> None:
        index = st.session_state[key].get("opened")
        if type(index) is int and any(tile["index"] == index for tile in tiles):
            on_open(index)  # anything may come from a browser

    colours = {"right": palette.right, "wrong": palette.wrong}
    long = any(len("".join(tile["names"])) > LONG for tile in tiles)
    data = {"tiles": tiles, "label": label, "long": long, "shown": shown}
    data |= colours | _sheet(pixels, palette)
    _component(key=key, data=data, on_opened_change=opened)
    st.caption(told or _under(rows[by], by, unit, among))


def _under(values: pd.Series, by: str, unit: str, among: str = TEST_SET) -> str:
    """What stands under each image, whose index is its place ``among`` others."""
    number = "" if values.isna().all() else f" {in_words(by, unit)};"
    return f"Under each image: true → predicted;{number} its index {among}."


def _tile(
    row: Mapping,
    by: str,
    unit: str,
    chosen: int | None,
    marks: Mapping[int, Mark],
    tags_of: Mapping[int, Sequence[str]],
) -> dict[str, object]:
    """What the browser needs to draw one image as a button."""
    mark, tags = marks.get(row["index"]), tags_of.get(row["index"], ())
    more = [f"+{len(tags) - TAGS}"] if len(tags) > TAGS else []
    return {
        "index": int(row["index"]),
        "alt": alt_text(row, by, unit) + (f"; would be right: {', '.join(tags)}" if tags else ""),
        "tags": [*tags[:TAGS], *more],
        "names": [str(row["true"]), str(row["predicted"])],
        "note": f"#{row['index']}" if pd.isna(row[by]) else f"{small(row[by])} · #{row['index']}",
        "flag": f"⚑ {mark.mark}" if mark else "",
        "right": bool(row["right"]),
        "chosen": row["index"] == chosen,
    }


def _sheet(images: np.ndarray, palette: Palette) -> dict[str, object]:
    """All images as one picture, of which each tile shows its part: one for the browser to read."""
    height, width = images.shape[1:]
    sheet = image_grid.data_uri(sheet_of(images, IN_A_ROW, GAP), palette)
    return {"sheet": sheet, "width": width, "height": height, "columns": IN_A_ROW, "gap": GAP}
