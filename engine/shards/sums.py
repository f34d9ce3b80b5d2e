"""What a shard adds to a fit: the sums of each class, or how often each grey level occurs."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from engine.models.class_sums import WHITE, ClassSums, as_one_kind
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_LEVEL_BYTES
from engine.shards.sources.labels import judge_classes
from engine.shards.sources.shard import Block, total

LEVELS = WHITE + 1
LEVELS_ROWS = 1024  # images whose levels are counted at a time


def shard_sums(blocks: Iterable[Block]) -> ClassSums | None:
    """The sums and counts of each class over all blocks, whole numbers in 64 bits.

    They add up with ``+``, in any order and grouping, to the same bits as the sums of all images at
    once. None of no block. Raises Refused for more classes than are taken.
    """
    return total(_judged(ClassSums(block.images, block.labels)) for block in blocks)


def shard_levels(blocks: Iterable[Block]) -> "ClassLevels | None":
    """How often each grey level occurs at each pixel of each class; see `shard_sums`."""
    return total(ClassLevels.of(block.images, block.labels) for block in blocks)


def _judged(sums: ClassSums) -> ClassSums:
    judge_classes(sums.classes)
    return sums


@dataclass(frozen=True, eq=False)
class ClassLevels:
    """``levels`` (k, h, w, 256): how many images of each of the sorted ``classes`` (k,) have each
    grey level at each pixel. It takes 2 kB a pixel and class, whatever the number of images.
    """

    classes: np.ndarray
    levels: np.ndarray = field(repr=False)

    @classmethod
    def of(cls, images: np.ndarray, labels: np.ndarray) -> "ClassLevels":
        """Of uint8 images (n, h, w). Raises Refused where the counts would be too large."""
        classes, places = np.unique(labels, return_inverse=True)
        _judge_size(len(classes), images.shape[1:])
        pixels = int(np.prod(images.shape[1:]))
        levels = np.zeros((len(classes), pixels * LEVELS), np.uint64)
        for place in range(len(classes)):
            rows = images[places == place].reshape(-1, pixels)
            for at in range(0, len(rows), LEVELS_ROWS):
                levels[place] += _counted(rows[at : at + LEVELS_ROWS])
        return cls(classes, levels.reshape(len(classes), *images.shape[1:], LEVELS))

    @property
    def counts(self) -> np.ndarray:
        """Images of each class, (k,)."""
        return self.levels[:, 0, 0].sum(axis=-1).astype(np.int64)

    def __add__(self, other: "ClassLevels") -> "ClassLevels":
        """The counts of both; see `ClassSums`. Raises ValueError for images of another size."""
        if self.levels.shape[1:] != other.levels.shape[1:]:
            sizes = self.levels.shape[1:3], other.levels.shape[1:3]
            raise ValueError(f"images are {sizes[1]} pixels, wanted {sizes[0]} as before")
        if np.array_equal(self.classes, other.classes):
            return ClassLevels(self.classes, self.levels + other.levels)
        both = np.concatenate(as_one_kind(self.classes, other.classes))
        classes, places = np.unique(both, return_inverse=True)
        _judge_size(len(classes), self.levels.shape[1:3])
        levels = np.zeros((len(classes), *self.levels.shape[1:]), np.uint64)
        for place, one in zip(places, [*self.levels, *other.levels], strict=True):
            levels[place] += one
        return ClassLevels(classes, levels)

    def medians(self) -> np.ndarray:
        """The median of each pixel of each class, (k, h, w) float64 in [0, 1].

        With an even count it is the mean of the two middle levels, bit for bit that of
        `engine.models.templates.median_templates`.
        """
        upto = self.levels.cumsum(axis=-1)
        count = upto[..., -1:]
        low = (upto <= (count - np.uint64(1)) // np.uint64(2)).sum(axis=-1)
        high = (upto <= count // np.uint64(2)).sum(axis=-1)
        return (low + high) / 2 / WHITE


def _counted(rows: np.ndarray) -> np.ndarray:
    """How often each level occurs at each pixel of rows (m, pixels): (pixels · 256,) uint64."""
    offsets = np.arange(rows.shape[1]) * LEVELS
    counted = np.bincount((rows + offsets).ravel(), minlength=rows.shape[1] * LEVELS)
    return counted.astype(np.uint64)


def _judge_size(classes: int, size: tuple[int, ...]) -> None:
    needed = classes * int(np.prod(size)) * LEVELS * 8
    if needed > MAX_LEVEL_BYTES:
        found = f"The median of {classes} classes of {size[0]}×{size[1]} pixels takes {needed:,}"
        raise Refused(f"{found} bytes; at most {MAX_LEVEL_BYTES:,}. A mean takes less.")
