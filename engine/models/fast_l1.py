"""The nearest template of uint8 images by mean absolute difference, where only the answer counts.

The sum of |x − t| over the pixels is the sum of x, plus the sum of t, minus twice the sum of the
smaller of both. The sum of x is the same for all templates, so half the sum of t minus the sum of
the smaller ones, the score, ranks them. The first look takes templates rounded to whole grey
levels, which fit into bytes; the second, in single precision, only the images of which the first
leaves more than one template in question; and where even that does, the exact distances decide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.models.templates import WHITE, distances

CHUNK = 64  # images at a time, in bytes a pixel: what is computed of them stays in the cache
EPSILON = 2.0**-24  # the largest relative error of one operation in single precision


@dataclass(frozen=True)
class Look:
    """Templates as a smaller type, how to add its values up, and what two scores can err."""

    levels: np.ndarray
    add: Callable[[np.ndarray], np.ndarray]
    error: float

    def sums(self, images: np.ndarray) -> np.ndarray:
        """Of the smaller of each image's and each template's pixels, (n, k)."""
        parts, rows = [], CHUNK // self.levels.itemsize
        for at in range(0, len(images), rows):
            some = images[at : at + rows, None].astype(self.levels.dtype, copy=False)
            parts.append(self.add(np.minimum(some, self.levels)))
        return parts[0] if len(parts) == 1 else np.concatenate(parts)


class Nearest:
    """Templates (k, pixels) in [0, 1], made ready to be asked often."""

    def __init__(self, templates: np.ndarray) -> None:
        levels = templates * WHITE
        self.templates = templates
        self.half = (levels.sum(axis=1, keepdims=True).T / 2).astype(np.float32)
        in_floats = _look_at_floats(levels)
        self.looks = _look_at_bytes(levels, in_floats.error), in_floats

    def places(self, images: np.ndarray) -> np.ndarray:
        """The place of the nearest template of each image (n, pixels), (n,); on a tie the first."""
        if len(images) < CHUNK:  # a second look costs few images more than the first one spares
            return self._places(images, self.looks[1:])
        return self._places(images, self.looks)

    def _places(self, images: np.ndarray, looks: Sequence[Look]) -> np.ndarray:
        if not looks:
            return distances(images[:, None], self.templates[:, None]).argmin(axis=1)
        scores = self.half - looks[0].sums(images)
        near = scores <= np.minimum.reduce(scores, axis=1, keepdims=True) + looks[0].error
        places = near.argmax(axis=1)
        if np.count_nonzero(near) > len(near):
            open_still = near.sum(axis=1) > 1
            places[open_still] = self._places(images[open_still], looks[1:])
        return places


def _look_at_bytes(levels: np.ndarray, error: float) -> Look:
    """Rounding a pixel up, or down, moves a sum by no more than the pixel, and ``error`` is more.

    Of two scores one can be moved by all that was rounded up, the other by all that was rounded
    down.
    """
    rounded = levels.round().clip(0, WHITE).astype(np.uint8)
    up = rounded - levels
    moved = up.clip(min=0).sum(axis=1).max() - up.clip(max=0).sum(axis=1).min()
    smallest_type = np.min_scalar_type(rounded.sum(axis=1).max())  # holds the sum of any pixels
    add = partial(np.add.reduce, axis=-1, dtype=smallest_type)
    return Look(rounded, add, np.float32(moved + error))


def _look_at_floats(levels: np.ndarray) -> Look:
    """A score takes as many additions as there are pixels, and a few more operations.

    Each errs by EPSILON of at most the template's sum, and two scores are compared. A product with
    ones is the fastest sum.
    """
    operations = 2 * (levels.shape[1] + 8)
    error = operations * EPSILON * np.abs(levels).sum(axis=1).max()
    ones = np.ones(levels.shape[1], np.float32)
    return Look(levels.astype(np.float32), partial(np.dot, b=ones), np.float32(error))
