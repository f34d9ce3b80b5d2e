"""The four IDX files of a set, as the MNIST family is published."""

import math
import re
import zlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import NamedTuple

import numpy as np

from engine.datasets.dataset import Dataset
from engine.importers.arrays import joined, judge_pair
from engine.importers.files import Source
from engine.runtime.errors import Refused
from engine.runtime.limits import Limits


class IdxPart(NamedTuple):
    """One of a set's four files: ``side`` is "train" or "test", ``kind`` "images" or "labels"."""

    side: str
    kind: str


IDX_PARTS = {
    IdxPart("train", "images"): "train-images-idx3-ubyte",
    IdxPart("train", "labels"): "train-labels-idx1-ubyte",
    IdxPart("test", "images"): "t10k-images-idx3-ubyte",
    IdxPart("test", "labels"): "t10k-labels-idx1-ubyte",
}
KINDS = {b"\0\0\x08": np.dtype(np.uint8), b"\0\0\x0c": np.dtype(">i4")}
IDX_HEADER = 16  # bytes, of three dimensions


def idx_part(name: str) -> IdxPart | None:
    """Which of an IDX set's four files one is by its name, or None.

    They are called as the MNIST family's are, as train-images-idx3-ubyte, perhaps with .gz.
    """
    found = re.search(r"(train|t10k|test)[^/]*idx([123]).(?:ubyte|int)[^/]*$", name)
    if found is None:
        return None
    side = "train" if found[1] == "train" else "test"
    return IdxPart(side, "images" if found[2] == "3" else "labels")


def missing_idx(names: Iterable[str]) -> list[str]:
    """What the absent ones of the four files are called."""
    found = {idx_part(name) for name in names}
    return [called for part, called in IDX_PARTS.items() if part not in found]


def read_idx_set(source: Source, name: str, limits: Limits) -> Dataset:
    """The four IDX files of a set: images-idx3 and labels-idx1 of train and t10k, or Refused."""
    files: dict[IdxPart, str] = {}
    done = []
    for path in sorted(source.files):  # so that a packed one comes after its unpacked twin
        part = idx_part(path)
        if part and files.setdefault(part, path) != path:
            if path != f"{files[part]}.gz":
                raise Refused(f"{files[part][:60]} and {path[:60]} are both {' '.join(part)}.")
            done.append(f"{path[-80:]} is there unpacked as well, and only that was read.")
    if wanted := missing_idx(source.files):
        found = ", ".join(sorted(files.values())) or "none"
        raise Refused(f"Wanted {' and '.join(wanted)}; found {found}.")
    images, labels, testing, left = [], [], [], limits
    for side in ("train", "test"):
        one, other = (files[IdxPart(side, kind)] for kind in ("images", "labels"))
        images.append(read_idx(source.read(one), left))
        left = replace(left, unpacked=left.unpacked - images[-1].nbytes)
        told = read_idx(source.read(other), left)
        left = replace(left, unpacked=left.unpacked - told.nbytes)
        # QMNIST tells more of each digit; the first number is its class.
        labels.append(told[:, 0] if told.ndim == 2 else told)
        called = [PurePosixPath(path).name for path in (one, other)]
        judge_pair(images[-1], labels[-1], *called, limits)
        testing.append(np.full(len(images[-1]), side == "test"))
    return joined(name, images, labels, testing, done)


def read_idx(content: bytes, limits: Limits) -> np.ndarray:
    """The array of an IDX file of bytes or 32-bit numbers, plain or gzipped. Refused are others.

    Its header must say exactly what follows; a gzipped one is unpacked no further than that.
    """
    if content.startswith(b"\x1f\x8b"):
        content = _unzipped(content, limits)
    start, shape, kind = idx_header(content)
    if math.prod(shape) * kind.itemsize != len(content) - start:
        raise Refused(f"{_says(shape, kind)}, and {len(content) - start:,} follow.")
    return np.frombuffer(content, kind, offset=start).reshape(shape)


def idx_header(content: bytes) -> tuple[int, tuple[int, ...], np.dtype]:
    """How long the header is, and the shape and kind of the numbers that it says follow."""
    kind = KINDS.get(content[:3])
    if len(content) < 4 or kind is None or not 1 <= content[3] <= 3:
        raise Refused(f"An IDX file of bytes begins with 00 00 08; found {content[:4].hex(' ')}.")
    start = 4 + 4 * content[3]
    if len(content) < start:
        raise Refused("The IDX file ends within its header.")
    return start, tuple(int(n) for n in np.frombuffer(content, ">u4", content[3], 4)), kind


def _says(shape: tuple[int, ...], kind: np.dtype) -> str:
    each = f" × {kind.itemsize}" if kind.itemsize > 1 else ""
    total = math.prod(shape) * kind.itemsize
    return f"The IDX header says {'×'.join(map(str, shape))}{each} = {total:,} bytes"


def _unzipped(content: bytes, limits: Limits) -> bytes:
    try:
        unzip = zlib.decompressobj(wbits=31)
        begin = unzip.decompress(content, IDX_HEADER)
        start, shape, kind = idx_header(begin)
        wanted = start + math.prod(shape) * kind.itemsize
        if wanted > limits.unpacked:
            raise Refused(f"{_says(shape, kind)}; at most {limits.unpacked:,} more are taken.")
        rest = unzip.decompress(unzip.unconsumed_tail, max(wanted - len(begin), 0) + 1)
    except zlib.error:
        raise Refused("The gzipped file is damaged.") from None
    if len(begin) + len(rest) > wanted:
        raise Refused(f"{_says(shape, kind)}, and more follow.")
    if not unzip.eof:
        raise Refused("The gzipped file is cut short.")
    return begin + rest
