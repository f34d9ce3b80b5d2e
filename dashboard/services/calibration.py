"""How far each model's answers can be trusted, computed once for all who see its answers."""

import pandas as pd

from dashboard.services import evaluations
from engine.calibration.calibration import Calibration, Trust, calibrate, can_calibrate, trust
from engine.calibration.reliability import Kind, bins
from engine.datasets.mapped_memory import give_back
from engine.evaluation.evaluation import Evaluation


def of(evaluation: Evaluation) -> Calibration | None:
    """`calibrate`; None where there is nothing to calibrate by."""
    if evaluation.is_sample or not can_calibrate(evaluation):
        return None
    return evaluations.of_evaluation(evaluation, _made)


def known(evaluation: Evaluation) -> Calibration | None:
    """The same if somebody has asked for it already."""
    return evaluation.kept.peek((_made,))


def of_answer(evaluation: Evaluation, margin: float, answer: int | str) -> Trust | None:
    """How often such answers are right; None where there is nothing to calibrate by."""
    found = of(evaluation)
    if found is None:
        return None
    return trust(found, margin, evaluation.classes.tolist().index(answer))


def bins_of(evaluation: Evaluation, found: Calibration) -> pd.DataFrame:
    """`reliability.bins` of all calibrated probabilities."""
    return bins(Kind.CALIBRATED, found, found.judged, evaluation.classes)


def _made(evaluation: Evaluation) -> Calibration:
    made = calibrate(evaluation)
    give_back(evaluation.dataset.training.images)
    return made
