"""Why one template and not another: exact, pixel by pixel, and the least change that flips it.

Both metrics are means over pixels, so the difference of two distances is a sum of one part a pixel.
Nothing here is estimated: the parts add up to the margin.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.models.templates import WHITE, distances


def as_shares(image: np.ndarray) -> np.ndarray:
    """An image as float64 ink in [0, 1]; uint8 is read as level / 255, floats are kept."""
    return image / WHITE if image.dtype == np.uint8 else image.astype(np.float64)


@dataclass(frozen=True, eq=False)
class Contrast:
    """Why ``winner`` and not ``other``: each part is positive where it speaks for the winner.

    ``parts`` (h, w) is ``there + missing`` and sums to ``margin``, the distance to the other
    template minus the distance to the winner's. ``there`` counts ink the image has beyond a
    template, ``missing`` ink a template has beyond the image.
    """

    there: np.ndarray
    missing: np.ndarray

    @property
    def parts(self) -> np.ndarray:
        return self.there + self.missing

    @property
    def margin(self) -> float:
        return float(self.parts.sum())

    def deciding(self, most: int = 20) -> pd.DataFrame:
        """The strongest pixels of either sign, strongest first: row, column, part."""
        parts = self.parts
        order = np.argsort(-np.abs(parts), axis=None, kind="stable")[:most]
        rows, columns = np.unravel_index(order, parts.shape)
        table = pd.DataFrame({"row": rows, "column": columns, "part": parts[rows, columns]})
        return table[table["part"] != 0]


def contrast(
    image: np.ndarray, winner: np.ndarray, other: np.ndarray, metric: str = "l1"
) -> Contrast:
    """Compares two templates (h, w) on one image (h, w), in the unit of `distances`."""
    ink = as_shares(image)
    power = 1 if metric == "l1" else 2

    def too_much(more: np.ndarray, less: np.ndarray) -> np.ndarray:
        return np.maximum(more - less, 0) ** power / ink.size

    there = too_much(ink, other) - too_much(ink, winner)
    missing = too_much(other, ink) - too_much(winner, ink)
    return Contrast(there, missing)


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """The fewest pixels to change so that ``target`` beats ``winner``, the strongest first.

    ``image`` (h, w) in [0, 1] is the edited one; ``steps`` has a row a changed pixel: step, row,
    column, ink before and after, margin left, and the digit that is then nearest. ``answer`` is
    the digit nearest to the edited image: a third digit may win before the target does.
    """

    winner: int
    target: int
    image: np.ndarray
    steps: pd.DataFrame
    answer: int

    @property
    def third_wins(self) -> bool:
        return self.answer != self.target


def smallest_counterfactual(
    image: np.ndarray,
    templates: np.ndarray,
    classes: np.ndarray,
    winner: int,
    target: int,
    metric: str = "l1",
) -> Counterfactual | None:
    """The smallest change that makes ``target``'s template nearer than ``winner``'s.

    Pixels do not depend on each other, so taking them by gain is exact for the pair. None when no
    change can do it (equal templates), and no steps when the target is already nearer. On a tie
    the smaller digit wins.
    """
    for_winner, for_target = (templates[list(classes).index(name)] for name in (winner, target))
    ink = as_shares(image)
    best = _best_ink(ink, for_winner, for_target, metric)
    now = contrast(ink, for_winner, for_target, metric)
    gains = now.parts - contrast(best, for_winner, for_target, metric).parts
    order = np.argsort(-gains, axis=None, kind="stable")
    left = now.margin - np.concatenate([[0], np.cumsum(gains.ravel()[order])])
    enough = _beats(left, target < winner)
    if not enough.any():
        return None
    rows, columns = np.unravel_index(order[: int(enough.argmax())], ink.shape)
    states = _one_after_another(ink, best, rows, columns)
    # In grey levels, in which sums over medians are exact and ties are ties.
    answers = classes[distances(WHITE * states, WHITE * templates, metric).argmin(axis=1)]
    steps = pd.DataFrame(
        {
            "step": np.arange(1, len(rows) + 1),
            "row": rows,
            "column": columns,
            "ink before": ink[rows, columns],
            "ink after": best[rows, columns],
            "margin left": left[1 : len(rows) + 1],
            "nearest": answers[1:],
        }
    )
    return Counterfactual(winner, target, states[-1], steps, answers[-1].item())


def _beats(left: np.ndarray, wins_ties: bool) -> np.ndarray:
    """Where so small a margin that is left lets the target win; what rounding leaves is a tie."""
    tied = left.round(12)
    return tied <= 0 if wins_ties else tied < 0


def _best_ink(ink: np.ndarray, winner: np.ndarray, target: np.ndarray, metric: str) -> np.ndarray:
    """For each pixel the ink nearest to what it has among those that serve the target most.

    With l1 that is the target template's own ink, as more would gain nothing; with l2 paper or
    full ink.
    """
    if metric == "l2":
        return np.where(target == winner, ink, (target > winner).astype(float))
    beyond = np.where(target > winner, np.maximum(ink, target), np.minimum(ink, target))
    return np.where(target == winner, ink, beyond)


def _one_after_another(
    ink: np.ndarray, best: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    """The image before any change and after each one: (changes + 1, h, w)."""
    states = np.repeat(ink[None], len(rows) + 1, axis=0)
    for step, (row, column) in enumerate(zip(rows, columns, strict=True), start=1):
        states[step:, row, column] = best[row, column]
    return states


def nearest_images(
    image: np.ndarray, images: np.ndarray, labels: np.ndarray, metric: str = "l1", most: int = 5
) -> pd.DataFrame:
    """The ``most`` images (n, h, w) nearest to ``image``, and as many of each label: a row each.

    ``index`` in ``images``, ``label``, ``distance`` as in `distances`, ``overall`` the place among
    all and ``place`` among its label, both from 1. Equal distances keep the order of the images.
    """
    distance = distances(images, as_shares(image)[None], metric)[:, 0]
    order = np.argsort(distance, kind="stable")
    table = pd.DataFrame(
        {
            "index": order,
            "label": labels[order],
            "distance": distance[order],
            "overall": np.arange(1, len(order) + 1),
        }
    )
    table["place"] = table.groupby("label").cumcount() + 1
    return table[(table["place"] <= most) | (table["overall"] <= most)].reset_index(drop=True)
