"""What scikit-learn asks of any estimator, without loading it, which costs 80 MB and a second.

A subclass is an estimator like any other (`clone`, pipelines and grid searches take it), and
scikit-learn itself is imported only when it is the one who asks, or when input needs its judgement.
"""

import inspect

import numpy as np


class Estimator:
    """Parameters by name, and input checked by scikit-learn.

    The parameters are those of ``__init__``, each kept in an attribute of its own name. Fitting
    sets ``n_features_in_``.
    """

    n_features_in_: int
    set_by_fit = "n_features_in_"  # an attribute that is there from the first fit on

    def get_params(self, deep: bool = True) -> dict[str, object]:
        """The parameters by name; none is itself an estimator, so ``deep`` changes nothing."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def set_params(self, **params: object) -> "Estimator":
        """Changes the parameters named. Raises ValueError for one that does not exist."""
        known = self.get_params()
        for name, value in params.items():
            if name not in known:
                raise ValueError(f"Invalid parameter {name!r}; wanted one of {sorted(known)}")
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        params = ", ".join(f"{name}={value!r}" for name, value in self.get_params().items())
        return f"{type(self).__name__}({params})"

    def checked(self, X: np.ndarray) -> np.ndarray:
        """X as rows, as wide as those fitted on; raises scikit-learn's errors where it is not, and
        its NotFittedError, a ValueError, before the first fit.

        No uint8 images at all are taken, too: they get no predictions.
        """
        if not hasattr(self, self.set_by_fit):
            from sklearn.exceptions import NotFittedError

            raise NotFittedError(f"This {type(self).__name__} is not fitted yet; call fit first")
        X = as_rows(X)
        if self._is_plain(X) and X.shape[1] == self.n_features_in_:
            return X
        from sklearn.utils.validation import validate_data

        return validate_data(self, X, reset=False)

    def _is_plain(self, X: object) -> bool:
        """Rows of uint8 pixels, of which scikit-learn would have nothing to say."""
        named = hasattr(self, "feature_names_in_")  # from a table; then it compares the names
        array = isinstance(X, np.ndarray) and X.ndim == 2 and X.dtype == np.uint8
        return array and not named


def as_rows(X: np.ndarray) -> np.ndarray:
    """(n, h, w) as (n, h·w); anything else is left for scikit-learn to judge."""
    if isinstance(X, np.ndarray) and X.ndim == 3:
        return X.reshape(len(X), X.shape[1] * X.shape[2])
    return X
