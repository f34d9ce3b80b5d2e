"""Any scikit-learn classifier as one of ours."""

import numpy as np

from engine.models.base import Classifier
from engine.models.templates import WHITE
from engine.runtime.errors import Refused
from engine.runtime.progress import Progress, no_progress

WANTED = "wanted a scikit-learn classifier, with fit and predict"


class AnyEstimator(Classifier):
    """Answers what ``estimator`` answers of images as rows of ink in 0…1, float32.

    One that is fitted already is used as it is; another is fitted on the training images. Its
    scores are ``predict_proba``, or else only ``predict`` is asked. Fitting sets ``classes_`` (k,).
    """

    def __init__(self, estimator: object) -> None:
        """Raises Refused for what is no classifier."""
        if not (hasattr(estimator, "fit") and hasattr(estimator, "predict")):
            raise Refused(f"Found {type(estimator).__name__}; {WANTED}.")
        self.estimator = estimator

    @property
    def has_scores(self) -> bool:
        """Whether it gives more than labels."""
        return hasattr(self.estimator, "predict_proba")

    @property
    def unit(self) -> str:
        """What `distances` count."""
        return "1 − probability" if self.has_scores else "0 for the answer, 1 for all others"

    def fit(self, X: np.ndarray, y: np.ndarray, progress: Progress = no_progress) -> "AnyEstimator":
        """Fits it if it isn't yet. Raises Refused where it knows other classes, or another size."""
        X, y = self.checked_to_fit(X, y)
        self.fitted_before_ = hasattr(self.estimator, "classes_")
        if not self.fitted_before_:
            progress(f"Fitting {type(self.estimator).__name__}", 0, 0)
            self.estimator.fit(_ink(X), y)
        self.classes_ = np.unique(y)
        _judge(self.estimator, self.classes_, self.n_features_in_)
        return self

    @property
    def done(self) -> tuple[str, ...]:
        """Whether it was fitted here."""
        how = "was fitted already" if self.fitted_before_ else "was fitted on the training images"
        return (f"{type(self.estimator).__name__} {how}.",)

    def distances(self, X: np.ndarray, progress: Progress = no_progress) -> np.ndarray:
        """1 − probability of each class, (n, k); of labels 0 for the answer, 1 for all others."""
        rows = self.checked(X)
        progress(f"Asking {type(self.estimator).__name__}", 0, 0)
        if not len(rows):
            return np.empty((0, len(self.classes_)))
        if self.has_scores:
            return 1.0 - self.estimator.predict_proba(_ink(rows)).astype(float)
        places = np.searchsorted(self.classes_, self.estimator.predict(_ink(rows)))
        return 1.0 - np.eye(len(self.classes_))[places]

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The class of each image, (n,); on a tie the smaller."""
        return self.classes_[self.distances(X).argmin(axis=1)]


def _judge(estimator: object, classes: np.ndarray, pixels: int) -> None:
    known = list(getattr(estimator, "classes_", classes))
    if known != classes.tolist():
        raise Refused(
            f"{type(estimator).__name__} knows {len(known)} classes, {known[0]} to {known[-1]}; "
            f"wanted the {len(classes)} of the images, {classes[0]} to {classes[-1]}."
        )
    wide = getattr(estimator, "n_features_in_", pixels)
    if wide != pixels:
        raise Refused(
            f"{type(estimator).__name__} was fitted on {wide} pixels; wanted {pixels} an image."
        )


def _ink(rows: np.ndarray) -> np.ndarray:
    """uint8 scaled to [0, 1] in float32; other numbers as they are."""
    return np.divide(rows, WHITE, dtype=np.float32) if rows.dtype == np.uint8 else rows
