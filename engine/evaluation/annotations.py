"""Marks an analyst puts on images: what was found, in a table that can leave and come back."""

from dataclasses import dataclass, field

import pandas as pd

from engine.io.csv_export import safe_cells, without_guard
from engine.io.tables import read_csv
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_ANNOTATION_BYTES, MAX_ANNOTATIONS, MAX_NOTE_CHARACTERS

MARKS = ("mislabelled", "ambiguous", "model error", "interesting")
COLUMNS = ("data", "index", "mark", "note")


@dataclass(frozen=True)
class Mark:
    """One of `MARKS`, and free text of at most `MAX_NOTE_CHARACTERS` characters."""

    mark: str
    note: str = ""


@dataclass(frozen=True)
class Loaded:
    """What a file of marks held: ``marks`` by index, and a line for each row that was not taken.

    ``refused`` is the one sentence when the file as a whole could not be read; '' otherwise.
    """

    marks: dict[int, Mark] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    refused: str = ""


def marks_table(marks: dict[int, Mark], outcomes: pd.DataFrame, data: str) -> pd.DataFrame:
    """One row a marked image, by index; ``data`` names the dataset the index belongs to."""
    rows = [
        {
            "data": data,
            "index": index,
            "file": outcomes["file"].iloc[index],
            "true": outcomes["true"].iloc[index],
            "predicted": outcomes["predicted"].iloc[index],
            "mark": mark.mark,
            "note": mark.note,
        }
        for index, mark in sorted(marks.items())
    ]
    return pd.DataFrame(
        rows, columns=["data", "index", "file", "true", "predicted", "mark", "note"]
    )


def marks_csv(marks: dict[int, Mark], outcomes: pd.DataFrame, data: str) -> bytes:
    """`marks_table` as CSV in UTF-8, notes guarded against spreadsheet formulas."""
    return safe_cells(marks_table(marks, outcomes, data)).to_csv(index=False).encode()


def read_marks(content: bytes, data: str, n_images: int) -> Loaded:
    """The marks in a CSV for the dataset named ``data`` of ``n_images`` test images.

    Needs the columns `COLUMNS`; others are ignored. A row of another dataset, with an index that
    is not there, twice, or with an unknown mark is left out and named with its line; nothing is
    guessed. Never raises for any content.
    """
    if len(content) > MAX_ANNOTATION_BYTES:
        found = f"The file has {len(content):,} bytes"
        return Loaded(refused=f"{found}; at most {MAX_ANNOTATION_BYTES:,} are taken.")
    try:
        table = pd.DataFrame(read_csv(content, MAX_ANNOTATIONS).columns)
    except Refused as refusal:
        return Loaded(refused=str(refusal))
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        return Loaded(refused=f"The columns {', '.join(missing)} are missing.")
    return _take_rows(table, data, n_images)


def _take_rows(table: pd.DataFrame, data: str, n_images: int) -> Loaded:
    marks: dict[int, Mark] = {}
    left_out = []
    for line, row in enumerate(table[list(COLUMNS)].itertuples(index=False), start=2):
        wrong = _fault(*row[:3], data, n_images, marks)
        if wrong:
            left_out.append(f"line {line}: {wrong}")
        else:
            note = without_guard(row[3])[:MAX_NOTE_CHARACTERS]
            marks[int(row[1])] = Mark(row[2], note)
    return Loaded(marks, tuple(left_out))


def _fault(
    its_data: str, index: str, mark: str, data: str, n_images: int, taken: dict[int, Mark]
) -> str:
    """Why a row cannot be taken; '' when it can."""
    if its_data != data:
        return f"belongs to {its_data[:40]!r}, not to {data!r}"
    if not (index.isascii() and index.isdigit()) or len(index) > 9 or int(index) >= n_images:
        return f"index {index[:20]!r} is not from 0 to {n_images - 1}"
    if int(index) in taken:
        return f"index {index} comes a second time"
    if mark not in MARKS:
        return f"mark {mark[:20]!r} is none of {', '.join(MARKS)}"
    return ""
