"""What all transformers share: the form of the images, and what scikit-learn asks."""

import math

import numpy as np

from engine.runtime.estimator import Estimator, as_rows

WHITE = 255  # a uint8 pixel p stands for p / 255
CHUNK = 128  # images at a time: what is computed of them stays in the cache


class Transformer(Estimator):
    """Base of our transformers: a subclass says in ``change`` what becomes of (n, h, w) floats.

    Fitting on (n, h, w) keeps their height and width, on rows takes them as square images; rows of
    a length that is no square are images of one row of pixels. It sets ``n_features_in_`` and
    ``size_`` (h, w).
    """

    size_: tuple[int, int]

    def __sklearn_tags__(self):
        from sklearn.utils import Tags, TargetTags, TransformerTags

        kept = TransformerTags(preserves_dtype=["float64", "float32"])
        return Tags(None, TargetTags(required=False), transformer_tags=kept)

    def fit(self, X: np.ndarray, y: object = None) -> "Transformer":
        """Keeps the size of the images. Raises scikit-learn's errors."""
        self.check_parameters()
        rows = as_rows(X)
        if self._is_plain(rows) and rows.size:
            self.n_features_in_ = rows.shape[1]
        else:
            from sklearn.utils.validation import validate_data

            rows = validate_data(self, rows, dtype=(np.float64, np.float32))
        self.size_ = X.shape[1:] if _are_images(X) else _square(rows.shape[1])
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """The changed images, in the form they come in: rows, or (n, h, w)."""
        rows = self.checked(X)
        if rows.dtype.kind != "f":
            white = WHITE if rows.dtype == np.uint8 else 1
            rows = np.divide(rows, white, dtype=np.float32)
        images = rows.reshape(-1, *self.size_)
        changed = np.empty_like(images)
        for at in range(0, len(images), CHUNK):
            changed[at : at + CHUNK] = self.change(images[at : at + CHUNK])
        return changed if _are_images(X) else changed.reshape(rows.shape)

    def fit_transform(self, X: np.ndarray, y: object = None) -> np.ndarray:
        return self.fit(X).transform(X)

    def change(self, images: np.ndarray) -> np.ndarray:
        """Of images (n, h, w), n ≥ 1, of floats, with ink from 0 on: the changed ones."""
        raise NotImplementedError

    def check_parameters(self) -> None:
        """Raises ValueError for a parameter that cannot be."""


def _are_images(X: object) -> bool:
    return isinstance(X, np.ndarray) and X.ndim == 3


def _square(pixels: int) -> tuple[int, int]:
    side = math.isqrt(pixels)
    return (side, side) if side * side == pixels else (1, pixels)
