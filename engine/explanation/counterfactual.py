"""The smallest change of an image that makes another template the nearer one, in grey levels."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.explanation.pixel_contributions import between
from engine.models.by_class import Compared
from engine.models.templates import WHITE, as_shares, distances


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """The fewest pixels to change so that ``target`` beats ``winner``, the strongest first.

    ``image`` (h, w) is the edited one, in the pixels that are compared. ``levels`` is the same as
    ``uint8``, of an image in [0, 1]: changed pixels get whole grey levels, so that an image file
    can hold what flips. ``steps`` has a row a changed pixel: step, row, column, ink before and
    after, margin left, and the digit that is then nearest.
    ``answer`` is the digit nearest to the edited image: a third digit may win before the target.
    """

    winner: int
    target: int
    image: np.ndarray
    steps: pd.DataFrame
    answer: int

    @property
    def levels(self) -> np.ndarray:
        return np.rint(WHITE * self.image).astype(np.uint8)

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
    """`smallest_change` of an image (h, w) compared with ``templates`` (k, h, w) as it is."""
    compared = Compared(as_shares(image), templates, np.zeros(len(classes)), metric)
    return smallest_change(compared, classes, winner, target)


def smallest_change(
    compared: Compared, classes: np.ndarray, winner: int, target: int
) -> Counterfactual | None:
    """The smallest change that makes ``target``'s template nearer than ``winner``'s.

    In the image as the model compares it, of which `Compared.fixed` must hold. Pixels do not depend
    on each other, so taking them by gain is exact for the pair. None when no change can do it, as
    of equal templates, and no steps when the target is already nearer. On a tie the smaller digit
    wins.
    """
    places = [list(classes).index(name) for name in (winner, target)]
    ink, best = compared.image, _best_ink(compared, *compared.templates[places])
    now = between(compared, *places)
    gains = now.parts - between(replace(compared, image=best), *places).parts
    order = np.argsort(-gains, axis=None, kind="stable")
    left = now.margin - np.concatenate([[0], np.cumsum(gains.ravel()[order])])
    enough = _beats(left, target < winner)
    if not enough.any():
        return None
    rows, columns = np.unravel_index(order[: int(enough.argmax())], ink.shape)
    states = _one_after_another(ink, best, rows, columns)
    answers = classes[_apart(states, compared).argmin(axis=1)]
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


def _apart(images: np.ndarray, compared: Compared) -> np.ndarray:
    """How far the images are from each class, (n, k), in grey levels: ties of medians are exact."""
    distance = distances(WHITE * images, WHITE * compared.templates, compared.metric)
    return distance + compared.offsets * (WHITE if compared.metric == "l1" else WHITE**2)


def _beats(left: np.ndarray, wins_ties: bool) -> np.ndarray:
    """Where so small a margin that is left lets the target win; what rounding leaves is a tie."""
    tied = left.round(12)
    return tied <= 0 if wins_ties else tied < 0


def _best_ink(compared: Compared, winner: np.ndarray, target: np.ndarray) -> np.ndarray:
    """For each pixel the ink nearest to what it has among those that serve the target most.

    With l1 that is the whole grey level at the target template's ink or next beyond it, as more
    would gain nothing; with l2 paper or full ink.
    """
    ink = compared.image
    if compared.metric == "l2":
        return np.where(target == winner, ink, np.where(target > winner, compared.full, 0.0))
    levels = (WHITE * target).round(9)  # what rounding added makes no level of its own
    above, below = np.ceil(levels) / WHITE, np.floor(levels) / WHITE
    beyond = np.where(target > winner, np.maximum(ink, above), np.minimum(ink, below))
    return np.where(target == winner, ink, beyond)


def _one_after_another(
    ink: np.ndarray, best: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    """The image before any change and after each one: (changes + 1, h, w)."""
    states = np.repeat(ink[None], len(rows) + 1, axis=0)
    for step, (row, column) in enumerate(zip(rows, columns, strict=True), start=1):
        states[step:, row, column] = best[row, column]
    return states
