"""The label review: suspects one by one, decided by keys, with what was decided in the browser."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from dashboard.charting.palette import Palette
from dashboard.widgets import image_grid
from dashboard.widgets.panel import visit
from engine.io.png import sheet as sheet_of

ASSETS = Path(__file__).parent / "frontend"
IN_A_ROW = 16  # of the sheet, not of the screen
GAP = 1  # pixels of paper around each image of the sheet

_component = st.components.v2.component(
    "label_review",
    html=(ASSETS / "label_review.html").read_text(),
    css=(ASSETS / "controls.css").read_text() + (ASSETS / "label_review.css").read_text(),
    js=(ASSETS / "label_review.js").read_text(),
)


@dataclass(frozen=True)
class Suspect:
    """What the browser tells of one image; ``near`` are the labels of its nearest images.

    ``at`` is its place on the sheet, with those of its nearest images right after it.
    """

    index: int
    file: str
    given: str
    proposed: str
    agreed: str  # who speaks for the proposed class alone, or ''
    said: tuple[str, ...]
    near: tuple[str, ...]
    at: int


def _layout(images: np.ndarray) -> dict[str, int]:
    """Where the browser finds each image on the sheet."""
    height, width = images.shape[1:]
    rows = -(-len(images) // IN_A_ROW)
    return {"rows": rows, "columns": IN_A_ROW, "width": width, "height": height, "gap": GAP}


def review(
    key: str,
    store: str,
    turn: int,
    held: list[list[object]],
    suspects: list[Suspect],
    images: np.ndarray,
    classes: list[str],
    side: str,
    palette: Palette,
    on_decided: Callable[[object], None],
) -> None:
    """Shows the suspects; ``on_decided`` gets all decisions as rows whenever one was made.

    ``images`` (n, h, w) are those of the sheet. ``held`` are the rows that the server knows; where
    ``turn`` has grown in this visit they win over the browser's own. ``store`` names the data in
    the browser's storage, which keeps every decision at once, for all of its tabs.
    """

    def decided() -> None:
        on_decided(st.session_state[key].get("decisions"))

    data = {
        "visit": visit(),
        "store": store,
        "turn": turn,
        "held": held,
        "suspects": [asdict(one) for one in suspects],
        "classes": classes,
        "side": side,
        "sheet": image_grid.data_uri(sheet_of(images, IN_A_ROW, GAP), palette),
        **_layout(images),
        "wrong": palette.wrong,
        "right": palette.right,
    }
    _component(key=key, data=data, on_decisions_change=decided)
