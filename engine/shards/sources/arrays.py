"""Shards of arrays: .npy or IDX images beside a file of their labels, and NPZ files of both."""

import math
from collections.abc import Iterator

import numpy as np

from engine.datasets.labels import one_a_image
from engine.importers.npz import Part, grey_array, parts_of
from engine.io.side_names import by_side
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_IMAGE_SIDE
from engine.shards.sources.labels import NO_LABEL, told
from engine.shards.sources.shard import Block, Shard, Unread, rows_of_block
from engine.shards.sources.stored import Stored, stored_file, stored_in_zip


def pair_blocks(shard: Shard) -> Iterator[Block]:
    """The blocks of a file of images and the one of their labels. Raises Refused."""
    if shard.labels is None:
        raise Refused(f"No file of labels was found beside it, as {shard.path.stem}-labels.npy.")
    yield from _blocks(stored_file(shard.path), stored_file(shard.labels), shard)


def npz_blocks(shard: Shard) -> Iterator[Block]:
    """The blocks of all pairs of images and labels of an NPZ file. Raises Refused."""
    arrays = stored_in_zip(shard.path)
    parts = parts_of({name: array.like for name, array in arrays.items()})
    sides = [side for side, kind in parts if kind == "images" and Part(side, "labels") in parts]
    if not sides:
        raise Refused(f"The file holds {', '.join(sorted(arrays))[:200]}; wanted images, labels.")
    used, at = by_side(sides)[0], 0
    for side, testing in used.items():
        images, labels = (arrays[parts[Part(side, kind)]] for kind in ("images", "labels"))
        for block in _blocks(images, labels, shard):
            tells = np.full(len(block.images), testing, np.int8) if len(used) == 2 else None
            yield Block(block.index + at, block.images, block.labels, tells, block.unread)
        at += len(images)


def _blocks(images: Stored, labels: Stored, shard: Shard) -> Iterator[Block]:
    if len(images) != len(labels) or len(images.shape) < 2:
        found = f"{images.name[:60]!r} is {images.shape}, {labels.name[:60]!r} {labels.shape}"
        raise Refused(f"{found}; wanted images (n, h, w) and as many labels.")
    at, last = shard.first, len(images) if shard.last is None else min(shard.last, len(images))
    rows = rows_of_block(math.prod(images.shape[1:]))
    both = zip(images.rows(at, last, rows), labels.rows(at, last, rows), strict=True)
    for some, names in both:
        yield block_of(shard, at, as_levels(grey_array(some, images.name)), _of_each(names, labels))
        at += len(some)


def _of_each(labels: np.ndarray, stored: Stored) -> np.ndarray:
    """One label an image; of QMNIST's rows the first number."""
    if labels.ndim == 2 and stored.dtype == np.dtype(">i4"):
        return labels[:, 0]
    return one_a_image(labels, stored.name)


def block_of(shard: Shard, at: int, images: np.ndarray, labels: np.ndarray, testing=None) -> Block:
    """The block of images (n, h, w) whose places begin ``at``; those without a label are unread.

    Raises Refused for images that are too large, or labels that are none.
    """
    if max(images.shape[1:]) > MAX_IMAGE_SIDE:
        found = "×".join(map(str, images.shape[1:]))
        raise Refused(f"The images are {found} pixels; wanted at most {MAX_IMAGE_SIDE} a side.")
    names, there = told(labels)
    index = np.arange(at, at + len(images))
    unread = tuple(Unread(shard.name, int(place), NO_LABEL) for place in index[~there])
    return Block(index, images, names, testing, unread).part(there)


def as_levels(images: np.ndarray) -> np.ndarray:
    """The images as uint8, where all are whole numbers from 0 to 255; Refused otherwise.

    A range of their own, as 0…1, cannot be told from a part of the data.
    """
    if images.dtype == np.uint8:
        return images
    low, high = images.min(initial=0), images.max(initial=0)
    levels = images.astype(np.uint8) if low >= 0 and high <= 255 else None
    if levels is None or not np.array_equal(levels, images):
        wrong = images[~np.isin(images, np.arange(256))]
        raise Refused(f"A pixel is {wrong.flat[0]:g}; wanted whole numbers from 0 to 255.")
    return levels
