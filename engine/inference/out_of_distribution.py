"""Tells what is no digit at all: an image far from every digit the model was trained on.

Distance to the templates cannot: a letter lies nearer to the blurred 1 than many a digit does.
"""

from dataclasses import dataclass

import numpy as np

from engine.datasets.dataset import Dataset
from engine.models.templates import distances

KNOWN, JUDGED = 4_000, 500  # training images compared with, test images that set the limit
OTHERS = 500  # test images that did not set it: they show how many it turns away
LIMIT = 0.99  # farther than this share of the test images are: not a digit
COARSE = 16  # pixels: in smaller images every unusual digit is far from the others


@dataclass(frozen=True, eq=False)
class OutlierDetector:
    """``images`` (n, h, w) of the training set, evenly spread, and the ``limit`` distance.

    ``limit`` was set by ``judged`` test images; of ``others``, which took no part in that, it
    turns ``refused`` away. It is infinite for a dataset too coarse to tell, or without test images.
    """

    images: np.ndarray
    limit: float = float("inf")
    judged: int = 0
    refused: int = 0
    others: int = 0

    def distance(self, image: np.ndarray) -> float:
        """Mean absolute difference per pixel from the nearest of ``images``; image ``uint8``."""
        return float(distances(self.images, image[None] / 255)[:, 0].min())


def outlier_detector(dataset: Dataset) -> OutlierDetector:
    """The training images to compare with, and how far test images lie from them."""
    known, tests = spread(dataset.training.images, KNOWN), dataset.testing.images
    if min(dataset.size) < COARSE or not len(tests):
        return OutlierDetector(known)
    setters = np.zeros(len(tests), dtype=bool)
    setters[:: max(1, len(tests) // JUDGED)] = True
    limit = float(np.quantile(_nearest(tests[setters], known), LIMIT))
    others = spread(tests[~setters], OTHERS)
    refused = int((_nearest(others, known) > limit).sum()) if len(others) else 0
    return OutlierDetector(known, limit, int(setters.sum()), refused, len(others))


def _nearest(images: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The distance of each image from the nearest known one, (n,)."""
    from sklearn.metrics import pairwise_distances_argmin_min

    flat = [some.reshape(len(some), -1).astype(np.float32) / 255 for some in (images, known)]
    return pairwise_distances_argmin_min(*flat, metric="manhattan")[1] / flat[0].shape[1]


def spread(images: np.ndarray, most: int) -> np.ndarray:
    """About ``most`` of the images, evenly spread over their order."""
    return images[:: max(1, len(images) // most)]
