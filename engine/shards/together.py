"""Several results of one reading, added up side by side, and how two models answer together."""

from dataclasses import dataclass

import numpy as np

from engine.models.class_sums import as_one_kind


@dataclass(frozen=True, eq=False)
class Together:
    """The ``results`` of the same images; of two of these each is added to the one at its place."""

    results: tuple

    def __add__(self, other: "Together") -> "Together":
        return Together(tuple(a + b for a, b in zip(self.results, other.results, strict=True)))


@dataclass(frozen=True, eq=False)
class Joint:
    """``counts`` (k, k, k): images by true class and by the answers of a first and second model."""

    counts: np.ndarray

    @classmethod
    def of(cls, true: np.ndarray, first: np.ndarray, second: np.ndarray, k: int) -> "Joint":
        """From places in the ``k`` classes, (n,) each."""
        counts = np.zeros((k, k, k), np.int64)
        np.add.at(counts, (true, first, second), 1)
        return cls(counts)

    def __add__(self, other: "Joint") -> "Joint":
        return Joint(self.counts + other.counts)


@dataclass(frozen=True, eq=False)
class Drawn:
    """At most ``most`` images, those of the smallest ``key``: a sample without regard to anything.

    Sorted by key, shard and index, so that the same are drawn in whatever order parts are added.
    """

    most: int
    key: np.ndarray
    shard: np.ndarray
    index: np.ndarray
    labels: np.ndarray
    images: np.ndarray

    def __len__(self) -> int:
        return len(self.key)

    def __add__(self, other: "Drawn") -> "Drawn":
        labels = as_one_kind(self.labels, other.labels)
        pairs = [(getattr(self, n), getattr(other, n)) for n in ("key", "shard", "index")]
        pairs += [labels, (self.images, other.images)]
        columns = [np.concatenate(pair) for pair in pairs]
        rows = np.lexsort((columns[2], columns[1], columns[0]))[: self.most]
        return Drawn(self.most, *(column[rows] for column in columns))
