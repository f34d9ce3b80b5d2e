"""The classifier: the nearest template wins. A scikit-learn estimator."""

from collections.abc import Callable, Iterable

import numpy as np

from engine.models.by_class import Compared, FittedByClass, as_ink
from engine.models.class_sums import ClassSums
from engine.models.fast_l1 import Nearest
from engine.models.templates import (
    CENTERS,
    METRICS,
    as_shares,
    distances,
    mean_templates,
    median_templates,
    nearest,
)

COSINE = "cosine"
UNITS = {
    "l1": "mean absolute difference per pixel",
    "l2": "mean squared difference per pixel",
    COSINE: "1 − cosine",
}


class CannotStream(ValueError, AttributeError):
    """There is no ``partial_fit`` for this model; ``hasattr`` and scikit-learn are told so too."""


class NearestTemplate(FittedByClass):
    """Answers the digit whose template has the smallest mean difference from the image.

    ``metric`` is "l1" (mean absolute difference, the notebook's), "l2" (mean squared difference) or
    "cosine" (1 − cosine of the angle between both; 1 for a blank image); ``center`` makes the
    template from the "mean" or the "median" of each pixel; ``offsets`` are added to the distances,
    "one" or "each" of `fit_offsets`, or None. On a tie the smaller class wins; see
    `median_templates` for an even count. Fitting sets ``classes_`` (k,), ``templates_`` (k, pixels,
    in [0, 1] for uint8 images) and ``n_features_in_``.

    X is (n, pixels) or (n, h, w); uint8 is read as ink from 0 to 255, that is x / 255. With the
    median center and l2 this is neither scikit-learn's NearestCentroid nor a common model; with
    the mean and l2 it equals NearestCentroid.

    >>> import numpy as np
    >>> black, white = np.zeros((2, 2, 2), "u1"), np.full((2, 2, 2), 255, "u1")
    >>> model = NearestTemplate().fit(np.concatenate([black, white]), [0, 0, 1, 1])
    >>> model.predict(np.full((1, 2, 2), 100, "u1"))
    array([0])
    """

    def __init__(
        self, metric: str = "l1", center: str = "mean", offsets: str | None = None
    ) -> None:
        self.metric = metric
        self.center = center
        self.offsets = offsets

    @property
    def unit(self) -> str:
        """What a distance counts, for an axis."""
        return UNITS[self.metric] + (" and offset" if self.offsets else "")

    def fit(self, X: np.ndarray, y: np.ndarray) -> "NearestTemplate":
        """Computes one template a class. Raises ValueError for a parameter that cannot be."""
        self._check_parameters()
        self.__dict__.pop("sums_", None)
        if self.center == "mean" and self.offsets is None:
            return self._add(X, y)
        return super().fit(X, y)

    def learn(self, images_of_each: Iterable[np.ndarray]) -> None:
        self._check_parameters()
        templates = mean_templates if self.center == "mean" else median_templates
        each = (templates(images, np.zeros(len(images), int))[0] for images in images_of_each)
        self.templates_ = np.stack(list(each))

    def _check_parameters(self) -> None:
        if self.metric not in (*METRICS, COSINE):
            raise ValueError(f"metric must be one of {(*METRICS, COSINE)}, got {self.metric!r}")
        if self.center not in CENTERS:
            raise ValueError(f"center must be one of {CENTERS}, got {self.center!r}")

    @property
    def partial_fit(self) -> Callable[..., "NearestTemplate"]:
        """``partial_fit(X, y, classes=None)`` adds images to the means; `fit` starts anew.

        The sums of uint8 images are exact, so that it makes no difference in how many parts they
        come. A class is known from its first image on; ``classes``, if given, are all that may
        come. Raises ValueError for other labels, and unless all parts or none are uint8. Medians
        and offsets cannot be added to: there CannotStream, a ValueError, says so.
        """
        if self.offsets is not None:
            raise CannotStream("offsets need all images at once; offsets=None does not")
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
        self.__dict__.pop("offsets_", None)
        return self

    def apart(self, X: np.ndarray) -> np.ndarray:
        if self.metric == COSINE:
            return 1 - _unit(as_ink(X)) @ _unit(self.templates_).T
        return distances(X[:, None], self.templates_[:, None], self.metric)

    def compared(self, image: np.ndarray) -> Compared:
        """See `FittedByClass`. 1 − cosine is half the square between vectors of length 1.

        A changed image has another length, which an offset does not follow.
        """
        offsets = self.each_offset()
        if self.metric != COSINE:
            templates = self.templates_.reshape(-1, *image.shape)
            return Compared(as_shares(image), templates, offsets, self.metric)
        scale = np.sqrt(image.size / 2)
        templates = _unit(self.templates_)
        offsets = offsets + np.where(templates.any(axis=1), 0, 0.5)  # a blank one has cosine 0
        one = _unit(as_ink(image.reshape(1, -1))).reshape(image.shape) * scale
        full = float(one.max(initial=0)) or 1.0
        templates = templates.reshape(-1, *image.shape) * scale
        return Compared(one, templates, offsets, "l2", full, fixed=not offsets.any())

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The nearest class of each image, (n,)."""
        X = self.checked(X)
        if self.metric == "l1" and X.dtype == np.uint8 and self.offsets is None:
            return self.classes_[self._nearest().places(X)]
        return self.classes_[nearest(self.distances(X))]

    def _nearest(self) -> Nearest:
        """The templates made ready, once for as long as they stay the same."""
        ready = self.__dict__.get("_ready")
        if ready is None or ready.templates is not self.templates_:
            ready = self._ready = Nearest(self.templates_)
        return ready


def _unit(rows: np.ndarray) -> np.ndarray:
    """Each row divided by its length; zeros stay zeros."""
    rows = rows.astype(np.float64)
    length = np.sqrt(np.square(rows).sum(axis=1, keepdims=True))
    return rows / np.where(length > 0, length, 1)
