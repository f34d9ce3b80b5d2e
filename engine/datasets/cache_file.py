"""One checked file that holds a dataset, so that later starts need no decoding.

The first page (4096 bytes) is a line: format, version, where the description begins and its sha256.
Then come the six arrays as they lie in memory, the images first; then the CRC-32 of every page of
them; and then the description, JSON that names the dataset and each array's type, shape and place.
Opening it checks every page again, which is faster than a plain read, and touches every image.

Six mapped .npy files and a JSON manifest with a CRC-32 of each were tried instead. MNIST opens as
fast (the median of five starts is 190 ms against 191 on two busy cores) and takes as much memory
(88 MB against 89); but seven files cannot take the place of others at once, as one does.
"""

import hashlib
import json
import math
import os
import tempfile
import weakref
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import BinaryIO

import numpy as np

from engine.datasets.dataset import Dataset, Reason, Skipped, Split

FORMAT = b"digitscope-store"
VERSION = b"5"  # 3: MNIST by the published numbers, not by digit; 5: why a file was skipped
PAGE = 4096  # bytes; where the training images begin, the testing images right behind them
PLAIN = "uifUS"  # kinds of numpy types that are stored: numbers and text, never objects
SUFFIX = ".part"


_opened: "weakref.WeakKeyDictionary[Dataset, tuple[Path, os.stat_result]]"
_opened = weakref.WeakKeyDictionary()


class BadStore(ValueError):
    """The file is not a whole store of this version."""


def write_store(path: Path, dataset: Dataset) -> None:
    """Writes ``dataset`` to ``path`` whole or not at all: a temporary neighbour, then a rename.

    Raises OSError when the folder cannot be written or the disk is full; nothing is left behind.
    Raises ValueError for arrays of Python objects.
    """
    with replacing(path) as file:
        file.seek(PAGE)
        for split in (dataset.training, dataset.testing):
            file.write(np.ascontiguousarray(split.images))
        finish(file, dataset)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of ``path`` at the end, or vanishes if anything fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=SUFFIX)
    os.close(handle)
    try:
        with open(name, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remove_remains(path: Path) -> None:
    """Removes what writers of ``path`` that were killed have left; call it while none can write."""
    for remains in path.parent.glob(f".{path.name}.*{SUFFIX}"):
        remains.unlink(missing_ok=True)


def finish(file: BinaryIO, dataset: Dataset) -> None:
    """Completes a file that already holds the images of ``dataset`` from its second page on."""
    arrays = _in_order(dataset)
    kinds = [(array.dtype.str, array.shape) for array in arrays]
    *places, end = _places(kinds)
    for array, at in zip(arrays[2:], places[2:], strict=True):
        file.seek(at)
        file.write(np.ascontiguousarray(array))
    start = end + -end % PAGE
    file.truncate(start)
    file.flush()
    sums = _page_sums(_mapped(file))
    skipped = list(map(astuple, dataset.skipped))
    about = {"name": dataset.name, "skipped": skipped, "key": dataset.key, "arrays": kinds}
    description = sums.tobytes() + json.dumps(about).encode()
    file.seek(start)
    file.write(description)
    file.seek(0)
    file.write(_first_line(start, description))


def read_store(path: Path) -> Dataset:
    """The dataset in ``path``, its arrays mapped from the file and never copied.

    Raises FileNotFoundError when there is none, and BadStore when the file is damaged, cut short,
    or of another version. Nothing in it is ever unpickled.
    """
    with path.open("rb") as file:
        opened = os.fstat(file.fileno())
        if not opened.st_size:
            raise BadStore("is empty")
        whole = _mapped(file)
    start, description = _checked_end(whole)
    pages = (start - PAGE) // PAGE
    wanted = np.frombuffer(description, np.uint32, pages)
    bad = np.flatnonzero(_page_sums(whole[:start]) != wanted)
    if len(bad):
        raise BadStore(f"{len(bad):,} of {pages:,} pages are damaged, the first is {bad[0]}")
    try:
        dataset = _digits(whole[:start], json.loads(description[wanted.nbytes :]))
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise BadStore(f"its description cannot be read ({error})") from error
    _opened[dataset] = path, opened
    return dataset


def is_unchanged(dataset: Dataset) -> bool:
    """Whether nobody has written into the file that the arrays of ``dataset`` are mapped from.

    We never do: a new store takes the place of an old one, whose arrays stay as they are. True of
    a dataset from elsewhere. Reading beyond the end of a file that was cut kills the process.
    """
    path, then = _opened.get(dataset, (None, None))
    try:
        now = path and path.stat()
    except OSError:
        return True
    if not now or (now.st_dev, now.st_ino) != (then.st_dev, then.st_ino):
        return True
    return (now.st_size, now.st_mtime_ns) == (then.st_size, then.st_mtime_ns)


def _mapped(file: BinaryIO) -> np.ndarray:
    """All bytes of the file, read-only and shared with whoever else maps it."""
    return np.asarray(np.memmap(file.name, np.uint8, "r"))


def _page_sums(whole: np.ndarray) -> np.ndarray:
    """The CRC-32 of each page, the first left out; it sees the order of the bytes, too."""
    pages = whole[PAGE:].reshape(-1, PAGE)
    return np.fromiter(map(zlib.crc32, pages), np.uint32, len(pages))


def _in_order(dataset: Dataset) -> list[np.ndarray]:
    """The six arrays in the order of the file."""
    one, two = dataset.training, dataset.testing
    return [one.images, two.images, one.labels, one.files, two.labels, two.files]


def _digits(whole: np.ndarray, about: dict) -> Dataset:
    """The dataset described, its arrays left where they are."""
    kinds = about["arrays"]
    arrays = [_array(whole, *kind, at) for kind, at in zip(kinds, _places(kinds), strict=False)]
    one, two, *rest = arrays
    splits = Split(one, *rest[:2]), Split(two, *rest[2:])
    dataset = Dataset(about["name"], *splits, skipped=tuple(map(_skipped, about["skipped"])))
    dataset.remember_key(about["key"])
    return dataset


def _skipped(parts: list[str]) -> Skipped:
    file, reason, detail = parts
    return Skipped(file, Reason(reason), detail)


def _places(kinds: list[tuple[str, tuple[int, ...]]]) -> Iterator[int]:
    """The first byte of each array of that type and shape, and then the end of the last."""
    at = PAGE
    for name, shape in kinds:
        dtype = _plain(name)
        at += -at % dtype.alignment
        yield at
        at += math.prod(shape) * dtype.itemsize
    yield at


def _plain(name: str) -> np.dtype:
    dtype = np.dtype(name)
    if dtype.kind not in PLAIN:
        raise ValueError(f"only numbers and text are stored, got an array of {dtype}")
    return dtype


def _array(whole: np.ndarray, name: str, shape: tuple[int, ...], at: int) -> np.ndarray:
    dtype = _plain(name)
    return whole[at : at + math.prod(shape) * dtype.itemsize].view(dtype).reshape(shape)


def _first_line(start: int, end: bytes) -> bytes:
    digest = hashlib.sha256(end).hexdigest().encode()
    return b" ".join([FORMAT, VERSION, b"%d" % start, digest]) + b"\n"


def _checked_end(whole: np.ndarray) -> tuple[int, bytes]:
    """Where the arrays end, and all that follows, once version, place and sha256 are right."""
    first_page = whole[:PAGE].tobytes()
    words = first_page.split(b"\n")[0].split()
    if words[:2] != [FORMAT, VERSION] or len(words) != 4 or not words[2].isdigit():
        raise BadStore(f"starts with {first_page[:40]!r}, not with {FORMAT + b' ' + VERSION!r}")
    start = int(words[2][:18])
    end = whole[start:].tobytes()
    if start % PAGE or start < PAGE or _first_line(start, end) != first_page.rstrip(b"\0"):
        raise BadStore("its description is damaged or cut short")
    return start, end
