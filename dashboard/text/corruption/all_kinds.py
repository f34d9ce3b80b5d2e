"""All kinds of corruption, in words: what models get right on average, and who is best where."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dashboard.text.markdown import plain
from dashboard.text.numbers import count, share
from engine.corruption.curves import CLEAN, PUBLISHED, Curves
from engine.corruption.kinds import KINDS
from engine.cures.cover import holm
from engine.evaluation.metrics import wilson
from engine.io.numbers import percent
from engine.report.conclusion import LEVEL

CANNOT = (
    "Of {} only the answers to the test images as they are came with the file: it cannot answer "
    "corrupted ones. Choose another model in the sidebar."
)
DOT = "A dot marks the severity of MNIST-C's files."
HOW = (
    "The kinds are those of MNIST-C (Mu and Gilmer, 2019), made here from a seed. Lengths grow "
    "with the size of the image. MNIST-C has one severity of Stripe, Dotted line, Zigzag and Canny "
    "edges; the others of these are made up here."
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
    verb = "turns" if len(found) == 1 else "turn"
    return (
        f"{_listed(found)} {verb} more wrong answers of **{plain(name)}** right than right ones "
        "wrong (McNemar, corrected by Holm for all kinds)."
    )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


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
