"""Reads a table from CSV, Parquet or NPZ bytes, each refused by its header before it is read."""

import codecs
import csv
import io
from dataclasses import dataclass

import numpy as np

from engine.io.parquet_tables import is_number, is_text, n_rows, read_columns
from engine.io.zip_files import entry_in_pieces, open_archive
from engine.runtime.errors import Refused
from engine.runtime.limits import (
    MAX_HEADER_BYTES,
    MAX_NPZ_ARRAYS,
    MAX_PREDICTION_COLUMNS,
    MAX_UNPACKED_BYTES,
    MAX_UPLOAD_BYTES,
)

HEADER_BYTES = 70_000  # of an .npy file: numpy reads none that is longer


@dataclass(frozen=True)
class Table:
    """``columns`` by name, equally long; row i is called ``f"{unit} {i + first}"`` on screen."""

    columns: dict[str, np.ndarray]
    unit: str
    first: int

    def __len__(self) -> int:
        return max((len(column) for column in self.columns.values()), default=0)

    def where(self, row: int) -> str:
        return f"{self.unit} {row + self.first:,}"


def read_table(content: bytes, most_rows: int) -> Table:
    """The table in the bytes of a CSV, Parquet or NPZ file, told apart by how they begin.

    A CSV's columns are text. Raises Refused, with one sentence, for anything that cannot be read
    whole, has too many columns or more than ``most_rows`` rows.
    """
    if len(content) > MAX_UPLOAD_BYTES:
        raise Refused(
            f"The file has {len(content):,} bytes; at most {MAX_UPLOAD_BYTES:,} are taken."
        )
    if not content.strip():
        raise Refused("The file is empty; a table in CSV, Parquet or NPZ format is wanted.")
    if content.startswith(b"PAR1"):
        return _parquet(content, most_rows)
    if content.startswith(b"PK"):
        return Table(_same_length(read_npz(content)), "row", 0)
    return read_csv(content, most_rows)


def read_csv(content: bytes, most_rows: int) -> Table:
    """A CSV's columns as text: as many cells in every row as in the first, one row a line.

    Raises Refused, with one sentence, for anything else.
    """
    _judge_start(content)
    # Decoded piece by piece: as one text, a single emoji would make it four times as large.
    lines = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline="")
    rows = csv.reader(lines, strict=True)
    more = f"The file has more than {most_rows:,} rows, one an image."
    try:
        names = next(rows, [])
        _judge_names(names)
        cells: list[list[str]] = []
        for row in rows:
            if len(row) not in (0, len(names)):
                found = f"{len(row)} cells, where the first line has {len(names)}"
                raise Refused(f"Line {rows.line_num:,} has {found}.")
            if rows.line_num - 2 != len(cells):
                raise Refused(f"A cell before line {rows.line_num:,} runs over several lines.")
            cells.append(row)
            if len(cells) > most_rows + 1:  # one blank line may end a file
                raise Refused(more)
    except csv.Error as error:
        raise Refused(f"Line {rows.line_num:,} is not CSV ({error}).") from None
    except UnicodeDecodeError:
        raise Refused(f"Byte {_not_utf8(content):,} is not UTF-8 text, which is wanted.") from None
    while cells and not cells[-1]:  # blank lines at the end
        cells.pop()
    if len(cells) > most_rows:
        raise Refused(more)
    blank = next((place for place, row in enumerate(cells) if not row), None)
    if blank is not None:
        raise Refused(f"Line {blank + 2:,} is empty.")
    columns = zip(*cells, strict=True) if cells else [()] * len(names)
    pairs = zip(names, columns, strict=True)
    return Table({n: np.array(c, dtype=object) for n, c in pairs}, "line", 2)


def _judge_start(content: bytes) -> None:
    """Refuses other encodings and formats, and a first line that is too long to be looked at."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Refused("The file is in UTF-16; UTF-8 is wanted.")
    if content.startswith(b"\x1f\x8b"):
        raise Refused("The file is gzipped; a plain CSV, Parquet or NPZ file is wanted.")
    header = content[: MAX_HEADER_BYTES + 1].split(b"\n", 1)[0]
    if b"\0" in content:
        raise Refused("The file is binary, and neither Parquet nor NPZ.")
    if len(header) > MAX_HEADER_BYTES:
        raise Refused(f"The first line has more than {MAX_HEADER_BYTES:,} bytes.")
    if b"," not in header and b";" in header:
        raise Refused("The cells are separated by semicolons; commas are wanted.")


def _not_utf8(content: bytes) -> int:
    """The place of the first byte that is no UTF-8."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return error.start
    return len(content)


def _judge_names(names: list[str]) -> None:
    if not names:
        raise Refused("The file has no columns; a first line that names them is wanted.")
    if len(names) > MAX_PREDICTION_COLUMNS:
        raise Refused(
            f"The file has {len(names):,} columns; at most {MAX_PREDICTION_COLUMNS} are taken."
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Refused(f"The column {twice[0][:40]!r} is there {names.count(twice[0])} times.")


def _parquet(content: bytes, most_rows: int) -> Table:
    """Numbers and text only; text is read as a dictionary, so that it cannot swell."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        about, schema = file.metadata, file.schema_arrow
        _judge_names(schema.names)
        sizes = [about.row_group(place).total_byte_size for place in range(about.num_row_groups)]
        if n_rows(about) <= most_rows and sum(sizes) > MAX_UNPACKED_BYTES:
            raise Refused(f"Unpacked it has {sum(sizes):,} bytes; at most {MAX_UNPACKED_BYTES:,}.")
        others = [f.name for f in schema if not (is_text(f.type) or is_number(f.type))]
        if others:
            raise Refused(f"The column {others[0][:40]!r} holds neither numbers nor text.")
        columns = read_columns(content, schema.names, most_rows, MAX_UNPACKED_BYTES)
        return Table(columns, "row", 0)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused("The Parquet file is damaged or cut short.") from None


def read_npz(content: bytes, most: int = MAX_UNPACKED_BYTES) -> dict[str, np.ndarray]:
    """The arrays of an NPZ file; nothing is unpickled, and headers that lie are refused.

    Raises Refused with one sentence.
    """
    with open_archive(content, MAX_NPZ_ARRAYS) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_NPZ_ARRAYS:
            raise Refused(f"The file holds {len(entries):,} arrays; at most {MAX_NPZ_ARRAYS}.")
        total = sum(entry.file_size for entry in entries)
        if total > most:
            raise Refused(f"Unpacked it has {total:,} bytes; at most {most:,}.")
        if not all(entry.filename.endswith(".npy") for entry in entries):
            raise Refused("This is a zip archive, but not one of numpy's arrays (NPZ).")
        return {
            e.filename[:-4]: read_array(entry_in_pieces(archive, e), e.filename) for e in entries
        }


def read_array(content: bytes | bytearray, name: str) -> np.ndarray:
    """The array of one .npy file; its header must say exactly what follows, else it is Refused."""
    file = io.BytesIO(content[:HEADER_BYTES])
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    try:
        shape, fortran, dtype = readers[np.lib.format.read_magic(file)](file)
    except (ValueError, KeyError, TypeError, SyntaxError, EOFError, MemoryError, RecursionError):
        raise Refused(f"{name[:40]!r} has no header of numpy's.") from None
    if dtype.hasobject or dtype.kind not in "buifUS" or not dtype.itemsize:
        raise Refused(f"{name[:40]!r} holds {str(dtype)[:40]}; numbers or text are wanted.")
    wanted, found = int(np.prod(shape, dtype=object)) * dtype.itemsize, len(content) - file.tell()
    if wanted != found or min(shape, default=0) < 0:
        raise Refused(f"{name[:40]!r} says it has {wanted:,} bytes and has {found:,}.")
    try:
        array = np.frombuffer(content, dtype, offset=file.tell()) if found else np.empty(0, dtype)
        return array.reshape(shape, order="F" if fortran else "C")
    except (ValueError, OverflowError):  # no numpy can hold such a shape
        raise Refused(f"{name[:40]!r} has an impossible shape, {str(shape)[:60]}.") from None


def _same_length(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    lengths = {name: len(array) if array.ndim else 0 for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name[:40]} {length:,}" for name, length in lengths.items())
        raise Refused(f"The arrays must be equally long; found {found}.")
    return arrays
