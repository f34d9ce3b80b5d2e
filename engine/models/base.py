"""What scikit-learn asks of a classifier, beyond what it asks of any estimator."""

import numpy as np

from engine.runtime.estimator import Estimator, as_rows


class Classifier(Estimator):
    """Base of our models: a score, and labels checked by scikit-learn.

    Fitting sets ``classes_`` and ``n_features_in_``.
    """

    classes_: np.ndarray
    set_by_fit = "classes_"

    def score(self, X: np.ndarray, y: np.ndarray, sample_weight: np.ndarray | None = None) -> float:
        """The accuracy, from 0 to 1."""
        return float(np.average(self.predict(X) == np.asarray(y), weights=sample_weight))

    def __sklearn_tags__(self):
        from sklearn.utils import ClassifierTags, Tags, TargetTags

        return Tags("classifier", TargetTags(required=True), classifier_tags=ClassifierTags())

    def distances_and_nearest(
        self, X: np.ndarray, **watched: object
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """``distances(X)``, and how far the nearest training image is where it knows them, (n,)."""
        return self.distances(X, **watched), None

    def checked_to_fit(
        self, X: np.ndarray, y: np.ndarray, more: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """X as rows and its labels; sets ``n_features_in_``. Raises scikit-learn's errors.

        With ``more`` X must be as wide as what was fitted on before.
        """
        X = as_rows(X)
        fits = not more or X.shape[1:] == (self.n_features_in_,)
        if self._is_plain(X) and X.size and are_plain_labels(y, len(X)) and fits:
            self.n_features_in_ = X.shape[1]
            return X, y
        from sklearn.utils.multiclass import check_classification_targets
        from sklearn.utils.validation import validate_data

        X, y = validate_data(self, X, y, reset=not more)
        check_classification_targets(y)
        return X, y


def are_plain_labels(y: object, count: int) -> bool:
    """Whether these are ``count`` whole numbers or names."""
    return isinstance(y, np.ndarray) and y.shape == (count,) and y.dtype.kind in "iuU"
