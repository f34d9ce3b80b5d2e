"""Which pixels decide, of any model: each is set to paper, and the model is asked anew.

Nothing is estimated: every figure is the model's own answer to an image. Occlusion tells what the
answer loses without a pixel alone; pixels that stand in for each other each seem to matter little.
"""

from dataclasses import dataclass

import numpy as np

from engine.explanation.any_model import apart_by, margins
from engine.models.base import Classifier


@dataclass(frozen=True, eq=False)
class Occlusion:
    """``drop`` (h, w): how much of ``margin`` is lost when the patch around a pixel is paper.

    Below 0 the patch speaks against ``winner``. ``answer`` (h, w) is the class that is then
    answered. The margin is over ``other``, or over the nearest other class where that is None, in
    ``unit``.
    """

    winner: object
    other: object | None
    margin: float
    drop: np.ndarray
    answer: np.ndarray
    unit: str

    @property
    def flips(self) -> np.ndarray:
        """Where the patch alone decides: without it the answer is another, (h, w) bool."""
        return self.answer != self.winner


def occlusion(
    image: np.ndarray, classifier: Classifier, patch: int = 1, other: object | None = None
) -> Occlusion:
    """Asks for all patches of an image (h, w) uint8 in one batch; ``patch`` is odd, in pixels.

    A patch at the border is cut off there. On a tie the smaller class is answered. Raises
    ValueError for an even patch, and what the classifier raises.
    """
    if patch < 1 or patch % 2 == 0:
        raise ValueError(f"got a patch of {patch} pixels, wanted an odd number of them")
    apart, unit = apart_by(classifier)
    classes = classifier.classes_
    distance = apart(np.concatenate([image[None], _occluded(image, patch)]))
    winner = int(distance[0].argmin())
    against = None if other is None else list(classes).index(other)
    margin, *left = margins(distance, winner, against)
    drop = margin - np.reshape(left, image.shape)
    answer = classes[distance[1:].argmin(axis=1)].reshape(image.shape)
    return Occlusion(classes[winner], other, float(margin), drop, answer, unit)


def _occluded(image: np.ndarray, patch: int) -> np.ndarray:
    """(h·w, h, w): the image with paper on the patch around each pixel, row by row."""
    height, width = image.shape
    rows, columns = np.arange(height), np.arange(width)
    near_row = np.abs(rows[:, None] - rows) <= patch // 2  # (h of the patch, h of the pixel)
    near_column = np.abs(columns[:, None] - columns) <= patch // 2
    covered = near_row[:, None, :, None] & near_column[None, :, None, :]
    return np.where(covered, 0, image).astype(image.dtype).reshape(-1, height, width)
