"""One image's answer and its reasons: ten distances, the margin, and how far to trust it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import wilson

LIKE_SHARE = 0.05  # a margin "like this": the nearest 5 % of the test images by margin,
LEAST_LIKE = 60  # but at least this many, and all that tie with the last of them
FARTHEST = 1.1  # this many times as far from every template as any test image: not a digit


@dataclass(frozen=True)
class Answer:
    """``distances`` (k,) to the templates of ``classes``; equal ones go to the smaller digit.

    ``order`` has the classes from nearest to farthest; ``margin`` is the second distance minus the
    first, in the unit of the distances.
    """

    classes: np.ndarray
    distances: np.ndarray

    @property
    def order(self) -> np.ndarray:
        return self.classes[np.argsort(self.distances, kind="stable")]

    @property
    def digit(self) -> int:
        return self.order[0].item()

    @property
    def distance(self) -> float:
        return float(self.distances.min())

    @property
    def margin(self) -> float:
        nearest = np.sort(self.distances)[:2]
        return float(nearest[-1] - nearest[0])

    def rank(self, digit: int) -> int:
        """The place of ``digit``, 1 for the answer. Raises ValueError for one not known."""
        return self.order.tolist().index(digit) + 1

    def behind(self, digit: int) -> float:
        """How much farther the template of ``digit`` is than the nearest one."""
        return float(self.distances[self.classes.tolist().index(digit)] - self.distance)


@dataclass(frozen=True)
class Measured:
    """How many of some test images were right: a count, its whole, the 95 % Wilson interval.

    ``narrowest`` to ``widest`` are the margins of those images. No images give nan.
    """

    right: int
    images: int
    narrowest: float
    widest: float

    @property
    def rate(self) -> float:
        return self.right / self.images if self.images else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        low, high = wilson(self.right, self.images)
        return float(low), float(high)


def answer(evaluation: Evaluation, image: np.ndarray) -> Answer:
    """The evaluation's answer to an image (h, w), ``uint8`` ink."""
    return Answer(evaluation.classes, evaluation.classifier.distances(image[None])[0])


def measured(table: pd.DataFrame, margin: float, predicted: int | None = None) -> Measured:
    """How often test images with a margin like this were right: no softmax, a count.

    ``table`` is `metrics.outcomes`. Looked at are the 5 % of the images (60 at least) whose
    margins are nearest to ``margin``, and all that are just as near as the last of them; with
    ``predicted`` only those answered so.
    """
    if predicted is not None:
        table = table[table["predicted"] == predicted]
    if table.empty:
        return Measured(0, 0, float("nan"), float("nan"))
    # Two margins on either side are equally near, whatever rounding makes of the differences.
    apart = (table["margin"] - margin).abs().round(12).to_numpy()
    wanted = min(len(table), max(LEAST_LIKE, round(LIKE_SHARE * len(table))))
    like = table[apart <= np.partition(apart, wanted - 1)[wanted - 1]]
    margins = like["margin"]
    return Measured(int(like["right"].sum()), len(like), float(margins.min()), float(margins.max()))


def farthest(evaluation: Evaluation) -> float:
    """The distance beyond which an image is called no digit: a tenth more than any test image's.

    Infinite without test images.
    """
    columns = [f"distance to {digit}" for digit in evaluation.classes]
    nearest = evaluation.table[columns].min(axis=1)
    return FARTHEST * float(nearest.max()) if len(nearest) else float("inf")
