"""Tells what is no digit at all: an image far from every digit the model was trained on.

Distance to the templates cannot: a letter lies nearer to the blurred 1 than many a digit does.
"""

from dataclasses import dataclass

import numpy as np

from engine.datasets.dataset import Dataset
from engine.models.templates import distances

KNOWN, JUDGED = 4_000, 500  # training images compared with, test images that set the limit
LIMIT = 0.99  # farther than this share of the test images are: not a digit
COARSE = 16  # pixels: in smaller images every unusual digit is far from the others


@dataclass(frozen=True, eq=False)
class OutlierDetector:
    """``images`` (n, h, w) of the training set, evenly spread, and the ``limit`` distance.

    ``limit`` is infinite for a dataset too coarse to tell, or without test images.
    """

    images: np.ndarray
    limit: float

    def distance(self, image: np.ndarray) -> float:
        """Mean absolute difference per pixel from the nearest of ``images``; image ``uint8``."""
        return float(distances(self.images, image[None] / 255)[:, 0].min())


def outlier_detector(dataset: Dataset) -> OutlierDetector:
    """The training images to compare with, and how far test images lie from them."""
    from sklearn.metrics import pairwise_distances_argmin_min

    known = _spread(dataset.training.images, KNOWN)
    judged = _spread(dataset.testing.images, JUDGED)
    if min(dataset.size) < COARSE or not len(judged):
        return OutlierDetector(known, float("inf"))
    flat = [images.reshape(len(images), -1).astype(np.float32) / 255 for images in (judged, known)]
    _, nearest = pairwise_distances_argmin_min(*flat, metric="manhattan")
    return OutlierDetector(known, float(np.quantile(nearest / flat[0].shape[1], LIMIT)))


def _spread(images: np.ndarray, most: int) -> np.ndarray:
    """About ``most`` of the images, evenly spread over their order."""
    return images[:: max(1, len(images) // most)]
