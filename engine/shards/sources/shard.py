"""A shard, and the blocks of images in which one is read."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROWS = 8192  # images of a block, at most: 6.4 MB of MNIST's
BLOCK_BYTES = 8_000_000  # of the pixels of a block, at most
NAMED = 20  # unread images that are named; the others are counted


class Unread(NamedTuple):
    """An image that was found and not used: the shard's name, its place there, and why."""

    shard: str
    index: int
    why: str

    def __str__(self) -> str:
        return f"{self.shard}, image {self.index:,}: {self.why}"


@dataclass(frozen=True)
class Shard:
    """The rows from ``first`` up to ``last`` (None: the end) of a file, of about ``nbytes`` bytes.

    ``name`` is its path from the folder that all shards are in, with slashes. ``testing`` says what
    its images are for; where it is None each image tells, or else the hash of its place.
    ``labels`` is the file of the labels where they are in one of their own.
    """

    path: Path
    name: str
    testing: bool | None = None
    labels: Path | None = None
    first: int = 0
    last: int | None = None
    nbytes: int = 0

    def __str__(self) -> str:
        if self.last is None and not self.first:
            return self.name
        last = "the end" if self.last is None else f"{self.last - 1:,}"
        return f"{self.name}, images {self.first:,} to {last}"


@dataclass(frozen=True, eq=False)
class Block:
    """``images`` (n, h, w) uint8 and ``labels`` (n,), whole numbers or names.

    ``index`` (n,) is the place of each in its file; ``testing`` (n,) int8 is 1 for testing, 0 for
    training, −1 where nothing tells, None where nothing tells of any. ``unread`` names
    what was found among them and not used.
    """

    index: np.ndarray
    images: np.ndarray
    labels: np.ndarray
    testing: np.ndarray | None = None
    unread: tuple[Unread, ...] = ()

    def part(self, keep: np.ndarray) -> "Block":
        """The images of this mask, and all that is unread."""
        if keep.all():
            return self
        testing = None if self.testing is None else self.testing[keep]
        return Block(self.index[keep], self.images[keep], self.labels[keep], testing, self.unread)


@dataclass(frozen=True)
class Tally:
    """How many ``images`` were used and how many ``unread``, the first of which are ``named``."""

    images: int = 0
    unread: int = 0
    named: tuple[Unread, ...] = field(default=())

    @classmethod
    def of(cls, block: Block) -> "Tally":
        return cls(len(block.images), len(block.unread), tuple(sorted(block.unread)[:NAMED]))

    def __add__(self, other: "Tally") -> "Tally":
        named = tuple(sorted({*self.named, *other.named})[:NAMED])
        return Tally(self.images + other.images, self.unread + other.unread, named)


def many(shards: int) -> str:
    """'1 shard', '1,200 shards'."""
    return "1 shard" if shards == 1 else f"{shards:,} shards"


def rows_of_block(pixels: int) -> int:
    """How many images of so many pixels a block holds."""
    return max(1, min(ROWS, BLOCK_BYTES // max(pixels, 1)))


def place_hash(name: str, index: np.ndarray, seed: str) -> np.ndarray:
    """A number from 0 to 2⁶⁴ − 1 for each place (n,) in the shard of that name, uint64.

    The same for the same ``seed``, name and place, wherever and in whatever order it is computed.
    Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators" (2014),
    with the constants of SplitMix64.
    """
    digest = hashlib.blake2b(f"{seed}\0{name}".encode(), digest_size=8).digest()
    with np.errstate(over="ignore"):
        mixed = index.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed += np.uint64(int.from_bytes(digest, "little"))
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def plus(one, other):
    """``one + other``, where None is nothing."""
    return other if one is None else one if other is None else one + other


def total(parts: Iterable):
    """All parts added up; None of none."""
    added = None
    for part in parts:
        added = plus(added, part)
    return added
