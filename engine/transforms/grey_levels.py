"""Changes of the grey levels: the ink's amount, its scale, its softness."""

import numpy as np

from engine.transforms.base import Transformer

MNIST_INK = 0.1307  # the mean pixel of MNIST's training images


class InkNormalise(Transformer):
    """Each image divided by its mean pixel and multiplied by ``ink``: all have the same ink.

    A blank image stays blank.
    """

    def __init__(self, ink: float = MNIST_INK) -> None:
        self.ink = ink

    def change(self, images: np.ndarray) -> np.ndarray:
        return images * _over(self.ink, images.mean(axis=(1, 2), keepdims=True))

    def check_parameters(self) -> None:
        _positive("ink", self.ink)


class UnitNorm(Transformer):
    """Each image divided by its Euclidean length; a blank image stays blank."""

    def change(self, images: np.ndarray) -> np.ndarray:
        length = np.sqrt(np.square(images).sum(axis=(1, 2), keepdims=True))
        return images * _over(1, length)


class Gamma(Transformer):
    """Each pixel to the power ``gamma``: below 1 grey becomes darker ink. Negatives count as 0."""

    def __init__(self, gamma: float = 0.5) -> None:
        self.gamma = gamma

    def change(self, images: np.ndarray) -> np.ndarray:
        return np.clip(images, 0, None) ** images.dtype.type(self.gamma)

    def check_parameters(self) -> None:
        _positive("gamma", self.gamma)


class Threshold(Transformer):
    """1 where a pixel is above ``at``, else 0."""

    def __init__(self, at: float = 0.5) -> None:
        self.at = at

    def change(self, images: np.ndarray) -> np.ndarray:
        return images > self.at


class GaussianBlur(Transformer):
    """Each image blurred by a Gaussian of ``sigma`` pixels, cut off at 4 sigma, zero outside.

    As scipy.ndimage.gaussian_filter with mode="constant".
    """

    def __init__(self, sigma: float = 1.0) -> None:
        self.sigma = sigma

    def change(self, images: np.ndarray) -> np.ndarray:
        height, width = images.shape[1:]
        rows, columns = (blur_matrix(side, self.sigma) for side in (height, width))
        return rows.astype(images.dtype) @ images @ columns.astype(images.dtype)

    def check_parameters(self) -> None:
        _positive("sigma", self.sigma)


def blur_matrix(side: int, sigma: float) -> np.ndarray:
    """(side, side), symmetric: its product with a column of pixels is the blurred column."""
    radius = int(4 * sigma + 0.5)
    apart = np.abs(np.arange(side)[:, None] - np.arange(side))
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    return np.where(apart <= radius, np.exp(-0.5 * (apart / sigma) ** 2) / kernel.sum(), 0)


def _over(wanted: float, found: np.ndarray) -> np.ndarray:
    """What to multiply by, 1 where nothing was found."""
    nothing = found == 0
    return np.where(nothing, 1, wanted / np.where(nothing, 1, found)).astype(found.dtype)


def _positive(name: str, value: float) -> None:
    if not value > 0:
        raise ValueError(f"{name} must be above 0, got {value!r}")
