"""Random numbers that belong to an image: the same in whatever order and company it comes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

WORDS = 4  # of 64 bits, that Philox makes at a time
BITS = 24  # of a float32 in [0, 1)


@dataclass(frozen=True, eq=False)
class Draws:
    """The numbers of the images at places ``index`` (n,) of a dataset, under one ``key``.

    They come from Philox, whose stream can be entered anywhere: J. K. Salmon and others, "Parallel
    random numbers: as easy as 1, 2, 3", 2011. Each call begins anew, so that a second one of the
    same ``count`` gives the same numbers.
    """

    key: tuple[int, ...]
    index: np.ndarray

    def __len__(self) -> int:
        return len(self.index)

    def bytes(self, count: int) -> np.ndarray:
        """(n, count) uint8."""
        return self._words(count, 8).view(np.uint8)[:, :count]

    def shorts(self, count: int) -> np.ndarray:
        """(n, count) uint16."""
        return self._words(count, 4).view(np.uint16)[:, :count]

    def uniform(self, count: int) -> np.ndarray:
        """(n, count) float32 in [0, 1)."""
        bits = self._words(count, 2).view(np.uint32)[:, :count] >> (32 - BITS)
        return bits * np.float32(2.0**-BITS)

    def _words(self, count: int, in_a_word: int) -> np.ndarray:
        """(n, words) uint64, whole steps of the generator that hold ``count`` numbers."""
        steps = -(-count // (WORDS * in_a_word))
        words = np.empty((len(self.index), steps * WORDS), np.uint64)
        seed = np.random.SeedSequence(self.key)
        for at, stop, first in _runs(self.index):
            stream = np.random.Generator(np.random.Philox(seed).advance(first * steps))
            shape = stop - at, words.shape[1]
            words[at:stop] = stream.integers(0, 2**64, shape, np.uint64)
        return words


def _runs(index: np.ndarray) -> Iterator[tuple[int, int, int]]:
    """From and to where in ``index`` it counts up by one, and the number it counts from."""
    ends = [*(np.flatnonzero(np.diff(index) != 1) + 1), len(index)]
    at = 0
    for stop in ends:
        if stop > at:
            yield at, stop, int(index[at])
        at = stop
