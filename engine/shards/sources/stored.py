"""Arrays on disk, of numpy's or IDX, some rows at a time: whatever the array, a block of memory."""

import gzip
import math
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np

from engine.importers.idx import IDX_HEADER, idx_header
from engine.runtime.errors import Refused

GZIP, NPY, ZIP = b"\x1f\x8b", np.lib.format.MAGIC_PREFIX, b"PK"
DAMAGED = (EOFError, OSError, zlib.error, zipfile.BadZipFile, ValueError, TypeError, SyntaxError)
_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


@dataclass(frozen=True)
class Stored:
    """An array of ``shape`` and ``dtype``, whose numbers begin at byte ``start`` of ``open()``."""

    name: str
    open: Callable[[], BinaryIO]
    start: int
    shape: tuple[int, ...]
    dtype: np.dtype

    def __len__(self) -> int:
        return self.shape[0] if self.shape else 0

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return math.prod(self.shape[1:]) * self.dtype.itemsize

    @property
    def like(self) -> np.ndarray:
        """An array of the same shape and kind that takes no memory."""
        return np.broadcast_to(np.zeros((), self.dtype), self.shape)

    def rows(self, first: int, last: int, at_a_time: int) -> Iterator[np.ndarray]:
        """The rows from ``first`` up to ``last``. Raises Refused where the file ends before."""
        with self.open() as file:
            _guarded(file.seek, self.start + first * self.row_bytes)
            for at in range(first, last, at_a_time):
                count = min(at_a_time, last - at)
                content = _guarded(file.read, count * self.row_bytes)
                if len(content) < count * self.row_bytes:
                    found = f"ends at row {at + len(content) // max(self.row_bytes, 1):,}"
                    raise Refused(f"{self.name[:60]!r} {found}; its header says {len(self):,}.")
                yield np.frombuffer(content, self.dtype).reshape(count, *self.shape[1:])


def opened(path: Path) -> BinaryIO:
    """The file, unpacked as it is read where it is gzipped."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    return gzip.open(path) if packed else path.open("rb")


def stored_file(path: Path) -> Stored:
    """The array of a .npy or IDX file, plain or gzipped, judged by its header. Raises Refused."""
    found = _stored(path.name, partial(opened, path))
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    wanted = found.start + len(found) * found.row_bytes
    if not packed and path.stat().st_size != wanted:
        size = f"{path.stat().st_size:,} bytes"
        raise Refused(f"{path.name[:60]!r} has {size}; its header says {wanted:,}.")
    return found


def stored_in_zip(path: Path) -> dict[str, Stored]:
    """The arrays of an NPZ file by name. Raises Refused."""
    archive = _guarded(zipfile.ZipFile, path)
    with archive:
        names = archive.namelist()
    if not names or not all(name.endswith(".npy") for name in names):
        raise Refused("This is a zip archive, but not one of numpy's arrays (NPZ).")
    return {name[:-4]: _stored(name, partial(_entry, path, name)) for name in names}


def _entry(path: Path, name: str) -> BinaryIO:
    return zipfile.ZipFile(path).open(name)


def _stored(name: str, open_file: Callable[[], BinaryIO]) -> Stored:
    with _guarded(open_file) as file:
        begin = _guarded(file.read, IDX_HEADER)
        if not begin.startswith(NPY):
            start, shape, dtype = idx_header(begin)
            return Stored(name, open_file, start, shape, dtype)
        _guarded(file.seek, 0)
        shape, by_column, dtype = _guarded(_npy_header, file)
        if by_column or dtype.hasobject or dtype.kind not in "buifUS" or not dtype.itemsize:
            found = f"{str(dtype)[:40]}{' by column' * by_column}"
            raise Refused(f"{name[:60]!r} holds {found}; wanted numbers or text, row by row.")
        return Stored(name, open_file, file.tell(), shape, dtype)


def _npy_header(file: BinaryIO) -> tuple:
    version = np.lib.format.read_magic(file)
    if version not in _HEADERS:
        raise ValueError(f"unknown version {version}")
    return _HEADERS[version](file)


def _guarded(read: Callable, *given):
    """What ``read`` gives; Refused for whatever a damaged file makes it raise."""
    try:
        return read(*given)
    except Refused:
        raise
    except FileNotFoundError:
        raise
    except DAMAGED:
        raise Refused("The file is damaged or cut short.") from None
