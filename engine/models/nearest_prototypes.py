"""Several templates a class: the means of its clusters."""

import warnings
from collections.abc import Iterable

import numpy as np

from engine.models.by_class import Compared, FittedByClass, as_ink
from engine.models.templates import METRICS, as_shares, distances

CHUNK = 2048  # images at a time
ITERATIONS = 50


class NearestPrototypes(FittedByClass):
    """Answers the class of the nearest prototype: a center of k-means within that class.

    ``prototypes`` a class, fewer where it has fewer images; ``metric`` is "l1" or "l2", the mean
    absolute or squared difference; ``seed`` places the first centers. Fitting sets ``templates_``
    (all prototypes, pixels), those of one class together, and ``counts_`` (k,) of them.
    """

    unit = "mean difference from the nearest prototype per pixel"

    def __init__(
        self, metric: str = "l2", prototypes: int = 10, offsets: str | None = None, seed: int = 0
    ) -> None:
        self.metric = metric
        self.prototypes = prototypes
        self.offsets = offsets
        self.seed = seed

    def learn(self, images_of_each: Iterable[np.ndarray]) -> None:
        if self.metric not in METRICS or self.prototypes < 1:
            found = self.metric, self.prototypes
            raise ValueError(f"wanted a metric of {METRICS} and at least 1 prototype, got {found}")
        centers = [self._centers(as_ink(images)) for images in images_of_each]
        self.counts_ = np.array([len(some) for some in centers])
        self.templates_ = np.concatenate(centers).astype(np.float64)

    def _centers(self, images: np.ndarray) -> np.ndarray:
        from sklearn.cluster import KMeans
        from sklearn.exceptions import ConvergenceWarning
        from threadpoolctl import threadpool_limits

        most = min(self.prototypes, len(images))
        means = KMeans(most, n_init=1, random_state=self.seed, max_iter=ITERATIONS)
        one_thread = threadpool_limits(1)  # more of them wait for each other on a busy server
        with one_thread, warnings.catch_warnings():
            # equal images leave centers without one of their own
            warnings.simplefilter("ignore", ConvergenceWarning)
            return means.fit(images).cluster_centers_

    def apart(self, X: np.ndarray) -> np.ndarray:
        starts = np.cumsum(self.counts_) - self.counts_
        parts = [self._each(X[at : at + CHUNK]) for at in range(0, len(X), CHUNK)]
        parts = parts or [np.empty((0, len(self.templates_)))]
        return np.concatenate([np.minimum.reduceat(part, starts, axis=1) for part in parts])

    def compared(self, image: np.ndarray) -> Compared:
        """See `FittedByClass`: with the nearest prototype of each class."""
        apart = self._each(image.reshape(1, -1))[0]
        ends = np.cumsum(self.counts_)
        found = [
            end - count + apart[end - count : end].argmin()
            for end, count in zip(ends, self.counts_, strict=True)
        ]
        templates = self.templates_[found].reshape(-1, *image.shape)
        return Compared(as_shares(image), templates, self.each_offset(), self.metric, fixed=False)

    def _each(self, images: np.ndarray) -> np.ndarray:
        """The distance of a few images to every prototype."""
        if self.metric == "l1":
            return distances(images[:, None], self.templates_[:, None], "l1")
        x, t = as_ink(images).astype(np.float64), self.templates_
        squares = np.square(x).sum(axis=1, keepdims=True) + np.square(t).sum(axis=1)
        return np.clip(squares - 2 * x @ t.T, 0, None) / x.shape[1]
