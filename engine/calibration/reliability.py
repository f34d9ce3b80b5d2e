"""Probabilities judged on the images that took no part in calibrating them."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from engine.calibration.bins import equal_count_bins, expected_calibration_error
from engine.calibration.calibration import Calibration, distances_in
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import wilson


class Kind(StrEnum):
    """Whose probabilities: by the margin of all answers, by that of like ones, the model's own."""

    CALIBRATED = "by margin"
    BY_ANSWER = "by margin and answer"
    OWN = "the model's own"


@dataclass(frozen=True)
class Confidence:
    """The ``mean`` probability given to ``images`` answers, of which ``right`` are right."""

    mean: float
    right: int
    images: int

    @property
    def gap(self) -> float:
        """How much more is said than is so; below zero for less."""
        return self.mean - self.right / self.images

    @property
    def beyond_chance(self) -> bool:
        """Whether the mean lies outside the Wilson 95 % interval of the share that is right."""
        low, high = wilson(self.right, self.images)
        return not low <= self.mean <= high


def kinds(evaluation: Evaluation) -> list[Kind]:
    """Which probabilities there are."""
    return [Kind.CALIBRATED, Kind.BY_ANSWER, *([Kind.OWN] if evaluation.share else [])]


def probabilities(
    kind: Kind, found: Calibration, rows: pd.DataFrame, classes: np.ndarray
) -> np.ndarray:
    """That each of these answers is right, (n,). `Kind.OWN` is for models that give shares."""
    margins = rows["margin"].to_numpy()
    if kind is Kind.CALIBRATED:
        return found.every.probability(margins)
    if kind is Kind.OWN:
        return 1 - distances_in(rows, classes).min(axis=1)
    said = np.full(len(rows), np.nan)
    for place, name in enumerate(classes):
        here = (rows["predicted"] == name).to_numpy()
        said[here] = found.by_answer[place].probability(margins[here])
    return said


def bins(kind: Kind, found: Calibration, rows: pd.DataFrame, classes: np.ndarray) -> pd.DataFrame:
    """`equal_count_bins` of these answers, by what is said, or by the margin if it says all.

    Answers that no image calibrates are left out.
    """
    said = probabilities(kind, found, rows, classes)
    by = rows["margin"].to_numpy() if kind is Kind.CALIBRATED else said
    known = ~np.isnan(said)
    return equal_count_bins(said[known], rows["right"].to_numpy()[known], by[known])


def confidence(bins: pd.DataFrame) -> Confidence:
    """Of the answers in all bins together, of which there is one or more."""
    images = int(bins["images"].sum())
    mean = float(bins["probability"] @ bins["images"]) / images
    return Confidence(mean, int(bins["right"].sum()), images)


def by_answer(found: Calibration, evaluation: Evaluation) -> pd.DataFrame:
    """One row a class that is answered: how often that is right, and how often it is said to be.

    ``answers``; ``right`` with its Wilson 95 % interval ``low`` to ``high``; ``probability`` is
    the mean calibrated one, ``ECE`` its error over at most 15 bins of equal count, ``ECE by
    answer`` that of the probabilities calibrated on answers of the class alone.
    """
    lines = []
    for name in evaluation.classes:
        rows = found.judged[found.judged["predicted"] == name]
        if rows.empty:
            continue
        shown, likewise = (
            bins(kind, found, rows, evaluation.classes)
            for kind in (Kind.CALIBRATED, Kind.BY_ANSWER)
        )
        all_of_it = confidence(shown)
        low, high = wilson(all_of_it.right, all_of_it.images)
        lines.append(
            {
                "answer": name,
                "answers": all_of_it.images,
                "right": all_of_it.right / all_of_it.images,
                "low": float(low),
                "high": float(high),
                "probability": all_of_it.mean,
                "ECE": expected_calibration_error(shown),
                "ECE by answer": expected_calibration_error(likewise),
            }
        )
    return pd.DataFrame(lines)
