"""What models get right of corrupted images, in words."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dashboard.text.markdown import plain, several
from dashboard.text.numbers import count, share
from engine.corruption.curves import CLEAN, NEVER, PUBLISHED, Curves
from engine.corruption.kinds import KINDS, SEVERITIES
from engine.cures.cover import holm
from engine.evaluation.metrics import wilson
from engine.io.numbers import percent, percent_decimals, signed
from engine.report.conclusion import LEVEL, p_value

CANNOT = (
    "Of {} only the answers to the test images as they are came with the file: it cannot answer "
    "corrupted ones. Choose another model in the sidebar."
)
HOW = (
    "The kinds are those of MNIST-C (Mu and Gilmer, 2019), made here from a seed; a dot marks the "
    "severity of its files. Lengths grow with the size of the image. MNIST-C has one severity of "
    "Stripe, Dotted line, Zigzag and Canny edges; the others of these are made up here."
)


def mean(name: str, curves: Curves) -> str:
    """What a model gets right clean, and on average over the kinds."""
    n, right = len(curves.true), int((curves.clean == curves.true).sum())
    return (
        f"**{plain(name)}** gets {share(right, n)} of {count(n, 'clean image')} right, and "
        f"{percent(curves.mean_accuracy, 1)} of the corrupted ones: the mean of the {len(KINDS)} "
        "kinds, each at MNIST-C's severity."
    )


def best_elsewhere(every: Mapping[str, Curves]) -> str:
    """Where the model that is best on clean images is surely not the best; '' where nowhere.

    Names the kind, at its published severity, with the widest gap between two Wilson intervals.
    """
    clean = {name: one.clean_accuracy for name, one in every.items()}
    best = max(clean, key=clean.get, default="")
    if len(every) < 2 or sum(value == clean[best] for value in clean.values()) > 1:
        return ""
    beaten = [_gap(kind, best, other, every) for kind in KINDS for other in every if other != best]
    gap, kind, other = max(beaten, default=(0.0, "", ""))
    if gap <= 0:
        return ""
    here, there = (_share(every[name], kind, KINDS[kind].published) for name in (best, other))
    return (
        f"**{plain(best)}**, the best of these on clean images, is not the best under "
        f"{KINDS[kind].label.lower()}: there it gets {here} right, **{plain(other)}** {there}."
    )


def _gap(kind: str, best: str, other: str, every: Mapping[str, Curves]) -> tuple[float, str, str]:
    """How far the interval of ``other`` lies above that of ``best``; below 0 where it does not."""
    severity = KINDS[kind].published
    if any((kind, severity) not in every[name].answers for name in (best, other)):
        return -1.0, kind, other
    (_, high), (low, _) = (_interval(every[name], kind, severity) for name in (best, other))
    return low - high, kind, other


def _interval(curves: Curves, kind: str, severity: int) -> tuple[float, float]:
    low, high = wilson(int(curves.right(kind, severity).sum()), len(curves.true))
    return float(low), float(high)


def _share(curves: Curves, kind: str, severity: int) -> str:
    return share(int(curves.right(kind, severity).sum()), len(curves.true))


def better(name: str, curves: Curves) -> str:
    """Which kinds surely make more answers right than wrong, Holm over the kinds; '' for none."""
    steps = [step for step in PUBLISHED if step in curves.answers]
    pairs = [curves.paired(*step) for step in steps]
    corrected = holm([one.mcnemar.p for one in pairs])
    found = [
        KINDS[step[0]].label
        for step, one, p in zip(steps, pairs, corrected, strict=True)
        if one.fixed > one.broken and p < LEVEL
    ]
    if not found:
        return ""
    verb = "makes" if len(found) == 1 else "make"
    return (
        f"{_listed(found)} {verb} more answers of **{plain(name)}** right than wrong (McNemar, "
        "corrected by Holm for all kinds)."
    )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def against_clean(name: str, curves: Curves, kind: str, severity: int) -> str:
    """How many answers the corruption turns either way, and McNemar's test of the two numbers."""
    found = curves.paired(kind, severity)
    here = f"{KINDS[kind].label} at severity {severity}"
    if not found.fixed + found.broken:
        return f"{here} turns no answer of **{plain(name)}** from right to wrong or back."
    test = found.mcnemar
    chance = "" if test.p < LEVEL else "; this may well be chance"
    return (
        f"{here} makes {count(found.broken, 'right answer')} of **{plain(name)}** wrong and "
        f"{count(found.fixed, 'wrong one')} right (McNemar against the clean images, p "
        f"{p_value(test.p)}{chance})."
    )


def suffers(digits: pd.DataFrame) -> str:
    """Which class loses most, and whether one gains: intervals that leave out 0 only.

    ``digits`` is `Curves.by_digit`.
    """
    lost, gained = digits[digits["high"] < 0], digits[digits["low"] > 0]
    said = []
    if len(lost):
        worst = lost[lost["change"] == lost["change"].min()]
        said.append(f"{_named(worst)} most: {_points(worst)} points of the recall")
    if len(gained):
        best = gained[gained["change"] == gained["change"].max()]
        said.append(f"{_named(best)} most: {_points(best)} points")
    if len(lost) and len(gained):
        return f"It costs the {said[0]}; it helps the {said[1]}."
    if said:
        return f"It {'costs' if len(lost) else 'helps'} the {said[0]}."
    return "No class surely loses or gains: every interval of the change holds 0."


def _named(rows: pd.DataFrame) -> str:
    return " and ".join(plain(several(name)) for name in rows["digit"])


def _points(rows: pd.DataFrame) -> str:
    row = rows.iloc[0]
    exact = percent_decimals(rows[["change", "low", "high"]].to_numpy().ravel(), 1)
    change, low, high = (signed(100 * row[name], exact) for name in ("change", "low", "high"))
    return f"{change} ({low} to {high})"


def breaking(curves: Curves, kind: str) -> str:
    """How many of the right answers break at the first severity, at a later one, and at none."""
    breaks = curves.breaks_at(kind)
    right = int((breaks != CLEAN).sum())
    first, never = (int((breaks == at).sum()) for at in (SEVERITIES[0], NEVER))
    return (
        f"Of {count(right, 'image')} right as they are, {first:,} are wrong at severity 1 already, "
        f"{right - first - never:,} at a higher one only, and {never:,} stay right at all five."
    )


def csv_table(every: Mapping[str, Curves]) -> pd.DataFrame:
    """`Curves.table` of every model, one below the other, clean images first."""
    return pd.concat(
        [_with_clean(one).assign(model=name) for name, one in every.items()], ignore_index=True
    )[["model", *_with_clean(next(iter(every.values()))).columns]]


def _with_clean(curves: Curves) -> pd.DataFrame:
    n, right = len(curves.true), int((curves.clean == curves.true).sum())
    low, high = wilson(right, n)
    row = {"kind": "clean", "severity": CLEAN, "right": right, "images": n}
    rates = {"accuracy": right / n if n else np.nan, "low": float(low), "high": float(high)}
    return pd.concat([pd.DataFrame([row | rates]), curves.table], ignore_index=True)
