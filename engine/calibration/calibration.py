"""A model's answers made into probabilities and sets, by images that it was not fitted on."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from engine.calibration import conformal
from engine.calibration.isotonic import Blocks, Measured, pooled
from engine.calibration.left_out import can_leave_out, left_out_distances
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import places

ENOUGH = 50  # that calibrate: fewer tell nothing
ENOUGH_ALIKE = 20  # images with the same answer and a like margin
SEED = 0  # of the halves


class Method(StrEnum):
    """Which images calibrate: the training images, each left out, or half of the test images."""

    LEFT_OUT = "left out"
    HALF = "half"


@dataclass(frozen=True, eq=False)
class Calibration:
    """What ``images`` answers to images that a model was not fitted on tell of its other answers.

    ``every`` and, for each class in the order of the model's, ``by_answer`` give the probability
    that an answer is right; ``scores`` hold the sorted `conformal.scores` of the images of each
    class. ``judged`` are the rows of the evaluation's table that took no part: all test images, or
    the other half.
    """

    method: Method
    images: int
    every: Blocks
    by_answer: tuple[Blocks, ...]
    scores: tuple[np.ndarray, ...]
    judged: pd.DataFrame


@dataclass(frozen=True)
class Trust:
    """How many images with a margin like an answer's were right: ``like``, its probability.

    ``same`` are those that got the same answer; ``method`` says which images they are.
    """

    method: Method
    like: Measured
    same: Measured

    @property
    def by_answer(self) -> bool:
        """Whether images with the same answer are enough to go by; if not, all have to do."""
        return self.same.images >= ENOUGH_ALIKE

    @property
    def best(self) -> Measured:
        """The probability of the answer: a class that draws errors has another than the others."""
        return self.same if self.by_answer else self.like


def can_calibrate(evaluation: Evaluation) -> bool:
    """Whether there are margins, and enough images that the model was not fitted on."""
    left_out = can_leave_out(evaluation.classifier)
    images = len(evaluation.dataset.training) if left_out else evaluation.n_images // 2
    return evaluation.scored and evaluation.n_images > 0 and images >= ENOUGH


def calibrate(evaluation: Evaluation) -> Calibration:
    """Ask `can_calibrate` first. Mean templates take a pass over the training images.

    They are calibrated on all training images, each left out of its template (`left_out`); any
    other model on half of the test images, drawn by a fixed seed.
    """
    table = evaluation.table
    if can_leave_out(evaluation.classifier):
        training = evaluation.dataset.training
        distance = left_out_distances(evaluation.classifier, training.images, training.labels)
        own, answers = places(training.labels, evaluation.classes), distance.argmin(axis=1)
        return _calibration(Method.LEFT_OUT, distance, own, answers, table)
    half = np.random.default_rng(SEED).permutation(len(table)) < len(table) // 2
    some = table[half]
    own, answers = (places(some[name], evaluation.classes) for name in ("true", "predicted"))
    judged = table[~half].reset_index(drop=True)
    return _calibration(Method.HALF, distances_in(some, evaluation.classes), own, answers, judged)


def distances_in(table: pd.DataFrame, classes: np.ndarray) -> np.ndarray:
    """The distances (n, k) that rows of an evaluation's table hold."""
    return table[[f"distance to {name}" for name in classes]].to_numpy(dtype=float)


def _calibration(
    method: Method,
    distance: np.ndarray,
    own: np.ndarray,
    answers: np.ndarray,
    judged: pd.DataFrame,
) -> Calibration:
    nearest = np.partition(distance, 1, axis=1)[:, :2]
    margins, right = nearest[:, 1] - nearest[:, 0], answers == own
    classes = range(distance.shape[1])
    each = [answers == place for place in classes]
    score = conformal.scores(distance)[np.arange(len(own)), own]
    return Calibration(
        method,
        len(own),
        pooled(margins, right),
        tuple(pooled(margins[some], right[some]) for some in each),
        tuple(np.sort(score[own == place]) for place in classes),
        judged,
    )


def trust(found: Calibration, margin: float, place: int) -> Trust:
    """How often answers with a margin like this are right, and those of the class at ``place``."""
    return Trust(found.method, found.every.at(margin), found.by_answer[place].at(margin))
