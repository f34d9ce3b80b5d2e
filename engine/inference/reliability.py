"""How far to trust an answer: how often test images with a margin like this were right."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.evaluation.metrics import wilson

LIKE_SHARE = 0.05  # a margin "like this": the nearest 5 % of the test images by margin,
LEAST_LIKE = 60  # but at least this many, and all that tie with the last of them


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
    def usually_wrong(self) -> bool:
        """Whether less than half of such images are right, the whole interval said so."""
        return self.images > 0 and self.interval[1] < 0.5

    @property
    def interval(self) -> tuple[float, float]:
        low, high = wilson(self.right, self.images)
        return float(low), float(high)


def of_answer(
    table: pd.DataFrame, margin: float, predicted: int | str
) -> tuple[Measured, Measured]:
    """`measured` of all test images, and of those answered likewise."""
    return measured(table, margin), measured(table, margin, predicted)


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
