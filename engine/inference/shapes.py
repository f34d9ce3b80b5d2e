"""Whether an image has a shape like that of any training image: a cross has not, however thin.

Mean absolute differences cannot tell: of thin lines little ink is in the wrong place. The cosine
of the angle between two blurred images does not depend on how much ink there is.
"""

from dataclasses import dataclass

import numpy as np

from engine.datasets.dataset import Dataset
from engine.inference.out_of_distribution import COARSE, JUDGED, KNOWN, LIMIT, spread

BLUR = 1.0  # pixels (σ): lines that pass beside each other count as near


@dataclass(frozen=True, eq=False)
class Shapes:
    """``known`` (n, pixels) float32, blurred training images of length 1, and the ``limit``.

    The limit is the distance that `LIMIT` of ``judged`` test images keep; infinite for a dataset
    too coarse to tell, or without test images.
    """

    known: np.ndarray
    limit: float = float("inf")
    judged: int = 0

    def distance(self, image: np.ndarray) -> float:
        """1 − the largest cosine of an image ``uint8`` (h, w) with the known ones; 1 of no ink."""
        return float(_nearest(image[None], self.known)[0])

    def unlike(self, image: np.ndarray) -> bool:
        """Whether it is farther from all of them than nearly all test images are."""
        return np.isfinite(self.limit) and self.distance(image) > self.limit


def shapes_of(dataset: Dataset) -> Shapes:
    """The shapes of some training images, and how near to them test images are."""
    tests = dataset.testing.images
    if min(dataset.size) < COARSE or not len(tests):
        return Shapes(np.empty((0, 0), np.float32))
    known = _blurred(spread(dataset.training.images, KNOWN))
    judged = spread(tests, JUDGED)
    return Shapes(known, float(np.quantile(_nearest(judged, known), LIMIT)), len(judged))


def _blurred(images: np.ndarray) -> np.ndarray:
    from scipy.ndimage import gaussian_filter

    soft = gaussian_filter(images.astype(np.float32), (0, BLUR, BLUR)).reshape(len(images), -1)
    return soft / np.maximum(np.linalg.norm(soft, axis=1, keepdims=True), 1e-6)


def _nearest(images: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The distance of each image from the nearest known one, (n,)."""
    return 1 - (_blurred(images) @ known.T).max(axis=1)
