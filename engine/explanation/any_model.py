"""How far any classifier puts an image from each class, so that even very sure answers differ."""

from collections.abc import Callable

import numpy as np

from engine.evaluation.evaluation import PROBABILITY, share_of
from engine.models.base import Classifier

LOG_ODDS = "log odds"  # the unit of a margin between logarithms of probabilities
Apart = Callable[[np.ndarray], np.ndarray]  # images (n, h, w) → (n, k), the smallest wins


def apart_by(classifier: Classifier) -> tuple[Apart, str]:
    """What to ask of images (n, h, w), and the unit of its margins.

    Of probabilities these are −logarithms, whose margins are log odds: 0.999 and 0.999999 then
    are as far from each other as they are in odds. Other distances are taken as they are.
    """
    if share_of(classifier.unit) != PROBABILITY:
        return classifier.distances, classifier.unit
    if hasattr(classifier, "negative_log_probabilities"):
        return classifier.negative_log_probabilities, LOG_ODDS
    return lambda images: -np.log(np.maximum(1 - classifier.distances(images), 1e-16)), LOG_ODDS


def margins(distance: np.ndarray, winner: int, other: int | None = None) -> np.ndarray:
    """By how much the place ``winner`` is nearer than ``other``, or than the nearest other, (n,).

    ``distance`` is (n, k) with k ≥ 2; below 0 it is no longer the nearest.
    """
    if other is None:
        return np.delete(distance, winner, axis=1).min(axis=1) - distance[:, winner]
    return distance[:, other] - distance[:, winner]
