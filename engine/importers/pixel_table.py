"""A table with a column a pixel, from text or Parquet: which column is which."""

import io
import math
import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from engine.datasets.dataset import Skipped
from engine.importers.arrays import judge_pair
from engine.importers.build import TESTING
from engine.importers.readings import choose
from engine.io.parquet_tables import n_rows, read_columns, width_of
from engine.io.text_tables import LABELS, SPLIT, read_text_table
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_IMAGE_SIDE, Limits

ENDS = ("first", "last")  # where a column of labels without a name may stand
EVEN = 0.5  # of the rows may have the most frequent value of a column that looks like labels
ROW_NUMBERS = re.compile(r"|unnamed: 0|index|id|imageid|row", re.IGNORECASE)


class Unlabelled(Refused):
    """The file tells no label of its images."""


@dataclass
class Read:
    """What was read of one file: ``images`` (n, h, w) in their own range, ``labels`` (n,) or None
    where there are none, and ``testing`` (n,) where a column tells; ``done`` says what was done.
    """

    images: np.ndarray
    labels: np.ndarray | None
    testing: np.ndarray | None = None
    done: list[str] = field(default_factory=list)
    files: list[str] | None = None
    skipped: list[Skipped] = field(default_factory=list)


def read_pixel_table(content: bytes, limits: Limits) -> Read:
    """A text table or Parquet: a label, one column a pixel, row by row, and perhaps split.

    The pixels are as many as a square has. Columns with numbers in their names are put in the
    order of these; without names, the label is the first or the last column. Raises Refused.
    """
    if content.startswith(b"PAR1"):
        table, named = _parquet(content, limits), True
    else:
        table, named = read_text_table(content, limits)
    done: list[str] = []
    label = _label(table, named, done)
    pixels = pixel_columns(list(table), label, done)
    side = math.isqrt(len(pixels))
    images = _levels(table, pixels).reshape(-1, side, side)
    labels = None if label is None else table[label].to_numpy()
    if labels is not None:
        judge_pair(images, labels, "The pixels", str(label), limits)
    return Read(images, labels, _testing(table), done)


def pixel_columns(names: list[str], label: str | None, done: list[str]) -> list[str]:
    """The columns of the pixels, row by row, a square of them; ``done`` gets what was left out.

    Raises Refused for any other number of them, Unlabelled where there is no label either.
    """
    pixels = [column for column in names if column not in (label, SPLIT)]
    numbering = [name for name in pixels if ROW_NUMBERS.fullmatch(name)]
    if len(numbering) == 1 and math.isqrt(len(pixels) - 1) ** 2 == len(pixels) - 1:
        pixels.remove(numbering[0])
        done.append(f"The column {numbering[0]!r} is no pixel, and was left out.")
    side = math.isqrt(len(pixels))
    if side**2 != len(pixels) or side > MAX_IMAGE_SIDE or side < 2:
        found = f"{int(label is not None)} label columns and {len(pixels):,} others"
        raise (Unlabelled if label is None else Refused)(
            f"Found {found}; wanted 1, and a square of pixels, at most {MAX_IMAGE_SIDE} wide."
        )
    return _in_number_order(pixels, done)


def _label(table: pd.DataFrame, named: bool, done: list[str]) -> str | None:
    """The column of the labels, None where there is none."""
    if not named:
        return _nameless_label(table, done)
    found = [name for name in table if name.lower() in LABELS]
    if len(found) > 1:
        others = len(table.columns) - len(found)
        raise Refused(f"Found {len(found)} label columns and {others:,} others; wanted 1.")
    return found[0] if found else None


def _nameless_label(table: pd.DataFrame, done: list[str]) -> str | None:
    """The first or the last column, where pixels are left without it that make a square.

    It must look like labels: a few classes, none of which nearly all rows have. Of two, the one
    whose most frequent value is rarer.
    """
    n = len(table.columns) - 1
    if math.isqrt(n) ** 2 != n or not len(table):
        return None
    shares = {}
    for name in (table.columns[0], table.columns[-1]):
        values = table[name].str.strip().value_counts(normalize=True)
        whole = all(re.fullmatch(r"-?\d+(\.0*)?|[^\d.+-].*", value) for value in values.index)
        if whole and 2 <= len(values) <= 100:
            shares[name] = values.iloc[0]
    if not shares:
        return None
    best = min(shares, key=shares.get)
    ways = dict(zip((f"the {one} number of each line" for one in ENDS), shares, strict=False))
    if len(shares) == 2 and max(shares.values()) <= EVEN:
        default = next(way for way, name in ways.items() if name == best)
        best = choose("Which number is the label?", ways, default)
    where = ENDS[0] if best == table.columns[0] else ENDS[1]
    done.append(f"The table has no line of names; the {where} number of each line is its label.")
    return best


def _in_number_order(pixels: list[str], done: list[str]) -> list[str]:
    """The pixels' columns by the numbers in their names, where all are named alike but for them."""
    forms = {re.sub(r"\d+", "0", name) for name in pixels}
    if len(forms) != 1 or "0" not in forms.pop():
        return pixels
    order = sorted(pixels, key=lambda name: [int(n[:9]) for n in re.findall(r"\d+", name)])
    if order != pixels:
        done.append("The columns of the pixels were put in the order of their numbers.")
    return order


def _levels(table: pd.DataFrame, pixels: list[str]) -> np.ndarray:
    """The numbers of these columns, (n, pixels): uint8 where all of them are, else float32."""
    low, high, whole = 0.0, 0.0, True
    for column in pixels:  # one by one: together they take eight times as much
        values = table[column].to_numpy()
        if values.dtype.kind == "O":
            values = table[column] = _numbers(values, column)
        if values.dtype.kind not in "uif" or not np.isfinite(values).all():
            raise Refused(f"A pixel in {column[:40]!r} is no number from 0 to 255.")
        if len(values):
            low, high = min(low, values.min()), max(high, values.max())
        whole &= values.dtype.kind != "f" or bool((values == np.floor(values)).all())
    small = whole and low >= 0 and high <= 255
    levels = np.empty((len(table), len(pixels)), np.uint8 if small else np.float32)
    for place, column in enumerate(pixels):
        levels[:, place] = table[column].to_numpy()
    return levels


def _numbers(values: np.ndarray, column: str) -> np.ndarray:
    try:
        return values.astype(float)
    except (ValueError, TypeError):
        raise Refused(f"A pixel in {column[:40]!r} is no number from 0 to 255.") from None


def _testing(table: pd.DataFrame) -> np.ndarray | None:
    if SPLIT not in table:
        return None
    if not table[SPLIT].isin(TESTING).all():
        raise Refused("The column 'split' holds other words than training and testing.")
    return table[SPLIT].map(TESTING).to_numpy(dtype=bool)


def _parquet(content: bytes, limits: Limits) -> pd.DataFrame:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        about = parquet.read_metadata(io.BytesIO(content))
        if about.num_columns > MAX_IMAGE_SIDE**2 + 2:
            raise Refused(
                f"Found {about.num_columns:,} columns; at most {MAX_IMAGE_SIDE**2 + 2:,} are taken."
            )
        if len(set(about.schema.names)) < about.num_columns:
            raise Refused("Two columns of the table have the same name.")
        size = n_rows(about) * sum(width_of(c.type) for c in about.schema.to_arrow_schema())
        if size > limits.unpacked:
            raise Refused(f"Unpacked it has {size:,} bytes; at most {limits.unpacked:,} are taken.")
        # pandas' own notes may lie, so its row numbers are told by their name alone.
        wanted = [name for name in about.schema.names if not name.startswith("__index_level_")]
        return pd.DataFrame(read_columns(content, wanted, limits.images, limits.unpacked))
    except Refused:
        raise
    except (pa.ArrowException, OSError, ValueError, TypeError):
        raise Refused("The Parquet file is damaged or cut short.") from None
