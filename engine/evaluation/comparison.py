"""Classifiers on the same test images: what one fixes and breaks of another, and how surely."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import pandas as pd

from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import IMAGES, Z95, images_of, matrix


class Change(StrEnum):
    """What became of a test image that two models answer."""

    FIXED = "fixed"
    BROKEN = "broken"
    BOTH_RIGHT = "both right"
    BOTH_WRONG = "both wrong"


CHANGES = tuple(change.value for change in Change)


def compare(before: Evaluation, after: Evaluation) -> pd.DataFrame:
    """``after.table`` with ``change``, one of `CHANGES`, and ``was``, the digit answered before.

    Of the test images that both have judged. Raises ValueError for different data.
    """
    if before.dataset.key != after.dataset.key:
        raise ValueError(
            f"judged on {before.dataset.name} and {after.dataset.name}, wanted the same"
        )
    first, second = before.table, after.table
    if not first["index"].equals(second["index"]):
        second = second[second["index"].isin(first["index"])]
        first = first.set_index("index").loc[second["index"]]
    change = _changes(first["right"].to_numpy(), second["right"].to_numpy())
    return second.assign(change=change, was=first["predicted"].to_numpy())


def compare_counts(both: np.ndarray, classes: np.ndarray) -> pd.DataFrame:
    """What `compare` says of images that are only counted: a row for as many as are alike.

    ``both`` (k, k, k) counts images by true class and the answers before and after, by places in
    ``classes``. The column ``images`` has how many a row stands for.
    """
    true, before, after = np.nonzero(both)
    was, now = before == true, after == true
    return pd.DataFrame(
        {
            "true": classes[true],
            "was": classes[before],
            "predicted": classes[after],
            "right": now,
            "right before": was,
            "change": _changes(was, now),
            IMAGES: both[true, before, after],
        }
    )


def _changes(was: np.ndarray, now: np.ndarray) -> np.ndarray:
    """One of `CHANGES` for each image that was and is now right or wrong, (n,)."""
    return np.select([~was & now, was & ~now, was & now], CHANGES[:3], Change.BOTH_WRONG.value)


@dataclass(frozen=True)
class Paired:
    """How often each of two classifiers was right on the same images: counts by `CHANGES`."""

    fixed: int
    broken: int
    both_right: int
    both_wrong: int

    @classmethod
    def of(cls, compared: pd.DataFrame) -> "Paired":
        """Counted from `compare`, or from some of its rows."""
        counts = pd.Series(images_of(compared)).groupby(compared["change"].to_numpy()).sum()
        return cls(**{one.name.lower(): int(counts.get(one.value, 0)) for one in Change})

    @property
    def images(self) -> int:
        return self.fixed + self.broken + self.both_right + self.both_wrong

    @property
    def before(self) -> int:
        """Images the first one got right."""
        return self.both_right + self.broken

    @property
    def after(self) -> int:
        """Images the second one got right."""
        return self.both_right + self.fixed

    @property
    def difference(self) -> float:
        """Accuracy of the second minus that of the first, in [-1, 1]; nan without images."""
        return (self.fixed - self.broken) / self.images if self.images else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval (low, high) of ``difference``; nan without images.

        The score interval: all differences that McNemar's test, extended to other differences
        than 0, does not reject, so that it leaves out 0 just where p < 0.05. T. Tango, "Equivalence
        test and confidence interval for the difference in proportions for the paired-sample
        design", Statistics in Medicine 17 (1998).
        """
        from scipy.optimize import brentq

        if not self.images:
            return float("nan"), float("nan")
        low = brentq(self._beyond, -1, self.difference, args=(Z95,), xtol=1e-14)
        high = brentq(self._beyond, self.difference, 1, args=(-Z95,), xtol=1e-14)
        return float(low), float(high)

    def _beyond(self, difference: float, z: float) -> float:
        """How far fixed − broken lies over what is expected, less ``z`` standard errors, in images.

        The error is the one of the most likely shares of fixed and broken of that ``difference``.
        """
        n, fixed, broken = self.images, self.fixed, self.broken
        a, b = 2 * n, (2 * n - fixed + broken) * difference - fixed - broken
        c = -broken * difference * (1 - difference)
        broken_share = (np.sqrt(max(b * b - 4 * a * c, 0)) - b) / (2 * a)
        variance = n * (2 * broken_share + difference * (1 - difference))
        return fixed - broken - n * difference - z * np.sqrt(max(variance, 0))

    @cached_property
    def mcnemar(self) -> "McNemar":
        """Would fixed and broken differ so much if both classifiers were equally good?"""
        return McNemar.of(self.fixed, self.broken)


@dataclass(frozen=True)
class McNemar:
    """McNemar's test: the two-sided ``p`` in [0, 1], and chi-squared."""

    p: float
    chi2: float

    @classmethod
    def of(cls, fixed: int, broken: int) -> "McNemar":
        """Chi-squared with one degree of freedom, p = 1 where nothing changed.

        Without a continuity correction, as M. W. Fagerland and others advise, "The McNemar test for
        binary matched-pairs data: mid-p and asymptotic are better than exact conditional", BMC
        Medical Research Methodology 13 (2013); with few changes, too.
        """
        from scipy import stats

        chi2 = (fixed - broken) ** 2 / (fixed + broken) if fixed + broken else 0.0
        return cls(float(stats.chi2.sf(chi2, 1)), chi2)


def changes_by_digit(compared: pd.DataFrame) -> pd.DataFrame:
    """One row per true digit: images, right before and after, fixed and broken.

    ``change`` is the difference of the recalls in [-1, 1], ``low`` to ``high`` its 95 % interval
    (`Paired.interval`), for each digit by itself.
    """
    given = compared[["true", "change"]].assign(n=images_of(compared))
    counts = given.groupby(["true", "change"])["n"].sum().unstack(fill_value=0)
    rows = []
    for digit, row in counts.reindex(columns=CHANGES, fill_value=0).iterrows():
        paired = Paired(*map(int, row))
        low, high = paired.interval
        rows.append(
            {
                "digit": digit,
                "images": paired.images,
                "right before": paired.before,
                "right after": paired.after,
                "fixed": paired.fixed,
                "broken": paired.broken,
                "change": paired.difference,
                "low": low,
                "high": high,
            }
        )
    columns = ["digit", "images", "right before", "right after", "fixed", "broken"]
    return pd.DataFrame(rows, columns=[*columns, "change", "low", "high"])


def matrix_difference(compared: pd.DataFrame, classes: np.ndarray) -> np.ndarray:
    """Confusion matrix (k, k) of the second model minus that of the first, in images."""
    images = images_of(compared)
    first = matrix(compared["true"], compared["was"], classes, images)
    return matrix(compared["true"], compared["predicted"], classes, images) - first
