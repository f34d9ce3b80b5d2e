"""Filters along one side of an image, as matrices: one product filters all images."""

from functools import lru_cache

import numpy as np
from scipy import ndimage

TRUNCATE = 4.0  # standard deviations at which a Gaussian ends


@lru_cache(maxsize=64)
def gaussian(side: int, sigma: float, mode: str = "nearest") -> np.ndarray:
    """(side, side): ndimage.gaussian_filter1d with that ``mode``, sigma above 0."""
    one = np.eye(side)
    return ndimage.gaussian_filter1d(one, sigma, axis=0, mode=mode, truncate=TRUNCATE)


def filtered(images: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Each image (n, h, w) filtered down by ``rows`` (h, h) and across by ``columns`` (w, w)."""
    return rows.astype(np.float32) @ images @ columns.T.astype(np.float32)


def blurred(images: np.ndarray, sigma: float) -> np.ndarray:
    """Each image (n, h, w) as ndimage.gaussian_filter blurs it, its edge repeated outside."""
    height, width = images.shape[1:]
    return filtered(images, gaussian(height, sigma), gaussian(width, sigma))


def scale_of(size: tuple[int, int]) -> float:
    """How long a pixel's length of MNIST, 28 a side, is in images of this height and width."""
    return min(size) / 28
