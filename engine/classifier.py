"""The classifier: the nearest template wins. A scikit-learn estimator."""

import numpy as np

from engine.estimator import Classifier
from engine.templates import (
    CENTERS,
    METRICS,
    distances,
    mean_templates,
    median_templates,
    nearest,
)


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
        X, y = self.checked_to_fit(X, y)
        self.classes_, places = np.unique(y, return_inverse=True)
        make = mean_templates if self.center == "mean" else median_templates
        self.templates_ = make(X, places)
        return self

    def distances(self, X: np.ndarray) -> np.ndarray:
        """Mean difference of each image from each template, (n, k), columns as ``classes_``."""
        self.check_is_fitted()
        X = self.checked(X)
        return distances(X[:, None], self.templates_[:, None], self.metric)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The nearest class of each image, (n,)."""
        winners = nearest(self.distances(X))
        return self.classes_[winners]
