"""The share of right answers as it grows with the margin: isotonic regression, as counts."""

from dataclasses import dataclass

import numpy as np

from engine.evaluation.metrics import wilson


@dataclass(frozen=True)
class Measured:
    """How many of some images were right: a count, its whole, the 95 % Wilson interval.

    ``narrowest`` to ``widest`` are the margins of those images. No images give nan.
    """

    right: int
    images: int
    narrowest: float
    widest: float

    @property
    def rate(self) -> float:
        return self.right / self.images if self.images else float("nan")

    @property
    def usually_wrong(self) -> bool:
        """Whether less than half of such images are right, the whole interval said so."""
        return self.images > 0 and self.interval[1] < 0.5

    @property
    def interval(self) -> tuple[float, float]:
        low, high = wilson(self.right, self.images)
        return float(low), float(high)


@dataclass(frozen=True, eq=False)
class Blocks:
    """Images in groups of like margins, from ``low`` to ``high`` (b,) in rising order.

    ``right`` of the ``images`` of each group are right, and of each group a larger share than of
    the one before.
    """

    low: np.ndarray
    high: np.ndarray
    right: np.ndarray
    images: np.ndarray

    def probability(self, margins: np.ndarray) -> np.ndarray:
        """The share that is right in the group of each margin (n,); nan where there is no group.

        A margin between two groups belongs to the nearer one, the lower of two that are as near.
        """
        if not len(self.images):
            return np.full(len(margins), np.nan)
        place = self._places(np.asarray(margins, dtype=float))
        return self.right[place] / self.images[place]

    def at(self, margin: float) -> Measured:
        """The group of that margin."""
        if not len(self.images):
            return Measured(0, 0, float("nan"), float("nan"))
        (place,) = self._places(np.array([margin], dtype=float))
        found = self.low[place], self.high[place]
        return Measured(int(self.right[place]), int(self.images[place]), *map(float, found))

    def _places(self, margins: np.ndarray) -> np.ndarray:
        below = np.clip(np.searchsorted(self.low, margins, side="right") - 1, 0, None)
        above = np.clip(below + 1, None, len(self.low) - 1)
        return np.where(margins - self.high[below] > self.low[above] - margins, above, below)


def pooled(margins: np.ndarray, right: np.ndarray) -> Blocks:
    """The groups of isotonic regression of ``right`` (n,), bool, on the ``margins`` (n,).

    Equal margins are in one group, whose share of right images is scikit-learn's fitted value
    at each of them.
    Source: B. Zadrozny and C. Elkan, "Transforming classifier scores into accurate multiclass
    probability estimates", KDD (2002).
    """
    if not len(margins):
        return Blocks(*np.empty((4, 0)))
    from sklearn.isotonic import IsotonicRegression

    levels, level_of = np.unique(margins, return_inverse=True)
    images = np.bincount(level_of)
    n_right = np.bincount(level_of, weights=right).astype(int)
    fitted = IsotonicRegression().fit_transform(levels, n_right / images, sample_weight=images)
    starts = np.flatnonzero(np.diff(fitted, prepend=-1.0) > 0)
    ends = np.append(starts[1:], len(levels)) - 1
    return Blocks(
        levels[starts],
        levels[ends],
        np.add.reduceat(n_right, starts),
        np.add.reduceat(images, starts),
    )
