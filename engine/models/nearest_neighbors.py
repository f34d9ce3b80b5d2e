"""k nearest neighbours: the training images themselves answer, in blocks to spare memory."""

import numpy as np

from engine.models.base import Classifier
from engine.runtime.progress import Progress, no_progress

BLOCK = 8192  # training images compared at a time; 51 MB of MNIST as float64
QUERIES = 2048  # images asked about at a time


class NearestNeighbors(Classifier):
    """Answers the digit that most of the ``k`` nearest training images carry, near ones more.

    Nearest by the Euclidean distance; each votes with the inverse of its distance, and an equal
    image outvotes all others, as scikit-learn's KNeighborsClassifier with weights="distance".
    Fitting keeps the training images as they are, without a copy. With fewer than ``k`` of them
    all vote.
    """

    unit = "1 − share of the votes"

    def __init__(self, k: int = 5) -> None:
        self.k = k

    def fit(
        self, X: np.ndarray, y: np.ndarray, progress: Progress = no_progress
    ) -> "NearestNeighbors":
        """Keeps the images and their labels."""
        self.images_, y = self.checked_to_fit(X, y)
        self.classes_, self.places_ = np.unique(y, return_inverse=True)
        return self

    def predict_proba(self, X: np.ndarray, progress: Progress = no_progress) -> np.ndarray:
        """The share of the votes of each class, (n, k), rows add up to 1."""
        return self._votes(*self.neighbours(X, progress))

    def _votes(self, distance: np.ndarray, index: np.ndarray) -> np.ndarray:
        same = distance == 0
        weight = np.where(same.any(axis=1, keepdims=True), same, 1 / np.where(same, 1, distance))
        votes = np.zeros((len(distance), len(self.classes_)))
        rows = np.arange(len(distance))
        for column in range(distance.shape[1]):
            np.add.at(votes, (rows, self.places_[index[:, column]]), weight[:, column])
        return votes / votes.sum(axis=1, keepdims=True)

    def neighbours(
        self, X: np.ndarray, progress: Progress = no_progress
    ) -> tuple[np.ndarray, np.ndarray]:
        """Distance to and index of the nearest training images, (n, k) each, nearest first."""
        flat = self.checked(X)
        most = min(self.k, len(self.images_))
        parts = []
        for at in range(0, len(flat), QUERIES):
            progress("Finding nearest neighbours", at, len(flat))
            parts.append(self._nearest(flat[at : at + QUERIES].astype(float), most))
        if not parts:
            return np.empty((0, most)), np.empty((0, most), dtype=int)
        return tuple(np.concatenate(side) for side in zip(*parts, strict=True))

    def _nearest(self, queries: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
        """Of a few images, the nearest of each block first, then of these the nearest."""
        from sklearn.neighbors import NearestNeighbors

        found = []
        for at in range(0, len(self.images_), BLOCK):
            block = self.images_[at : at + BLOCK].astype(float)
            search = NearestNeighbors(n_neighbors=min(most, len(block)), algorithm="brute")
            distance, index = search.fit(block).kneighbors(queries)
            found.append((distance, index + at))
        distance, index = (np.concatenate(side, axis=1) for side in zip(*found, strict=True))
        order = np.argsort(distance, axis=1, kind="stable")[:, :most]
        return np.take_along_axis(distance, order, 1), np.take_along_axis(index, order, 1)

    def distances(self, X: np.ndarray, progress: Progress = no_progress) -> np.ndarray:
        """1 − share of the votes of each class, (n, k): the smallest wins, as with templates."""
        return 1 - self.predict_proba(X, progress)

    def distances_and_nearest(
        self, X: np.ndarray, progress: Progress = no_progress
    ) -> tuple[np.ndarray, np.ndarray]:
        """`distances`, and how far the nearest training image is, (n,), Euclidean.

        Most answers are unanimous: the second tells which of them has the better reason.
        """
        distance, index = self.neighbours(X, progress)
        return 1 - self._votes(distance, index), distance[:, 0]

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The class with the most votes for each image, (n,); on a tie the smaller."""
        places = self.distances(X).argmin(axis=1)
        return self.classes_[places]
