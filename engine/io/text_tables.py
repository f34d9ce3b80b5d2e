"""Text tables of numbers in any usual dialect: which cells a line has, and what they are called."""

import csv
import io
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_IMAGE_SIDE, MAX_PIXEL_HEADER_BYTES, Limits

LABELS = ("label", "labels", "class", "target", "y", "digit")
SPLIT = "split"
COLUMNS = MAX_IMAGE_SIDE**2 + 2  # columns: the pixels, a label, a split and an index
NAMELESS = "column "  # begins the names of columns that came without
_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", re.ASCII)


@dataclass(frozen=True)
class Dialect:
    """``names`` of the columns; ``skip`` bytes come before the rows; ``named`` by the file."""

    names: list[str]
    separator: str
    skip: int
    named: bool


def dialect(content: bytes) -> Dialect:
    """How a text table is written, by its beginning: comma, semicolon, tab or spaces, or ARFF.

    Raises Refused for first lines that are too long or blank, or that only a parser can tell.
    """
    if re.match(rb"\s*(%[^\n]*\n\s*)*@relation", content[:MAX_PIXEL_HEADER_BYTES], re.IGNORECASE):
        return _arff(content)
    line = _line(content, 0)
    if not line.strip() or line.count(b'"') % 2:
        raise Refused("The first line is blank, or ends within a name; wanted names of columns.")
    separator = _separator(line)
    cells = _cells(line, separator)
    numbers = [bool(_NUMBER.fullmatch(cell)) for cell in cells]
    if _are_values(cells, numbers, content, len(line), separator):
        return Dialect([f"{NAMELESS}{n}" for n in range(1, len(cells) + 1)], separator, 0, False)
    return Dialect(cells, separator, len(line), True)


def _are_values(
    cells: list[str], numbers: list[bool], content: bytes, end: int, separator: str
) -> bool:
    """Whether the first line is a row: all numbers, or one word where the next line has one too."""
    if len(cells) < 4:
        return False
    if all(numbers):
        return [float(cell) for cell in cells] != list(map(float, range(len(cells))))
    odd = [place for place, number in enumerate(numbers) if not number]
    if len(odd) > 1 or odd[0] not in (0, len(cells) - 1) or not cells[odd[0]].strip():
        return False
    rest = [float(cell) for cell, number in zip(cells, numbers, strict=True) if number]
    if rest in (list(map(float, range(len(rest)))), list(map(float, range(1, len(rest) + 1)))):
        return False
    after = re.match(rb"\r?\n|\r", content[end:])
    below = _cells(_line(content, end + after.end()), separator) if after else []
    return len(below) == len(cells) and not _NUMBER.fullmatch(below[odd[0]])


def _line(content: bytes, start: int) -> bytes:
    line = re.split(rb"[\r\n]", content[start : start + MAX_PIXEL_HEADER_BYTES], maxsplit=1)[0]
    if len(line) >= MAX_PIXEL_HEADER_BYTES or max(map(line.count, (b",", b";", b"\t"))) >= COLUMNS:
        raise Refused(
            f"The first line is too long; wanted a label and up to {MAX_IMAGE_SIDE**2:,} pixels."
        )
    return line


def _separator(line: bytes) -> str:
    counts = {mark: line.count(mark.encode()) for mark in (",", ";", "\t")}
    best = max(counts, key=counts.get)
    if counts[best]:
        return best
    return r"\s+" if len(line.split()) > 2 else ","


def _cells(line: bytes, separator: str) -> list[str]:
    text = line.decode("utf-8-sig", "replace")
    if separator == r"\s+":
        return text.split()
    return next(csv.reader([text], delimiter=separator), [])


def _arff(content: bytes) -> Dialect:
    """The names in Weka's format: a line @attribute for each column, and the rows after @data."""
    data = re.search(rb"^\s*@data[^\r\n]*", content[: 4 * MAX_PIXEL_HEADER_BYTES], re.I | re.M)
    if data is None:
        raise Refused("The ARFF file has no @data near its beginning.")
    head = content[: data.start()].decode("utf-8", "replace")
    found = re.findall(r"^\s*@attribute\s+('[^'\n]*'|\"[^\"\n]*\"|\S+)", head, re.I | re.M)
    if not 2 <= len(found) <= COLUMNS:
        raise Refused(f"The ARFF file has {len(found):,} attributes; wanted 2 to {COLUMNS:,}.")
    return Dialect([name.strip("'\"") for name in found], ",", data.end(), True)


def read_text_table(content: bytes, limits: Limits) -> tuple[pd.DataFrame, bool]:
    """The table and whether the file names its columns; labels as text, as they are written.

    Raises Refused before it is parsed when it has too many cells, and when it is no table.
    """
    if len(content) > limits.packed:
        raise Refused(f"The file has {len(content):,} bytes; at most {limits.packed:,}.")
    content = content.rstrip(b"\r\n \t")
    form = dialect(content)
    columns = len(form.names)
    # A row ends as pandas ends it, and a short one is filled up to the length of the first.
    ends = content.count(b"\n") + content.count(b"\r") - content.count(b"\r\n")
    cells = (ends + 1) * columns
    if 8 * cells > limits.unpacked:
        raise Refused(f"The table has {cells:,} cells; at most {limits.unpacked // 8:,} are taken.")
    if len(set(form.names)) < columns:
        twice = next(name for name in form.names if form.names.count(name) > 1)
        raise Refused(f"The column {twice[:40]!r} is there {form.names.count(twice)} times.")
    body = re.sub(rb"^[ \t]*(\r?\n|\r)", b"", content[form.skip :], count=1)
    return _parsed(body, form, columns), form.named


def _parsed(body: bytes, form: Dialect, columns: int) -> pd.DataFrame:
    texts = {name: str for name in form.names if name.lower() in (*LABELS, SPLIT)}
    if not form.named:  # the first or the last may be the label, and is judged as it is written
        texts = {form.names[0]: str, form.names[-1]: str}
    if not body:
        return pd.DataFrame({name: np.zeros(0) for name in form.names})
    longer = f"A row has more cells than the first line, which has {columns:,}."
    first = re.split(rb"[\r\n]", body, maxsplit=1)[0]
    # pandas would make an index of so many cells, which takes seconds
    if b'"' not in first and first.count(form.separator.encode()) >= columns:
        raise Refused(longer)
    try:
        table = pd.read_csv(  # NA may be a class
            io.BytesIO(body),
            sep=form.separator,
            names=form.names,
            header=None,
            dtype=texts,
            na_filter=False,
            skip_blank_lines=False,
        )
    except (ValueError, OverflowError, pd.errors.ParserError) as error:
        raise Refused(f"The file is not a CSV table ({type(error).__name__}).") from None
    if not isinstance(table.index, pd.RangeIndex):  # pandas would take the first cells for names
        raise Refused(longer)
    return table
