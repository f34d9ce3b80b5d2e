"""The nearest images of every image, made upright first, and the labels that they carry."""

import numpy as np

from engine.datasets.dataset import Dataset, Split
from engine.label_review.suspects import Shares
from engine.models.nearest_neighbors import NearestNeighbors
from engine.runtime.progress import Progress, no_progress
from engine.transforms.moments import Deskew

NEIGHBORS = 20  # that vote on a label
TRAINING, TESTING = "training", "test"  # the splits, as on the screen and in files


def split_of(dataset: Dataset, side: str) -> Split:
    """The images of that side, "training" or "test". Raises KeyError for another word."""
    return {TRAINING: dataset.training, TESTING: dataset.testing}[side]


def neighbor_shares(
    dataset: Dataset, side: str, progress: Progress = no_progress, most: int = NEIGHBORS
) -> Shares:
    """Which share of the nearest images, of both splits, carries each class.

    Of each image of the split ``side`` the ``most`` nearest by Euclidean distance after
    `Deskew`, itself left out, each with one vote; fewer where there are fewer images. Memory: both
    splits once more, a byte a pixel.
    """
    upright = Deskew()
    both = np.concatenate(
        [_deskewed(upright, dataset.training), _deskewed(upright, dataset.testing)]
    )
    labels = np.concatenate([dataset.training.labels, dataset.testing.labels])
    first = 0 if side == TRAINING else len(dataset.training)
    own = first + np.arange(len(split_of(dataset, side)))
    search = NearestNeighbors(most + 1).fit(both, labels)
    distance, nearest = search.neighbours(both[own], progress)
    distance, nearest = _without_itself(distance, nearest, own)
    classes, place = np.unique(labels, return_inverse=True)
    share = np.zeros((len(own), len(classes)))
    np.add.at(share, (np.arange(len(own))[:, None], place[nearest]), 1 / max(nearest.shape[1], 1))
    return Shares(classes, own - first, share, nearest, distance)


def _deskewed(upright: Deskew, split: Split) -> np.ndarray:
    """The images upright, ``uint8`` (n, h, w)."""
    if not len(split):
        return split.images
    return np.round(255 * upright.fit_transform(split.images)).astype(np.uint8)


def _without_itself(
    distance: np.ndarray, nearest: np.ndarray, own: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Both without each image's own column; of equal images the last goes where it is not there."""
    itself = nearest == own[:, None]
    itself[~itself.any(axis=1), -1] = True
    shape = len(own), nearest.shape[1] - 1
    return distance[~itself].reshape(shape), nearest[~itself].reshape(shape)
