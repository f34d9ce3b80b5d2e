"""Classifiers on the same test images: what one fixes and breaks of another, and how surely."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from engine.evaluation import matrix, wilson
from engine.study import Study

CHANGES = ("fixed", "broken", "both right", "both wrong")
MODEL_SHARES = ("accuracy", "low", "high", "surest half", "kept at 99 %")
EXACT_BELOW = 25  # changed answers; from here on McNemar's chi-squared is close enough


def compare(before: Study, after: Study) -> pd.DataFrame:
    """``after.table`` with ``change``, one of `CHANGES`, and ``was``, the digit answered before.

    Both must have judged the same test images; raises ValueError otherwise.
    """
    if before.digits.key != after.digits.key:
        raise ValueError(f"judged on {before.digits.name} and {after.digits.name}, wanted the same")
    first = before.table.set_index("index").loc[after.table["index"]]
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
    rows = []
    for digit, some in compared.groupby("true"):
        paired = Paired.of(some)
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


def matrix_difference(compared: pd.DataFrame, digits: np.ndarray) -> np.ndarray:
    """Confusion matrix (k, k) of the second model minus that of the first, in images."""
    first = matrix(compared["true"], compared["was"], digits)
    return matrix(compared["true"], compared["predicted"], digits) - first


def risk_coverage(table: pd.DataFrame) -> pd.DataFrame:
    """How right a model is on the share of images it is surest of: ``kept``, ``accuracy``, bounds.

    ``table`` is `engine.evaluation.outcomes`; images are kept from the largest margin down, those
    with equal margins all at once. One row a distinct margin: ``margin`` the least that is kept,
    ``kept`` the share of images, ``low`` and ``high`` the Wilson 95 % interval of ``accuracy``.
    Source: R. El-Yaniv and Y. Wiener, "On the foundations of noise-free selective
    classification", JMLR 11 (2010).
    """
    ranked = table.sort_values("margin", ascending=False, kind="stable")
    margin, right = ranked["margin"].to_numpy(), ranked["right"].to_numpy().cumsum()
    last = np.flatnonzero(np.append(margin[1:] != margin[:-1], True)) if len(margin) else []
    kept = np.asarray(last, dtype=int) + 1
    right = right[kept - 1] if len(kept) else np.empty(0)
    low, high = wilson(right, kept)
    return pd.DataFrame(
        {
            "margin": margin[kept - 1],
            "kept": kept / max(len(table), 1),
            "accuracy": right / kept,
            "low": low,
            "high": high,
        }
    )


def accuracy_at(curve: pd.DataFrame, share: float) -> float:
    """Accuracy on the surest ``share`` of the images, or the least more that ties allow."""
    enough = curve[curve["kept"] >= share - 1e-12]
    return float(enough["accuracy"].iloc[0]) if len(enough) else float("nan")


def kept_at(curve: pd.DataFrame, accuracy: float) -> float:
    """The largest share of the images on which the accuracy is at least this; 0 for none."""
    good = curve[curve["accuracy"] >= accuracy]
    return float(good["kept"].max()) if len(good) else 0.0


def model_table(studies: dict[str, Study], curves: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a model, the best first: how often it is right, and where it is surest.

    ``low`` to ``high`` is the Wilson 95 % interval of ``accuracy``; ``surest half`` the accuracy
    on the half of the images with the largest margins; ``kept at 99 %`` the share of images one
    can keep with 99 of 100 right. ``curves`` holds `risk_coverage` of each.
    """
    rows = []
    for name, study in studies.items():
        low, high = wilson(study.n_right, study.n_images)
        rows.append(
            {
                "model": name,
                "images": study.n_images,
                "right": study.n_right,
                "accuracy": study.n_right / max(study.n_images, 1),
                "low": float(low),
                "high": float(high),
                "surest half": accuracy_at(curves[name], 0.5),
                "kept at 99 %": kept_at(curves[name], 0.99),
            }
        )
    return pd.DataFrame(rows).sort_values("right", ascending=False, ignore_index=True)
