"""The chosen cell: what each click on the page makes of it, and where it leads."""

import pandas as pd
import streamlit as st

from dashboard.session import url_state
from dashboard.widgets import clicks, filters
from engine.evaluation.filters import ANY

SIDES = ("true", "predicted")
LISTS = ("pairs", "destinations")  # each holds its last click, and a click in it changes the choice


def take(name: str, pair: dict[str, object]) -> None:
    """A click on a cell, a label, a bar or a row becomes the choice of both classes."""
    clicks.take(name, **{side: str(pair.get(side, ANY)) for side in SIDES})


def take_cell() -> None:
    """A click on a cell or a label of the matrix; on the chosen one it lets the choice go."""
    cell = clicks.toggled("matrix", "cell")
    if cell:
        again = all(st.session_state[side] == str(cell[side]) for side in SIDES)
        take("matrix", {} if again else cell)


def take_bar() -> None:
    """A click on a bar of the destinations."""
    cell = clicks.picked("destinations", "cell")
    if cell:
        take("destinations", cell)


def take_pair(pairs: pd.DataFrame) -> None:
    """A click on a row of `most_confused`; on the same row again it lets the choice go."""
    row = clicks.picked_row("pairs")
    # Side by side: a row of the whole table would turn 1 to 1.0.
    take("pairs", {} if row is None else {side: pairs[side].iloc[row] for side in SIDES})


def take_nothing() -> None:
    url_state.reset(true=ANY, predicted=ANY)


def to_errors(image: int | None = None) -> None:
    """Opens the errors page on what is chosen here: the cell, or else all errors."""
    chosen = {side: st.session_state[side] for side in SIDES}
    answers = "wrong" if set(chosen.values()) == {ANY} and image is None else "all"
    rest = {
        "rank": ANY,
        filters.MARGIN: None,
        "page": 1,
        "sort": "most wrong",
        "image": None if image is None else float(image),
    }
    url_state.go("errors", **chosen, answers=answers, **rest)


def take_mark() -> None:
    """A click on one image's mark opens that image."""
    marks = st.session_state["strips"]["selection"].get("image")
    if marks:
        to_errors(int(marks[0]["index"]))
