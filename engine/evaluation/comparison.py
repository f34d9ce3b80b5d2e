"""Classifiers on the same test images: what one fixes and breaks of another, and how surely."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import matrix, wilson

CHANGES = ("fixed", "broken", "both right", "both wrong")
EXACT_BELOW = 25  # changed answers; from here on McNemar's chi-squared is close enough


def compare(before: Evaluation, after: Evaluation) -> pd.DataFrame:
    """``after.table`` with ``change``, one of `CHANGES`, and ``was``, the digit answered before.

    Both must have judged the same test images; raises ValueError otherwise.
    """
    if before.dataset.key != after.dataset.key:
        raise ValueError(
            f"judged on {before.dataset.name} and {after.dataset.name}, wanted the same"
        )
    first = before.table
    if not first["index"].equals(after.table["index"]):
        first = first.set_index("index").loc[after.table["index"]]
    was, now = first["right"].to_numpy(), after.table["right"].to_numpy()
    change = np.select([~was & now, was & ~now, was & now], CHANGES[:3], CHANGES[3])
    return after.table.assign(change=change, was=first["predicted"].to_numpy())


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
        counts = compared["change"].value_counts()
        return cls(*(int(counts.get(change, 0)) for change in CHANGES))

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

        The score interval for paired proportions, method 10 of R. G. Newcombe, "Improved confidence
        intervals for the difference between binomial proportions based on paired data", Statistics
        in Medicine 17 (1998). Unlike the textbook interval it has a width when nothing changed.
        """
        n = self.images
        if not n:
            return float("nan"), float("nan")
        new, old = self.after / n, self.before / n
        (new_low, new_high), (old_low, old_high) = wilson(self.after, n), wilson(self.before, n)
        down, up = (new - new_low, old_high - old), (new_high - new, old - old_low)
        phi = self._correlation()
        low, high = (np.sqrt(max(a**2 - 2 * phi * a * b + b**2, 0)) for a, b in (down, up))
        return float(self.difference - low), float(self.difference + high)

    def _correlation(self) -> float:
        """Of the two being right, shrunk by half an image if positive; 0 where it has no value."""
        wrong = self.images - self.after, self.images - self.before
        spread = np.sqrt(float(self.after) * self.before * wrong[0] * wrong[1])
        excess = self.both_right * self.both_wrong - self.fixed * self.broken
        if excess > 0:
            excess = max(excess - self.images / 2, 0)
        return excess / spread if spread else 0.0

    @cached_property
    def mcnemar(self) -> "McNemar":
        """Would fixed and broken differ so much if both classifiers were equally good?"""
        return McNemar.of(self.fixed, self.broken)


@dataclass(frozen=True)
class McNemar:
    """McNemar's test: the two-sided ``p`` in [0, 1], and chi-squared unless it was exact (None)."""

    p: float
    chi2: float | None

    @classmethod
    def of(cls, fixed: int, broken: int) -> "McNemar":
        """Exact (binomial) below `EXACT_BELOW` changed answers, p = 1 for none.

        Else chi-squared with one degree of freedom and Edwards' continuity correction.
        """
        from scipy import stats

        changed = fixed + broken
        if changed < EXACT_BELOW:
            return cls(float(stats.binomtest(fixed, changed).pvalue) if changed else 1.0, None)
        chi2 = max(abs(fixed - broken) - 1, 0) ** 2 / changed
        return cls(float(stats.chi2.sf(chi2, 1)), chi2)


def changes_by_digit(compared: pd.DataFrame) -> pd.DataFrame:
    """One row per true digit: images, right before and after, fixed and broken.

    ``change`` is the difference of the recalls in [-1, 1], ``low`` to ``high`` its 95 % interval
    (`Paired.interval`), for each digit by itself.
    """
    counts = compared.groupby(["true", "change"]).size().unstack(fill_value=0)
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
    first = matrix(compared["true"], compared["was"], classes)
    return matrix(compared["true"], compared["predicted"], classes) - first
