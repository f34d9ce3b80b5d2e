"""Multinomial logistic regression: scikit-learn's, without keeping scikit-learn loaded."""

import warnings

import numpy as np

from engine.models.base import Classifier
from engine.models.templates import WHITE
from engine.runtime.progress import Progress, no_progress

CHUNK = 4096  # images at a time, so that judging many takes little memory


class LogisticRegression(Classifier):
    """Answers the digit to which a linear softmax of the pixels gives the highest probability.

    ``C`` is the inverse strength of the L2 penalty, ``max_iter`` the most L-BFGS iterations. X is
    (n, pixels) or (n, h, w); uint8 is read as ink / 255. Fitting sets ``classes_`` (k,), ``coef_``
    (k, pixels) and ``intercept_`` (k,), for two classes too, the iterations done ``n_iter_`` (1,),
    and whether that sufficed, ``converged_`` (a bool in place of scikit-learn's warning).
    """

    unit = "1 − probability"

    def __init__(self, C: float = 1.0, max_iter: int = 100) -> None:
        self.C = C
        self.max_iter = max_iter

    def fit(
        self, X: np.ndarray, y: np.ndarray, progress: Progress = no_progress
    ) -> "LogisticRegression":
        """Minimises the cross-entropy from zero. Raises ValueError for a single class."""
        from sklearn import linear_model
        from sklearn.exceptions import ConvergenceWarning

        X, y = self.checked_to_fit(X, y)
        progress("Fitting logistic regression", 0, 0)  # scikit-learn does not say how far it is
        inner = linear_model.LogisticRegression(C=self.C, max_iter=self.max_iter)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            inner.fit(_ink(X), y)
        self.classes_, self.n_iter_ = inner.classes_, inner.n_iter_
        self.coef_, self.intercept_ = inner.coef_, inner.intercept_
        if len(self.classes_) == 2:  # scikit-learn keeps the second class's half only
            self.coef_ = np.concatenate([-inner.coef_, inner.coef_]) / 2
            self.intercept_ = np.concatenate([-inner.intercept_, inner.intercept_]) / 2
        return self

    @property
    def converged_(self) -> bool:
        """Whether the optimiser stopped by itself, before ``max_iter`` iterations."""
        return bool(self.n_iter_.max() < self.max_iter)

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """The probability of each class, (n, k), rows add up to 1."""
        from scipy.special import softmax

        flat = self.checked(X)
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
        places = self.distances(X).argmin(axis=1)
        return self.classes_[places]


def _ink(rows: np.ndarray) -> np.ndarray:
    """uint8 scaled to [0, 1] in float32; other numbers as they are."""
    return np.divide(rows, WHITE, dtype=np.float32) if rows.dtype == np.uint8 else rows
