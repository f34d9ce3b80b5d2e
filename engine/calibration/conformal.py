"""Sets of classes that hold the true one as often as promised: split conformal prediction.

Source: V. Vovk, A. Gammerman and G. Shafer, "Algorithmic learning in a random world", Springer
(2005), chapters 2 and 4.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.evaluation.metrics import wilson


def scores(distance: np.ndarray) -> np.ndarray:
    """(n, k): how much farther each class is than the nearest other one; the smaller, the likelier.

    ``distance`` (n, k), k ≥ 2. Of the prediction it is the margin below zero.
    """
    nearest, second = np.partition(distance, 1, axis=1)[:, :2].T
    others = np.where(distance == nearest[:, None], second[:, None], nearest[:, None])
    return distance - others


def thresholds(of_classes: Sequence[np.ndarray], level: int, by_class: bool) -> np.ndarray:
    """The largest score with which each class is in a set, (k,), for a coverage of ``level`` %.

    ``of_classes`` are the scores of the true class of images that the model was not fitted on,
    sorted, in an array a class. ``by_class`` each class has a threshold of its own and its own
    promise (Mondrian); else one threshold holds for all. Infinite where the images are too few
    for that level: the class is then in every set.
    """
    if by_class:
        return np.array([_threshold(own, level) for own in of_classes])
    every = np.sort(np.concatenate(list(of_classes)))
    return np.full(len(of_classes), _threshold(every, level))


def _threshold(ordered: np.ndarray, level: int) -> float:
    rank = -(-(len(ordered) + 1) * level // 100)  # rounded up, in whole numbers
    return float(ordered[rank - 1]) if rank <= len(ordered) else float("inf")


def coverage_by_class(sets: np.ndarray, own: np.ndarray, classes: np.ndarray) -> pd.DataFrame:
    """One row a class: how many of its images have it in their set.

    ``sets`` (n, k) bool, ``own`` (n,) the places of the true classes. ``images``, ``covered``;
    ``coverage`` with its Wilson 95 % interval ``low`` to ``high``; ``mean size`` of the sets, and
    how many are ``empty``. nan for a class without images.
    """
    held = sets[np.arange(len(own)), own]
    size, k = sets.sum(axis=1), len(classes)
    images, covered = np.bincount(own, minlength=k), np.bincount(own[held], minlength=k)
    low, high = wilson(covered, images)
    with np.errstate(invalid="ignore"):
        return pd.DataFrame(
            {
                "class": classes,
                "images": images,
                "covered": covered,
                "coverage": covered / images,
                "low": low,
                "high": high,
                "mean size": np.bincount(own, weights=size, minlength=k) / images,
                "empty": np.bincount(own[size == 0], minlength=k),
            }
        )
