"""Columns beside the predictions of a table: attributes of the images, as the writer of each."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.io.csv_export import without_guard
from engine.io.tables import Table
from engine.runtime.errors import Refused
from engine.runtime.limits import (
    MAX_ATTRIBUTE_VALUES,
    MAX_BROUGHT_ATTRIBUTES,
    MAX_CLASS_NAME_CHARACTERS,
)
from engine.shapes.attributes import COLUMNS

OURS = frozenset({*COLUMNS, "right", "margin", "rank"})
TYPOS = ("score", "predict")  # so begin columns that were meant as answers, and are refused


def may_be_attribute(name: str) -> bool:
    """Whether a column that is no part of the predictions can be an attribute, by its name."""
    short = 0 < len(name) <= MAX_CLASS_NAME_CHARACTERS and name.isprintable()
    return short and name == name.strip() and not name.lower().startswith(TYPOS)


def attributes(
    table: Table, names: Sequence[str], order: np.ndarray, index: np.ndarray, done: list[str]
) -> pd.DataFrame | None:
    """The columns of these names at the rows ``order``: numbers, or texts of few values.

    Rows are called by ``index``, as long as ``order``; ``done`` gets a sentence that names the
    columns. Empty cells are missing; a name that is one of ours is said to be of the table. None
    for no names. Raises Refused for too many columns, and for one that is neither a number nor of
    few values.
    """
    if not names:
        return None
    if len(names) > MAX_BROUGHT_ATTRIBUTES:
        found = f"There are {len(names)} columns beside the predictions"
        raise Refused(f"{found}; at most {MAX_BROUGHT_ATTRIBUTES} are taken as attributes.")
    called = {name: f"{name} of the table" if name in OURS else name for name in names}
    read = pd.DataFrame({called[name]: column(name, table.columns[name]) for name in names})
    done.append(f"Attributes of the images are its columns {', '.join(map(repr, read))}.")
    return read.iloc[order].set_axis(index)


def column(name: str, cells: np.ndarray) -> pd.Series:
    """The attribute of that name in cells (n,): floats, or texts of few values; empty is missing.

    Raises Refused for many different texts, and for long ones.
    """
    texts = pd.Series([_text(cell) for cell in cells], dtype=object)
    there = texts.notna()
    numbers = pd.to_numeric(texts, errors="coerce").astype(float)
    if there.any() and np.isfinite(numbers[there]).all():
        return numbers
    values = texts[there].unique()
    long = [value for value in values if len(value) > MAX_CLASS_NAME_CHARACTERS]
    if len(values) > MAX_ATTRIBUTE_VALUES or long or not all(map(str.isprintable, values)):
        raise Refused(
            f"The column {name!r} beside the predictions holds {len(values):,} different texts; an "
            f"attribute is a number or has at most {MAX_ATTRIBUTE_VALUES} short values."
        )
    return texts


def _text(cell: object) -> str | None:
    """A cell as text; None for an empty one."""
    text = cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
    text = without_guard(text.strip())
    return None if text.lower() in ("", "nan", "none", "<na>") else text
