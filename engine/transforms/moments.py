"""Changes of position, slant and size by the moments of the ink.

The ink of an image is a distribution over its pixels: its mean is the center of mass, its standard
deviations the size, its covariance over the variance of the rows the slant. Sampling is bilinear,
with nothing outside. Rows are counted from the top, columns from the left, in pixels.
"""

from typing import NamedTuple

import numpy as np

from engine.transforms.base import Transformer


class Moments(NamedTuple):
    """Of each image, (n,): the center of mass, the variances, and the covariance.

    A blank image has its center in the middle and no spread.
    """

    row: np.ndarray
    column: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    both: np.ndarray


def moments(images: np.ndarray) -> Moments:
    """Of images (n, h, w); negative pixels count as paper."""
    ink = np.clip(images, 0, None).astype(np.float64)
    i, j = (np.arange(side) - middle(side) for side in images.shape[1:])
    by_row, by_column = ink.sum(axis=2), ink.sum(axis=1)
    mass = by_row.sum(axis=1)
    mass[mass == 0] = 1
    row, column = by_row @ i / mass, by_column @ j / mass
    both = (ink @ j @ i) / mass - row * column
    rows = np.clip(by_row @ i**2 / mass - row**2, 0, None)
    columns = np.clip(by_column @ j**2 / mass - column**2, 0, None)
    return Moments(row + middle(len(i)), column + middle(len(j)), rows, columns, both)


def middle(side: int) -> float:
    """Where the middle of that many pixels is, from 0."""
    return (side - 1) / 2


class CenterByMass(Transformer):
    """The center of mass moved to the middle, also by parts of a pixel."""

    def change(self, images: np.ndarray) -> np.ndarray:
        return upright(images, slanted=False)


class Deskew(Transformer):
    """Made upright: each row moved along by the slant of the ink, and centered by mass.

    The slant is the covariance of rows and columns over the variance of the rows; ink in one row
    has none.
    """

    def change(self, images: np.ndarray) -> np.ndarray:
        return upright(images, slanted=True)


class MomentSize(Transformer):
    """Scaled about the center of mass to the same spread of ink, and centered by it.

    ``rows`` and ``columns`` are the standard deviations wanted, as shares of the height and width:
    of 28 pixels 4.5 and 3.5. No side is shrunk or stretched more than ``most`` times.
    """

    def __init__(self, rows: float = 4.5 / 28, columns: float = 3.5 / 28, most: float = 3) -> None:
        self.rows = rows
        self.columns = columns
        self.most = most

    def change(self, images: np.ndarray) -> np.ndarray:
        of, (height, width) = moments(images), images.shape[1:]
        down = self._from(of.row, of.rows, height, self.rows)
        along = self._from(of.column, of.columns, width, self.columns)
        return rows_at(rows_at(images, down).swapaxes(1, 2), along).swapaxes(1, 2)

    def check_parameters(self) -> None:
        if not (self.rows > 0 and self.columns > 0 and self.most >= 1):
            raise ValueError(f"wanted rows and columns above 0 and most from 1 on, got {self!r}")

    def _from(
        self, center: np.ndarray, variance: np.ndarray, side: int, wanted: float
    ) -> np.ndarray:
        """Where along one side the pixels of each image are taken from, (n, side)."""
        factor = np.sqrt(variance) / (wanted * side)
        factor[variance == 0] = 1
        factor = factor.clip(1 / self.most, self.most)
        return center[:, None] + factor[:, None] * (np.arange(side) - middle(side))


def upright(images: np.ndarray, slanted: bool) -> np.ndarray:
    """Centered by mass and, if they may be ``slanted``, made upright: (n, h, w)."""
    of, (height, width) = moments(images), images.shape[1:]
    i = np.arange(height) - middle(height)
    slant = of.both / np.where(of.rows > 0, of.rows, 1) if slanted else np.zeros(len(images))
    level = rows_at(images, of.row[:, None] + i)
    return moved(level, (of.column - middle(width))[:, None] + slant[:, None] * i)


def rows_at(images: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Of each image (n, h, w) the rows at (n, m), between two pixel rows by both: (n, m, w)."""
    near = 1 - np.abs(at[:, :, None] - np.arange(images.shape[1]))
    return np.clip(near, 0, None).astype(images.dtype) @ images


def moved(images: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Each row of each image (n, h, w) taken from ``by`` (n, h) pixels further on."""
    n, height, width = images.shape
    by = by.clip(-width - 1, width + 1)  # further away there is nothing either
    whole = np.floor(by).astype(np.intp)
    part = (by - whole).astype(images.dtype)[:, :, None]
    edge = width + 3
    wide = np.zeros((n * height, 3 * width + 6), images.dtype)
    wide[:, edge : edge + width] = images.reshape(n * height, width)
    starts = np.arange(n * height) * wide.shape[1] + edge + whole.ravel()
    found = wide.ravel()[starts[:, None] + np.arange(width + 1)].reshape(n, height, width + 1)
    return (1 - part) * found[:, :, :-1] + part * found[:, :, 1:]
