"""Finds the slices in which answers are wrong most often, on one half, and judges on the other.

Shallow trees split one half of the images: by all attributes, and by each two of those that the
first tree used, which makes simpler rules. What is worse than the rest is counted on the other
half, which no tree has seen, and tested there with a correction for all that was tried.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd

from engine.evaluation.metrics import wilson
from engine.slices.rules import Condition, Rule

DEPTH = 3  # conditions of a slice
LEAST, LEAST_SHARE = 30, 0.015  # images of a slice on each half, and as a share of all images
LARGEST = 0.5  # share of the images of a half: what holds of most of them is no slice
MOST = 6  # slices that are given
ALPHA = 0.01  # false discovery rate below which a slice is called one
RUNS = 100  # permutations


@dataclass(frozen=True)
class Slice:
    """How often answers are right in a slice, on the half that judged.

    ``images`` and ``right`` are counts there, ``found_images`` and ``found_right`` on the half on
    which it was found. ``p``: the chance of so few right ones in as many images drawn from that
    half (hypergeometric, which is Fisher's exact test, one-sided); ``corrected`` for all slices
    tried, by Benjamini and Hochberg.
    """

    rule: Rule
    images: int
    right: int
    found_images: int
    found_right: int
    p: float
    corrected: float


@dataclass(frozen=True, eq=False)
class Search:
    """``slices``: those that hold, the worst first, at most `MOST`, each at least half new images.

    ``tried`` counts all that were tested; ``judged`` (n,) bool is the half that judged.
    """

    slices: tuple[Slice, ...]
    tried: int
    judged: np.ndarray


@dataclass(frozen=True, eq=False)
class Halves:
    """The attributes as a tree takes them, and which images find (the others judge)."""

    attributes: pd.DataFrame
    seed: int

    @cached_property
    def finding(self) -> np.ndarray:
        """(n,) bool: a half of the images, drawn by the seed."""
        n = len(self.attributes)
        mask = np.zeros(n, bool)
        mask[np.random.default_rng(self.seed).permutation(n)[: n // 2]] = True
        return mask

    @cached_property
    def columns(self) -> list[tuple[str, str | None, np.ndarray]]:
        """Attribute, value and numbers: one column for a number, one for each value of others."""
        columns = []
        for name, values in self.attributes.items():
            if pd.api.types.is_numeric_dtype(values):
                columns.append((name, None, values.to_numpy(dtype=float)))
            else:
                texts = values.astype(str).where(values.notna())
                columns += [
                    (name, value, (texts == value).to_numpy(dtype=float))
                    for value in sorted(texts.dropna().unique())
                ]
        return columns

    @cached_property
    def matrix(self) -> np.ndarray:
        """(n, columns) float32, as scikit-learn's trees want them."""
        return np.column_stack([numbers for _, _, numbers in self.columns]).astype(np.float32)

    @property
    def least(self) -> int:
        """Images that a slice must have on each half."""
        return max(LEAST, int(np.ceil(LEAST_SHARE * len(self.attributes))))


def find_slices(attributes: pd.DataFrame, right: np.ndarray, seed: int = 0) -> Search:
    """The slices of images in which answers are right less often than in the rest.

    ``attributes`` has a row for each image and a column for each attribute: numbers, or texts of
    few values; ``right`` (n,) bool says whose answer is right. Too few images give no slices.
    """
    return _found(Halves(attributes, seed), np.asarray(right, dtype=bool))


def by_chance(attributes: pd.DataFrame, right: np.ndarray, seed: int = 0) -> Iterator[float]:
    """What the same search finds where attributes say nothing of ``right``, in `RUNS` runs.

    In each, ``right`` is permuted; it gives the smallest corrected p of a slice that was called,
    1 where none was.
    """
    halves, generator = Halves(attributes, seed), np.random.default_rng(seed)
    for _ in range(RUNS):
        slices = _found(halves, generator.permutation(np.asarray(right, dtype=bool))).slices
        yield min((one.corrected for one in slices), default=1.0)


def _found(halves: Halves, right: np.ndarray) -> Search:
    finding, judging = halves.finding, ~halves.finding
    if finding.sum() < 2 * halves.least or right.all() or not right.any():
        return Search((), 0, judging)
    masks = {}
    for rule in _rules(halves, right):
        mask = rule.mask(halves.attributes)
        worse = _needed(rule, halves, right)
        sizes = [(mask & half).sum() for half in (finding, judging)]
        if worse and min(sizes) >= halves.least and max(sizes) <= LARGEST * judging.sum():
            masks[rule] = mask
    masks = _without_narrower(masks, finding, right)
    slices = _judged(masks, right, judging)
    return Search(tuple(_apart(slices, masks)), len(masks), judging)


def _needed(rule: Rule, halves: Halves, right: np.ndarray) -> bool:
    """Whether, where it was found, the slice is worse than without any of its conditions.

    Else a split of noise would make a slice narrower for nothing.
    """
    conditions, finding = rule.conditions, halves.finding
    inside = rule.mask(halves.attributes)
    wider = [Rule(tuple(other for other in conditions if other != one)) for one in conditions]
    masks = [one.mask(halves.attributes) for one in wider]
    return all(_worse(inside & finding, mask & finding, right) for mask in masks)


def _worse(inside: np.ndarray, wider: np.ndarray, right: np.ndarray) -> bool:
    """Whether the rate inside lies below that of ``wider`` with its whole interval."""
    upper = wilson(int(right[inside].sum()), int(inside.sum()))[1]
    return bool(upper < _rate(right, wider))


def _without_narrower(
    masks: dict[Rule, np.ndarray], finding: np.ndarray, right: np.ndarray
) -> dict[Rule, np.ndarray]:
    """Without rules whose images another one holds, too, that is as bad where it was found."""
    found = {rule: mask & finding for rule, mask in masks.items()}

    def holds(wider: np.ndarray, mask: np.ndarray) -> bool:
        return bool(wider.sum() > mask.sum() and not (mask & ~wider).any())

    return {
        rule: masks[rule]
        for rule, mask in found.items()
        if all(_worse(mask, wider, right) for wider in found.values() if holds(wider, mask))
    }


def _rate(right: np.ndarray, mask: np.ndarray) -> float:
    return float(right[mask].mean()) if mask.any() else np.nan


def _rules(halves: Halves, right: np.ndarray) -> list[Rule]:
    """What leads to each node of each tree but its root, each rule once."""
    every = np.arange(len(halves.columns))
    rules = _of_tree(halves, right, every)
    used = sorted({one.attribute for rule in rules for one in rule.conditions})
    for two in combinations(used, 2):
        columns = [at for at in every if halves.columns[at][0] in two]
        rules += _of_tree(halves, right, np.array(columns))
    return list(dict.fromkeys(rules))


def _of_tree(halves: Halves, right: np.ndarray, columns: np.ndarray) -> list[Rule]:
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(
        max_depth=DEPTH, min_samples_leaf=halves.least, random_state=halves.seed
    )
    tree.fit(halves.matrix[halves.finding][:, columns], right[halves.finding])
    nodes, rules = tree.tree_, []

    def below(node: int, conditions: tuple[Condition, ...]) -> None:
        if conditions:
            rules.append(Rule(_tightest(conditions)))
        if nodes.children_left[node] < 0:
            return
        column = columns[nodes.feature[node]]
        lower, higher = _conditions(halves, column, nodes.threshold[node])
        below(nodes.children_left[node], (*conditions, lower))
        below(nodes.children_right[node], (*conditions, higher))

    below(0, ())
    return rules


def _conditions(halves: Halves, column: int, threshold: float) -> tuple[Condition, Condition]:
    """What holds on both sides of a split; thresholds have three digits, of whole numbers none."""
    name, value, numbers = halves.columns[column]
    if value is not None:
        return Condition(name, "!=", value), Condition(name, "=", value)
    whole = np.array_equal(numbers, np.round(numbers))
    at = float(np.floor(threshold)) if whole else float(f"{threshold:.3g}")
    return Condition(name, "<=", at + 0.0), Condition(name, ">", at + 0.0)


def _tightest(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Without what a later condition on the same attribute says more narrowly; bounds together."""
    last = {(one.attribute, one.sign, _text(one)): one for one in conditions}
    order = list(dict.fromkeys(one.attribute for one in conditions))
    return tuple(
        sorted(last.values(), key=lambda one: (order.index(one.attribute), one.sign != ">"))
    )


def _text(condition: Condition) -> str:
    return condition.value if isinstance(condition.value, str) else ""


def _judged(masks: dict[Rule, np.ndarray], right: np.ndarray, judging: np.ndarray) -> list[Slice]:
    """Every slice tried, with its counts and p values."""
    if not masks:
        return []
    from scipy.stats import false_discovery_control, hypergeom

    all_images, all_right = int(judging.sum()), int(right[judging].sum())
    inside = np.array([[(m & s).sum() for s in (judging, ~judging)] for m in masks.values()])
    n_right = np.array(
        [[(m & s & right).sum() for s in (judging, ~judging)] for m in masks.values()]
    )
    p = hypergeom.cdf(n_right[:, 0], all_images, all_right, inside[:, 0])
    corrected = false_discovery_control(np.clip(p, 0, 1))
    return [
        Slice(rule, *map(int, (n[0], r[0], n[1], r[1])), float(each), float(both))
        for rule, n, r, each, both in zip(masks, inside, n_right, p, corrected, strict=True)
    ]


def _apart(slices: list[Slice], masks: dict[Rule, np.ndarray]) -> list[Slice]:
    """Those that hold, by the upper end of their rate, without what worse ones mostly cover."""
    called = [one for one in slices if one.corrected <= ALPHA]
    called.sort(key=lambda one: (float(wilson(one.right, one.images)[1]), one.p))
    kept: list[Slice] = []
    covered = np.zeros(len(next(iter(masks.values()), [])), bool)
    for one in called:
        mask = masks[one.rule]
        if (mask & covered).sum() <= mask.sum() / 2:
            kept.append(one)
            covered |= mask
    return kept[:MOST]
