"""Marks an analyst puts on images: what was found, in a table that can leave and come back."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from engine.io.csv_export import safe_cells, without_guard
from engine.io.tables import read_csv
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_ANNOTATION_BYTES, MAX_ANNOTATIONS, MAX_NOTE_CHARACTERS

MARKS = ("mislabelled", "ambiguous", "model error", "interesting")
NOTE = "note"  # the mark of an image that has a note alone
COLUMNS = ("data", "index", "mark", "note")


@dataclass(frozen=True)
class Mark:
    """One of `MARKS`, or `NOTE`, and free text of at most `MAX_NOTE_CHARACTERS` characters."""

    mark: str
    note: str = ""


@dataclass(frozen=True)
class Loaded:
    """What a file of marks held: ``marks`` by index, and a line for each row that was not taken.

    ``moved`` counts the marks whose file has another index here than in the table: it was saved
    when the images were counted in another order. ``refused`` is the one sentence when the file as
    a whole could not be read; '' otherwise.
    """

    marks: dict[int, Mark] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    refused: str = ""
    moved: int = 0


def marks_table(marks: dict[int, Mark], outcomes: pd.DataFrame, data: str) -> pd.DataFrame:
    """One row a marked image, by index; ``data`` names the dataset the index belongs to.

    Of an image that ``outcomes`` leave out nothing else is told.
    """
    about = outcomes.set_index("index")[["file", "true", "predicted"]].astype(object)
    about = about.reindex(sorted(marks), fill_value="")
    rows = [
        {
            "data": data,
            "index": index,
            **about.loc[index],
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


def read_marks(content: bytes, data: str, files: Sequence[str]) -> Loaded:
    """The marks in a CSV for the dataset named ``data`` with the test images ``files``.

    Needs the columns `COLUMNS`. Where there is a "file", it names the image, for its index may be
    that of an older order; other columns are ignored. A row of another dataset, of an image that
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
    return _take_rows(table, data, list(map(str, files)))


def _take_rows(table: pd.DataFrame, data: str, files: list[str]) -> Loaded:
    marks: dict[int, Mark] = {}
    left_out, moved = [], 0
    places = {name: str(place) for place, name in enumerate(files)}
    named = table["file"].map(without_guard) if "file" in table else [""] * len(table)
    rows = table[list(COLUMNS)].itertuples(index=False)
    for line, (file, (its_data, index, mark, note)) in enumerate(
        zip(named, rows, strict=True), start=2
    ):
        here = places.get(file, index)
        unknown = f"file {file[:60]!r} is not known" if file and file not in places else ""
        wrong = _fault(its_data, here, mark, data, len(files), marks) or unknown
        if wrong:
            left_out.append(f"line {line}: {wrong}")
        else:
            marks[int(here)] = Mark(mark, without_guard(note)[:MAX_NOTE_CHARACTERS])
            moved += here != index
    return Loaded(marks, tuple(left_out), moved=moved)


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
    if mark not in (*MARKS, NOTE):
        return f"mark {mark[:20]!r} is none of {', '.join((*MARKS, NOTE))}"
    return ""
