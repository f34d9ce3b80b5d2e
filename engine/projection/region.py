"""A region drawn on a projection: a box or a polygon, which a link can hold."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_REGION_CORNERS

DIGITS = 6  # significant digits of a coordinate in a link
APART = "~"  # stands in addresses as it is, and in no number
WANTED = (
    f"wanted a view, 'box' with two corners or 'lasso' with 3 to {MAX_REGION_CORNERS}, as "
    "'pca~box~0~0~1~1'"
)


class View(StrEnum):
    """The projections a region may lie on: the plane with the images of its two classes or all."""

    PAIR = "pair"
    PLANE = "plane"
    PCA = "pca"


@dataclass(frozen=True)
class Region:
    """Two opposite corners of a box, both included, or the corners of a polygon, a lasso.

    ``pair`` are the places of the two classes of a plane, () of principal components.
    ``str()`` is what a link holds, and `read_region` reads again.
    """

    view: View
    pair: tuple[int, ...]
    kind: str
    corners: tuple[tuple[float, float], ...]

    def __str__(self) -> str:
        numbers = [f"{value:.{DIGITS}g}" for corner in self.corners for value in corner]
        return APART.join([self.view, *map(str, self.pair), self.kind, *numbers])

    def inside(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Which points (n,) it holds, (n,) bool.

        Where a lasso crosses itself, what it surrounds twice is outside (the even-odd rule); a
        point on its line is on either side.
        """
        if self.kind == "box":
            (left, right), (low, high) = (sorted(side) for side in zip(*self.corners, strict=True))
            return (x >= left) & (x <= right) & (y >= low) & (y <= high)
        return _in_polygon(np.array(self.corners), x, y)


def _in_polygon(corners: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Whether a ray to the right of each point crosses the polygon an odd number of times."""
    odd = np.zeros(len(x), bool)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 != y2:
            across = (y1 > y) != (y2 > y)
            odd ^= across & (x < x1 + (y - y1) / (y2 - y1) * (x2 - x1))
    return odd


def read_region(text: str, classes: int) -> Region:
    """The region that a link holds, of data with so many classes. Raises Refused."""
    parts = text.split(APART)
    try:
        view = View(parts[0])
        n_pair = 0 if view is View.PCA else 2
        pair = tuple(int(part) for part in parts[1 : 1 + n_pair])
        kind, *numbers = parts[1 + n_pair :]
        values = [float(number) for number in numbers]
    except ValueError:
        raise Refused(f"The region {text[:40]!r} cannot be read; {WANTED}.") from None
    known = all(0 <= place < classes for place in pair) and len(set(pair)) == n_pair
    if not known:
        raise Refused(f"Found the classes {pair} in a region; wanted two of 0 to {classes - 1}.")
    return region(view, pair, kind, values)


def region(view: View, pair: tuple[int, ...], kind: str, values: list[float]) -> Region:
    """Of x and y of each corner in turn, rounded as a link has them. Raises Refused."""
    n = len(values) // 2
    fits = {"box": n == 2, "lasso": 3 <= n <= MAX_REGION_CORNERS}.get(kind, False)
    if not fits or len(values) % 2 or not all(map(math.isfinite, values)):
        raise Refused(f"Found a {kind[:20]!r} with {len(values)} numbers; {WANTED}.")
    rounded = [float(f"{value:.{DIGITS}g}") for value in values]
    return Region(view, pair, kind, tuple(zip(rounded[::2], rounded[1::2], strict=True)))
