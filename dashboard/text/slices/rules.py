"""Slices in words: their rule, how often answers in them are right, and what chance would find."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.text.markdown import plain
from dashboard.text.numbers import count, rate, share
from engine.evaluation.metrics import wilson
from engine.io.numbers import minus, small
from engine.slices.rules import Rule
from engine.slices.search import ALPHA, RUNS, Search

SIGNS = {"<=": "at most", "<": "below", ">=": "at least", ">": "above", "=": "", "!=": "not"}
RATES = ("right", "95 % from", "to")
HOW = (
    "The slices are found on one half of the test images and judged on the other, which the search "
    "has not seen; the p value (Fisher's exact test against the rest of that half) is corrected "
    "for all slices tried (Benjamini–Hochberg)."
)
EXAMPLE = "thickness <= 2.1 and length > 20"


def words(rule: Rule) -> str:
    """'thickness at most 2.08 and length above 20.5'."""
    parts = []
    for one in rule.conditions:
        value = one.value if isinstance(one.value, str) else minus(small(one.value))
        parts.append(" ".join(part for part in (one.attribute, SIGNS[one.sign], value) if part))
    return " and ".join(parts)


def inside(rule: Rule, right: Sequence[bool], mask: np.ndarray) -> str:
    """How many of the images of a slice are right, beside all others that were judged."""
    right = np.asarray(right, dtype=bool)
    n, n_right = int(mask.sum()), int(right[mask].sum())
    if not n:
        return f"No test image has {plain(words(rule))}."
    said = (
        f"Of {count(n, 'test image')} with {plain(words(rule))}, {n_right:,} are right: "
        f"{share(n_right, n)}"
    )
    others = len(right) - n
    if not others:
        return f"{said}."
    return f"{said}; of the other {others:,}, {share(int(right[~mask].sum()), others)}."


def found(search: Search) -> str:
    """How many slices hold, and how they were found."""
    judged = count(int(search.judged.sum()), "image")
    if not search.slices:
        return (
            f"No slice holds: of {count(search.tried, 'candidate')}, none is worse than the rest "
            f"beyond doubt on the {judged} that judged. {HOW}"
        )
    return f"{worst(search)} {HOW}"


def worst(search: Search) -> str:
    """The slice whose answers are right least often, with its interval."""
    one, judged = search.slices[0], count(int(search.judged.sum()), "image")
    return (
        f"The worst slice is **{plain(words(one.rule))}**: {rate(one.right, one.images)} right, of "
        f"{one.images:,} of the {judged} that judged."
    )


def table(search: Search) -> pd.DataFrame:
    """A row for each slice, with its figures on the half that judged."""
    rows = [
        (words(one.rule), one.images, one.right / one.images, *wilson(one.right, one.images))
        for one in search.slices
    ]
    shown = pd.DataFrame(rows, columns=["slice", "images judged", *RATES])
    return shown.assign(
        **{
            "right where found": [one.found_right / one.found_images for one in search.slices],
            "p corrected": [_p(one.corrected) for one in search.slices],
        }
    )


def _p(p: float) -> str:
    return "below 1e-15" if p < 1e-15 else small(p)


def chance(smallest: Sequence[float], slices: int) -> str:
    """How often the same search found a slice among answers that were permuted."""
    runs, calls = len(smallest), sum(p <= ALPHA for p in smallest)
    if not runs:
        return ""
    so_far = "" if runs == RUNS else " so far"
    none = "in none" if not calls else f"in {calls}"
    here = f"Here it calls {count(slices, 'slice')}." if slices else ""
    return (
        f"Would chance find as much? With the answers permuted, so that no attribute says anything "
        f"of them, the same search calls a slice {none} of {count(runs, 'run')}{so_far}. {here}"
    )
