"""Images and labels in an NPZ file, as Keras publishes MNIST."""

import numpy as np

from engine.datasets.dataset import Dataset
from engine.importers.arrays import joined, judge_pair
from engine.runtime.errors import Refused
from engine.runtime.limits import Limits

NPZ_PAIRS = (("x_train", "y_train"), ("x_test", "y_test"))  # as Keras publishes MNIST
NPZ_ONE = ("images", "labels")


def from_npz(arrays: dict[str, np.ndarray], name: str, limits: Limits) -> Dataset:
    """x_train, y_train, x_test and y_test, or images and labels. Raises Refused.

    Images are (n, h, w) uint8, or (n, h, w, 3) in colour; labels whole numbers or text.
    """
    names = set(arrays)
    pairs = [NPZ_ONE] if names == set(NPZ_ONE) else list(NPZ_PAIRS)
    if names != {part for pair in pairs for part in pair}:
        wanted = "x_train, y_train, x_test and y_test, or images and labels"
        raise Refused(f"The file holds {', '.join(sorted(names))[:200]}; wanted {wanted}.")
    images, labels, testing = [], [], []
    for place, (one, other) in enumerate(pairs):
        images.append(_grey_array(arrays[one], one))
        labels.append(arrays[other])
        judge_pair(images[-1], labels[-1], one, other, limits)
        testing.append(np.full(len(images[-1]), place == 1))
    return joined(name, images, labels, testing if len(pairs) == 2 else None)


def _grey_array(images: np.ndarray, name: str) -> np.ndarray:
    if images.dtype != np.uint8 or images.ndim not in (3, 4) or images.shape[3:] not in ((), (3,)):
        found = f"{images.dtype} {images.shape}"
        raise Refused(f"{name!r} is {found}; wanted uint8 (n, h, w) or (n, h, w, 3).")
    if images.ndim == 3:
        return images
    weights = np.array([19595, 38470, 7471])  # ITU-R 601 in 16 bits, rounded as Pillow does
    parts = [(some @ weights + 0x8000 >> 16).astype(np.uint8) for some in images]
    return np.stack(parts) if parts else images[..., 0]
