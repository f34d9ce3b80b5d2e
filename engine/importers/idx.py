"""The four IDX files of a set, as the MNIST family is published."""

import math
import re
import zlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

import numpy as np

from engine.datasets.dataset import Dataset
from engine.importers.arrays import joined, judge_pair
from engine.importers.files import Source
from engine.runtime.errors import Refused
from engine.runtime.limits import Limits

IDX_PARTS = {
    ("train", "images"): "train-images-idx3-ubyte",
    ("train", "labels"): "train-labels-idx1-ubyte",
    ("test", "images"): "t10k-images-idx3-ubyte",
    ("test", "labels"): "t10k-labels-idx1-ubyte",
}
IDX_HEADER = 16  # bytes, of three dimensions


def idx_part(name: str) -> tuple[str, str] | None:
    """Which of an IDX set's four files one is by its name, as ("train", "images"), or None.

    They are called as the MNIST family's are, as train-images-idx3-ubyte, perhaps with .gz.
    """
    found = re.search(r"(train|t10k|test)[^/]*idx([13]).ubyte[^/]*$", name)
    if found is None:
        return None
    return "train" if found[1] == "train" else "test", "images" if found[2] == "3" else "labels"


def missing_idx(names: Iterable[str]) -> list[str]:
    """What the absent ones of the four files are called."""
    found = {idx_part(name) for name in names}
    return [called for part, called in IDX_PARTS.items() if part not in found]


def read_idx_set(source: Source, name: str, limits: Limits) -> Dataset:
    """The four IDX files of a set: images-idx3 and labels-idx1 of train and t10k, or Refused."""
    files: dict[tuple[str, str], str] = {}
    for path in source.files:
        if (part := idx_part(path)) and files.setdefault(part, path) != path:
            raise Refused(f"{files[part][:60]} and {path[:60]} are both {' '.join(part)}.")
    if wanted := missing_idx(source.files):
        found = ", ".join(sorted(files.values())) or "none"
        raise Refused(f"Wanted {' and '.join(wanted)}; found {found}.")
    images, labels, testing, left = [], [], [], limits
    for side in ("train", "test"):
        names = [files[side, kind] for kind in ("images", "labels")]
        pair = []
        for path in names:
            pair.append(read_idx(source.read(path), left))
            left = replace(left, unpacked=left.unpacked - pair[-1].nbytes)
        judge_pair(*pair, *(PurePosixPath(path).name for path in names), limits)
        images.append(pair[0])
        labels.append(pair[1])
        testing.append(np.full(len(pair[0]), side == "test"))
    return joined(name, images, labels, testing)


def read_idx(content: bytes, limits: Limits) -> np.ndarray:
    """The array of an IDX file of bytes, plain or gzipped. Raises Refused for any other.

    Its header must say exactly what follows; a gzipped one is unpacked no further than that.
    """
    if content.startswith(b"\x1f\x8b"):
        content = _unzipped(content, limits)
    start, shape = _idx_header(content)
    if math.prod(shape) != len(content) - start:
        raise Refused(f"{_says(shape)}, and {len(content) - start:,} follow.")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _idx_header(content: bytes) -> tuple[int, tuple[int, ...]]:
    """How long the header is, and the shape that it says follows."""
    if len(content) < 4 or content[:3] != b"\0\0\x08" or not 1 <= content[3] <= 3:
        raise Refused(f"An IDX file of bytes begins with 00 00 08; found {content[:4].hex(' ')}.")
    start = 4 + 4 * content[3]
    if len(content) < start:
        raise Refused("The IDX file ends within its header.")
    return start, tuple(int(n) for n in np.frombuffer(content, ">u4", content[3], 4))


def _says(shape: tuple[int, ...]) -> str:
    return f"The IDX header says {'×'.join(map(str, shape))} = {math.prod(shape):,} bytes"


def _unzipped(content: bytes, limits: Limits) -> bytes:
    try:
        unzip = zlib.decompressobj(wbits=31)
        begin = unzip.decompress(content, IDX_HEADER)
        start, shape = _idx_header(begin)
        wanted = start + math.prod(shape)
        if wanted > limits.unpacked:
            raise Refused(f"{_says(shape)}; at most {limits.unpacked:,} more are taken.")
        rest = unzip.decompress(unzip.unconsumed_tail, max(wanted - len(begin), 0) + 1)
    except zlib.error:
        raise Refused("The gzipped file is damaged.") from None
    if len(begin) + len(rest) > wanted:
        raise Refused(f"{_says(shape)}, and more follow.")
    if not unzip.eof:
        raise Refused("The gzipped file is cut short.")
    return begin + rest
