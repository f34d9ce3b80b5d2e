"""Classifiers that need the training images of one class at a time, and may have offsets."""

from abc import abstractmethod
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

import numpy as np

from engine.models.base import Classifier
from engine.models.class_sums import WHITE
from engine.models.offsets import OFFSETS, fit_offsets

ImagesOf = Callable[[Hashable], np.ndarray]  # a class → its training images (n, pixels)


@dataclass(frozen=True, eq=False)
class Compared:
    """One image and a template of each class, as a model compares them; nothing is estimated.

    The distances to two classes differ by the mean over pixels of |``image`` − template|
    (``metric`` "l1") or of its square ("l2"), and by their ``offsets`` (k,). ``image`` (h, w), in
    floats, is what the model's steps made of it. ``templates`` (k, h, w) are those that meet this
    image; a changed one is compared in the same way only if they are ``fixed``. ``full`` is the
    most ink that a changed pixel may get.
    """

    image: np.ndarray
    templates: np.ndarray
    offsets: np.ndarray
    metric: str
    full: float = 1.0
    fixed: bool = True


class FittedByClass(Classifier):
    """The nearest class wins, on a tie the smaller; `learn` and `apart` say what near means.

    ``offsets`` is None, or which `fit_offsets` to add to the distances. Fitting sets ``classes_``
    (k,), ``n_features_in_``, ``offsets_`` (k,), and what `learn` sets.
    """

    offsets: str | None = None
    offsets_: np.ndarray | float = 0.0

    def fit(self, X: np.ndarray, y: np.ndarray) -> "FittedByClass":
        """From images and their labels. Raises ValueError for a parameter that cannot be."""
        X, y = self.checked_to_fit(X, y)
        return self.fit_classes(np.unique(y), lambda name: X[y == name])

    def fit_classes(self, classes: np.ndarray, images_of: ImagesOf) -> "FittedByClass":
        """`fit` from the images of one class at a time, asked for once, or twice with offsets."""
        if self.offsets not in (None, *OFFSETS):
            raise ValueError(f"offsets must be None or one of {OFFSETS}, got {self.offsets!r}")
        self.n_features_in_ = images_of(classes[0]).shape[1]
        self.learn(images_of(name) for name in classes)
        self.classes_, self.offsets_ = classes, np.zeros(len(classes))
        if self.offsets:
            parts = [self.apart(images_of(name)) for name in classes]
            places = np.repeat(np.arange(len(classes)), [len(part) for part in parts])
            self.offsets_ = fit_offsets(np.concatenate(parts), places, self.offsets)
        return self

    @abstractmethod
    def learn(self, images_of_each: Iterable[np.ndarray]) -> None:
        """Sets what is learned from the images (n, pixels) of each class, in their order."""

    @abstractmethod
    def apart(self, X: np.ndarray) -> np.ndarray:
        """How far each image (n, pixels) is from each class, (n, k), without the offsets."""

    def distances(self, X: np.ndarray) -> np.ndarray:
        """How far each image is from each class, with its offset: (n, k)."""
        return self.apart(self.checked(X)) + self.offsets_

    @abstractmethod
    def compared(self, image: np.ndarray) -> Compared:
        """How an image (h, w) is compared with each class, in the order of ``classes_``."""

    def each_offset(self) -> np.ndarray:
        """What is added to the distance to each class, (k,)."""
        return np.zeros(len(self.classes_)) + self.offsets_

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The nearest class of each image, (n,)."""
        places = self.distances(X).argmin(axis=1)
        return self.classes_[places]


def as_ink(rows: np.ndarray) -> np.ndarray:
    """uint8 as ink in [0, 1], float32; other numbers as floats."""
    if rows.dtype == np.uint8:
        return np.divide(rows, WHITE, dtype=np.float32)
    return rows if rows.dtype.kind == "f" else rows.astype(float)
