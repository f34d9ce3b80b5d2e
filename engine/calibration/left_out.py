"""Mean templates judged on their own training images, each left out of its template: exactly."""

import numpy as np

from engine.models.base import Classifier
from engine.models.nearest_template import NearestTemplate
from engine.models.templates import METRICS


def can_leave_out(classifier: Classifier) -> bool:
    """Whether `left_out_distances` knows the model: mean templates, L1 or L2, without offsets."""
    plain = type(classifier) is NearestTemplate  # of templates that are learned no sum is known
    return plain and hasattr(classifier, "sums_") and classifier.metric in METRICS


def left_out_distances(
    classifier: Classifier, images: np.ndarray, labels: np.ndarray
) -> np.ndarray:
    """(n, k): how far each training image is from the templates fitted on all the others.

    ``images`` and ``labels`` are those that the classifier was fitted on. Without image x the
    mean m of its n images becomes (n·m − x) / (n − 1), so that each pixel of x differs from it
    n / (n − 1) times as much: the distance grows by this factor in L1, and by its square in L2.
    The only image of a class is infinitely far from it: without this image there is no template.
    """
    distance = classifier.distances(images)
    own, n = np.searchsorted(classifier.classes_, labels), classifier.sums_.counts
    factor = (n / np.maximum(n - 1, 1)) ** (1 if classifier.metric == "l1" else 2)
    each = np.arange(len(labels))
    distance[each, own] = np.where(n[own] > 1, distance[each, own] * factor[own], np.inf)
    return distance
