"""The classifier: the nearest template wins. A scikit-learn estimator."""

from collections.abc import Callable

import numpy as np

from engine.models.base import Classifier
from engine.models.class_sums import ClassSums
from engine.models.fast_l1 import Nearest
from engine.models.templates import (
    CENTERS,
    METRICS,
    distances,
    median_templates,
    nearest,
)


class CannotStream(ValueError, AttributeError):
    """There is no ``partial_fit`` for this model; ``hasattr`` and scikit-learn are told so too."""


class NearestTemplate(Classifier):
    """Answers the digit whose template has the smallest mean difference from the image.

    ``metric`` is "l1" (mean absolute difference, the notebook's) or "l2" (mean squared
    difference); ``center`` makes the template from the "mean" or the "median" of each pixel. On a
    tie the smaller class wins; see `median_templates` for an even count. Fitting sets ``classes_``
    (k,), ``templates_`` (k, pixels, in [0, 1] for uint8 images) and ``n_features_in_``.

    X is (n, pixels) or (n, h, w); uint8 is read as ink from 0 to 255, that is x / 255. With the
    median center and l2 this is neither scikit-learn's NearestCentroid nor a common model; with
    the mean and l2 it equals NearestCentroid.

    >>> import numpy as np
    >>> black, white = np.zeros((2, 2, 2), "u1"), np.full((2, 2, 2), 255, "u1")
    >>> model = NearestTemplate().fit(np.concatenate([black, white]), [0, 0, 1, 1])
    >>> model.predict(np.full((1, 2, 2), 100, "u1"))
    array([0])
    """

    def __init__(self, metric: str = "l1", center: str = "mean") -> None:
        self.metric = metric
        self.center = center

    def fit(self, X: np.ndarray, y: np.ndarray) -> "NearestTemplate":
        """Computes one template a class. Raises ValueError for an unknown metric or center."""
        if self.metric not in METRICS:
            raise ValueError(f"metric must be one of {METRICS}, got {self.metric!r}")
        if self.center not in CENTERS:
            raise ValueError(f"center must be one of {CENTERS}, got {self.center!r}")
        self.__dict__.pop("sums_", None)
        if self.center == "mean":
            return self._add(X, y)
        X, y = self.checked_to_fit(X, y)
        self.classes_, self.templates_ = np.unique(y), median_templates(X, y)
        return self

    @property
    def partial_fit(self) -> Callable[..., "NearestTemplate"]:
        """``partial_fit(X, y, classes=None)`` adds images to the means; `fit` starts anew.

        The sums of uint8 images are exact, so that it makes no difference in how many parts they
        come. A class is known from its first image on; ``classes``, if given, are all that may
        come. Raises ValueError for other labels, and unless all parts or none are uint8. Medians
        cannot be added to: there CannotStream, a ValueError, says so.
        """
        if self.center != "mean":
            raise CannotStream(f"a {self.center} needs all images at once; center='mean' does not")
        return self._add

    def _add(
        self, X: np.ndarray, y: np.ndarray, classes: np.ndarray | None = None
    ) -> "NearestTemplate":
        more = hasattr(self, "sums_")
        X, y = self.checked_to_fit(X, y, more)
        unknown = [] if classes is None else np.setdiff1d(y, classes)
        if len(unknown):
            raise ValueError(f"y holds {unknown[0]!r}, which is not among classes {classes!r}")
        if more:
            self.sums_.add(X, y)
        else:
            self.sums_ = ClassSums(X, y)
        self.classes_, self.templates_ = self.sums_.classes, self.sums_.means()
        return self

    def distances(self, X: np.ndarray) -> np.ndarray:
        """Mean difference of each image from each template, (n, k), columns as ``classes_``."""
        self.check_is_fitted()
        X = self.checked(X)
        return distances(X[:, None], self.templates_[:, None], self.metric)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The nearest class of each image, (n,)."""
        self.check_is_fitted()
        X = self.checked(X)
        if self.metric == "l1" and X.dtype == np.uint8:
            return self.classes_[self._nearest().places(X)]
        return self.classes_[nearest(self.distances(X))]

    def _nearest(self) -> Nearest:
        """The templates made ready, once for as long as they stay the same."""
        ready = self.__dict__.get("_ready")
        if ready is None or ready.templates is not self.templates_:
            ready = self._ready = Nearest(self.templates_)
        return ready
