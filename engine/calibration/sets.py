"""Prediction sets of a model at a level: how large they are, and whether the promise is kept."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from engine.calibration import conformal
from engine.calibration.calibration import Calibration, distances_in
from engine.evaluation.metrics import places


@dataclass(frozen=True, eq=False)
class PredictionSets:
    """``held`` (n, k): which of ``classes`` the set of each of the ``rows`` holds.

    The sets promise to hold the true class of ``level`` % of the images, of each class if
    ``by_class``. ``unlimited`` are the classes that are in every set: too few images calibrate
    them for that level.
    """

    level: int
    by_class: bool
    rows: pd.DataFrame
    held: np.ndarray
    classes: np.ndarray
    unlimited: list

    @cached_property
    def table(self) -> pd.DataFrame:
        """`conformal.coverage_by_class`."""
        own = places(self.rows["true"], self.classes)
        return conformal.coverage_by_class(self.held, own, self.classes)

    @property
    def sizes(self) -> np.ndarray:
        """(n,): how many classes each set holds."""
        return self.held.sum(axis=1)

    @property
    def covered(self) -> int:
        """How many sets hold the true class."""
        return int(self.table["covered"].sum())

    @property
    def worst(self) -> pd.Series | None:
        """The row of ``table`` that is covered least, the first of equals; None without images.

        Its class is in ``classes`` at its name.
        """
        known = self.table.drop(columns="class")["coverage"].dropna()
        return self.table.drop(columns="class").loc[known.idxmin()] if len(known) else None

    def broken_for(self) -> pd.DataFrame:
        """The rows of ``table`` of which the whole 95 % interval is below the level."""
        return self.table[self.table["high"] < self.level / 100]


def prediction_sets(
    found: Calibration, classes: np.ndarray, level: int, by_class: bool = True
) -> PredictionSets:
    """The sets of the test images that took no part in the calibration; ``level`` in per cent."""
    limits = conformal.thresholds(found.scores, level, by_class)
    held = conformal.scores(distances_in(found.judged, classes)) <= limits
    unlimited = classes[np.isinf(limits)].tolist()
    return PredictionSets(level, by_class, found.judged, held, classes, unlimited)
