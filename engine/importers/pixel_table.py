"""A CSV or Parquet table with a column a pixel."""

import csv
import io
import math
import re

import numpy as np
import pandas as pd

from engine.datasets.dataset import Dataset
from engine.importers.arrays import joined, judge_pair
from engine.importers.build import TESTING
from engine.io.tables import is_number, unpacked
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_IMAGE_SIDE, MAX_PIXEL_HEADER_BYTES, Limits

LABELS = ("label", "class")  # its other columns are pixels, and perhaps the split
SPLIT = "split"


def read_pixel_table(content: bytes, name: str, limits: Limits) -> Dataset:
    """A CSV or Parquet table: label, one column a pixel, row by row, and perhaps split.

    Pixels are whole numbers from 0 to 255 and as many as a square has. Raises Refused.
    """
    table = _parquet(content, limits) if content.startswith(b"PAR1") else _csv(content, limits)
    labels = [column for column in table if str(column).lower() in LABELS]
    pixels = [column for column in table if column not in (*labels, SPLIT)]
    side = math.isqrt(len(pixels))
    if len(labels) != 1 or side**2 != len(pixels) or side > MAX_IMAGE_SIDE or side < 2:
        found = f"{len(labels)} label columns and {len(pixels):,} others"
        raise Refused(
            f"Found {found}; wanted 1, and a square of pixels, at most {MAX_IMAGE_SIDE} wide."
        )
    images = np.empty((len(table), len(pixels)), np.uint8)
    for place, column in enumerate(pixels):  # one by one: together they take eight times as much
        images[:, place] = _grey_levels(table[column].to_numpy(), str(column))
    testing = None
    if SPLIT in table:
        if not table[SPLIT].isin(TESTING).all():
            raise Refused("The column 'split' holds other words than training and testing.")
        testing = [table[SPLIT].map(TESTING).to_numpy(dtype=bool)]
    images = images.reshape(-1, side, side)
    label = table[labels[0]].to_numpy()
    judge_pair(images, label, "The pixels", labels[0], limits)
    return joined(name, [images], [label], testing)


def _grey_levels(values: np.ndarray, column: str) -> np.ndarray:
    if values.dtype.kind not in "uif" or not ((values >= 0) & (values <= 255)).all():
        raise Refused(f"A pixel in {column[:40]!r} is no number from 0 to 255.")
    if values.dtype.kind == "f" and not (values == np.floor(values)).all():
        raise Refused(f"A pixel in {column[:40]!r} is a fraction; wanted a whole number.")
    return values


def _csv(content: bytes, limits: Limits) -> pd.DataFrame:
    if len(content) > limits.packed:
        raise Refused(f"The file has {len(content):,} bytes; at most {limits.packed:,}.")
    content = content.rstrip(b"\r\n")
    names = _first_line(content)
    # A row ends as pandas ends it, and a short one is filled up to the length of the first.
    ends = content.count(b"\n") + content.count(b"\r") - content.count(b"\r\n")
    columns = len(names)
    cells = (ends + 1) * columns
    if 8 * cells > limits.unpacked:
        raise Refused(f"The table has {cells:,} cells; at most {limits.unpacked // 8:,} are taken.")
    try:
        texts = {name: str for name in names if name.lower() in (*LABELS, SPLIT)}
        table = pd.read_csv(  # NA may be a class
            io.BytesIO(content), dtype=texts, na_filter=False, skip_blank_lines=False
        )
    except (ValueError, OverflowError, pd.errors.ParserError) as error:
        raise Refused(f"The file is not a CSV table ({type(error).__name__}).") from None
    if not isinstance(table.index, pd.RangeIndex):  # pandas would take the first cells for names
        raise Refused(f"A row has more cells than the first line, which has {columns:,}.")
    return table


def _first_line(content: bytes) -> list[str]:
    """The names of the columns. Refused are too many, and those that only a parser can tell."""
    line = re.split(rb"[\r\n]", content[:MAX_PIXEL_HEADER_BYTES], maxsplit=1)[0]
    most = MAX_IMAGE_SIDE**2 + 2
    if len(line) >= MAX_PIXEL_HEADER_BYTES or line.count(b",") >= most:
        raise Refused(f"The first line is too long; wanted a label and up to {most - 2:,} pixels.")
    if not line.strip() or line.count(b'"') % 2:
        raise Refused("The first line is blank, or ends within a name; wanted names of columns.")
    return next(csv.reader([line.decode("utf-8-sig", "replace")]))


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
        widths = [_width(column.type) for column in about.schema.to_arrow_schema()]
        if about.num_rows * sum(widths) > limits.unpacked:
            found = f"Unpacked it has {about.num_rows * sum(widths):,} bytes"
            raise Refused(f"{found}; at most {limits.unpacked:,} are taken.")
        # pandas' own notes may lie, so its row numbers are told by their name alone.
        wanted = [name for name in about.schema.names if not name.startswith("__index_level_")]
        schema = about.schema.to_arrow_schema()
        texts = [name for name in wanted if not is_number(schema.field(name).type)]
        table = parquet.read_table(io.BytesIO(content), columns=wanted, read_dictionary=texts)
        return pd.DataFrame({name: unpacked(table[name], name in texts) for name in wanted})
    except Refused:
        raise
    except (pa.ArrowException, OSError, ValueError, TypeError):
        raise Refused("The Parquet file is damaged or cut short.") from None


def _width(kind) -> int:
    """Bytes of one cell in memory; of text, what a short one takes. Raises Refused for others."""
    import pyarrow as pa

    if is_number(kind):
        return kind.bit_width // 8
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return 64
    raise Refused(
        f"A column holds {str(kind)[:40]}; wanted numbers, and a label of numbers or text."
    )
