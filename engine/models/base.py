"""What scikit-learn asks of a classifier, without loading it: it costs a server 80 MB and a second.

A subclass is an estimator like any other (`clone`, pipelines and grid searches take it), and
scikit-learn itself is imported only when it is the one who asks, or when input needs its judgement.
"""

import inspect

import numpy as np


class Classifier:
    """Base of our models: parameters by name, a score, and input checked by scikit-learn.

    The parameters are those of ``__init__``, each kept in an attribute of its own name. Fitting
    sets ``classes_`` and ``n_features_in_``.
    """

    classes_: np.ndarray
    n_features_in_: int

    def get_params(self, deep: bool = True) -> dict[str, object]:
        """The parameters by name; none is itself an estimator, so ``deep`` changes nothing."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def set_params(self, **params: object) -> "Classifier":
        """Changes the parameters named. Raises ValueError for one that does not exist."""
        known = self.get_params()
        for name, value in params.items():
            if name not in known:
                raise ValueError(f"Invalid parameter {name!r}; wanted one of {sorted(known)}")
            setattr(self, name, value)
        return self

    def score(self, X: np.ndarray, y: np.ndarray, sample_weight: np.ndarray | None = None) -> float:
        """The accuracy, from 0 to 1."""
        return float(np.average(self.predict(X) == np.asarray(y), weights=sample_weight))

    def __repr__(self) -> str:
        params = ", ".join(f"{name}={value!r}" for name, value in self.get_params().items())
        return f"{type(self).__name__}({params})"

    def __sklearn_tags__(self):
        from sklearn.utils import ClassifierTags, Tags, TargetTags

        return Tags("classifier", TargetTags(required=True), classifier_tags=ClassifierTags())

    def check_is_fitted(self) -> None:
        """Raises scikit-learn's NotFittedError, a ValueError, before the first fit."""
        if not hasattr(self, "classes_"):
            from sklearn.exceptions import NotFittedError

            raise NotFittedError(f"This {type(self).__name__} is not fitted yet; call fit first")

    def checked(self, X: np.ndarray) -> np.ndarray:
        """X as rows, as wide as those fitted on; raises scikit-learn's errors where it is not.

        No uint8 images at all are taken, too: they get no predictions.
        """
        X = as_rows(X)
        if self._is_plain(X) and X.shape[1] == self.n_features_in_:
            return X
        from sklearn.utils.validation import validate_data

        return validate_data(self, X, reset=False)

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

    def _is_plain(self, X: object) -> bool:
        """Rows of uint8 pixels, of which scikit-learn would have nothing to say."""
        named = hasattr(self, "feature_names_in_")  # from a table; then it compares the names
        array = isinstance(X, np.ndarray) and X.ndim == 2 and X.dtype == np.uint8
        return array and not named


def are_plain_labels(y: object, count: int) -> bool:
    """Whether these are ``count`` whole numbers or names."""
    return isinstance(y, np.ndarray) and y.shape == (count,) and y.dtype.kind in "iuU"


def as_rows(X: np.ndarray) -> np.ndarray:
    """(n, h, w) as (n, h·w); anything else is left for scikit-learn to judge."""
    if isinstance(X, np.ndarray) and X.ndim == 3:
        return X.reshape(len(X), X.shape[1] * X.shape[2])
    return X
