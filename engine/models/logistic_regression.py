"""Multinomial logistic regression: scikit-learn's, fitted in pieces so that one can watch."""

import warnings

import numpy as np

from engine.models.base import Classifier, as_rows
from engine.models.templates import WHITE
from engine.runtime.progress import Progress, no_progress

PIECES = 10  # each starts where the last one stopped, so that progress can be shown in between
CHUNK = 4096  # images at a time, so that judging many takes little memory


class LogisticRegressionClassifier(Classifier):
    """Answers the digit to which a linear softmax of the pixels gives the highest probability.

    ``C`` is the inverse strength of the L2 penalty, ``iterations`` the most L-BFGS iterations in
    all. X is (n, pixels) or (n, h, w); uint8 is read as ink / 255. Fitting sets ``classes_`` (k,),
    ``coef_`` (k, pixels) and ``intercept_`` (k,), for two classes too.
    """

    unit = "1 − probability"

    def __init__(self, C: float = 1.0, iterations: int = 100) -> None:
        self.C = C
        self.iterations = iterations

    def fit(
        self, X: np.ndarray, y: np.ndarray, progress: Progress = no_progress
    ) -> "LogisticRegressionClassifier":
        """Minimises the cross-entropy from zero. Raises ValueError for a single class."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression

        ink = _ink(X)
        inner = LogisticRegression(C=self.C, max_iter=self.iterations // PIECES, warm_start=True)
        with warnings.catch_warnings():  # that a piece ends before the end is what pieces are for
            warnings.simplefilter("ignore", ConvergenceWarning)
            for piece in range(PIECES):
                progress("Fitting logistic regression", piece, PIECES)
                inner.fit(ink, y)
                if inner.n_iter_.max() < inner.max_iter:
                    break
        self.classes_, self.n_features_in_ = inner.classes_, ink.shape[1]
        self.coef_, self.intercept_ = inner.coef_, inner.intercept_
        if len(self.classes_) == 2:  # scikit-learn keeps the second class's half only
            self.coef_ = np.concatenate([-inner.coef_, inner.coef_]) / 2
            self.intercept_ = np.concatenate([-inner.intercept_, inner.intercept_]) / 2
        return self

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """The probability of each class, (n, k), rows add up to 1."""
        from scipy.special import softmax

        self.check_is_fitted()
        flat = as_rows(X)
        parts = [
            softmax(_ink(flat[at : at + CHUNK]) @ self.coef_.T + self.intercept_, axis=1)
            for at in range(0, len(flat), CHUNK)
        ]
        return np.concatenate(parts).astype(float) if parts else np.empty((0, len(self.classes_)))

    def distances(self, X: np.ndarray, progress: Progress = no_progress) -> np.ndarray:
        """1 − probability of each class, (n, k): the smallest wins, as with templates."""
        return 1 - self.predict_proba(X)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The most probable class of each image, (n,); on a tie the smaller."""
        return self.classes_[self.distances(X).argmin(axis=1)]


def _ink(X: np.ndarray) -> np.ndarray:
    """Rows of ink in float32; uint8 is scaled to [0, 1]."""
    flat = as_rows(np.asarray(X))
    return np.divide(flat, WHITE if flat.dtype == np.uint8 else 1, dtype=np.float32)
