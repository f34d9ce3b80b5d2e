"""Do the classes that are predicted too often have templates of one kind?"""

from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np
import pandas as pd

BLANK_PIXELS = "blank pixels"  # the name of a property
BLANK = 0.02  # a pixel with less ink than this share of full ink is blank
OTHER_CUTOFFS = (0.01, 0.05, 0.1, 0.2)  # at which a relation with blank pixels is tried, too
EXACT_TO = 7  # classes; up to here all orders are counted
LEVEL = 0.05


@dataclass(frozen=True)
class Relation:
    """How one property of the templates goes with the surplus of predictions.

    ``name`` is a key of `properties`, ``values`` (k,) the property, ``rho`` Spearman's rank
    correlation, ``p`` two-sided, multiplied by the number of properties tried (Bonferroni).
    ``fails_at`` are the `OTHER_CUTOFFS` at which "blank pixels" would not be significant.
    """

    name: str
    values: np.ndarray
    rho: float
    p: float
    fails_at: tuple[float, ...] = ()


def properties(templates: np.ndarray, cutoff: float = BLANK) -> dict[str, np.ndarray]:
    """Of each template (k, h, w) in [0, 1]: mean "ink", share of "blank pixels", and "contrast".

    Pixels below ``cutoff`` are blank; contrast is the standard deviation over the pixels.
    """
    pixels = templates.reshape(len(templates), -1)
    blank = (pixels < cutoff).mean(axis=1)
    return {"ink": pixels.mean(axis=1), BLANK_PIXELS: blank, "contrast": pixels.std(axis=1)}


def relation(templates: np.ndarray, counts: np.ndarray) -> Relation | None:
    """The strongest relation with the surplus (predicted minus true images) that is significant.

    ``counts`` (k, k) is the confusion matrix of the model with these templates. None when no
    property correlates with p < 0.05, or when no class is predicted too often.
    """
    certain = [one for one in _relations(templates, counts, BLANK) if one.p < LEVEL]
    strongest = max(certain, key=lambda one: abs(one.rho), default=None)
    if strongest is None or strongest.name != BLANK_PIXELS:
        return strongest
    tried = {cutoff: _relations(templates, counts, cutoff) for cutoff in OTHER_CUTOFFS}
    fails = tuple(
        cutoff
        for cutoff, found in tried.items()
        if not any(one.name == strongest.name and one.p < LEVEL for one in found)
    )
    return replace(strongest, fails_at=fails)


def _relations(templates: np.ndarray, counts: np.ndarray, cutoff: float) -> list[Relation]:
    """Each property with the surplus of predictions."""
    surplus = counts.sum(axis=0) - counts.sum(axis=1)
    tried = properties(templates, cutoff)
    return [
        Relation(name, values, rho, min(1.0, p * len(tried)))
        for name, values in tried.items()
        for rho, p in [spearman(values, surplus)]
    ]


def spearman(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """Spearman's rank correlation of two (k,) and its two-sided p-value; (nan, 1) of constants.

    Up to `EXACT_TO` values p counts all orders; beyond, Student's t approximates it. As
    `scipy.stats.spearmanr`, whose import takes longer than the start page it would stand on.
    """
    one, other = (pd.Series(values).rank().to_numpy() for values in (first, second))
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return np.nan, 1.0
    rho = float(np.corrcoef(one, other)[0, 1])
    if len(one) > EXACT_TO:
        return rho, _p_by_student(rho, len(one) - 2)
    products = np.array(list(permutations(other - other.mean()))) @ (one - one.mean())
    seen = abs((one - one.mean()) @ (other - other.mean()))
    return rho, float((np.abs(products) >= seen - 1e-9).mean())


def _p_by_student(rho: float, freedom: int) -> float:
    """The two-sided p-value of t = rho √(freedom / (1 − rho²)), for whole degrees of freedom.

    M. Abramowitz and I. Stegun, "Handbook of Mathematical Functions", 26.7.3 and 26.7.4, in which
    the sine of their angle is |rho|.
    """
    sine, cosine = min(abs(rho), 1.0), np.sqrt(max(1 - rho**2, 0.0))
    odd = freedom % 2
    steps = np.arange(1 + odd, freedom - 1, 2)
    terms = np.cumprod([1.0, *(cosine**2 * steps / (steps + 1))])
    if not odd:
        return float(max(0.0, 1 - sine * terms.sum()))
    series = sine * cosine * terms.sum() if freedom > 1 else 0.0
    return float(max(0.0, 1 - 2 / np.pi * (np.arcsin(sine) + series)))
