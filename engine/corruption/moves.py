"""Moves of the whole image. Each takes uint8 images (n, h, w) and gives levels from 0 to 255.

What comes from outside is paper. Between pixels it is linear.
"""

from collections.abc import Callable

import numpy as np
from scipy import sparse

from engine.corruption.draws import Draws
from engine.corruption.filters import scale_of

Move = tuple[np.ndarray, tuple[float, float]]  # (2, 2) by row and column, and pixels down, along


def shear(images: np.ndarray, radians: float, draws: Draws) -> np.ndarray:
    """Slanted by this angle, to the left or to the right."""
    slope = np.tan(radians)
    return _by_sign(images, draws, lambda sign, _: (np.array([[1, 0], [sign * slope, 1]]), (0, 0)))


def rotate(images: np.ndarray, radians: float, draws: Draws) -> np.ndarray:
    """Turned by this angle, to the left or to the right."""

    def turned(sign: int, _: int) -> Move:
        sine, cosine = np.sin(sign * radians), np.cos(radians)
        return np.array([[cosine, sine], [-sine, cosine]]), (0, 0)

    return _by_sign(images, draws, turned)


def scale(images: np.ndarray, size: float, draws: Draws) -> np.ndarray:
    """Smaller: this share of its height and width."""
    return _sampled(images, np.eye(2) / size, (0, 0))


def translate(images: np.ndarray, pixels: float, draws: Draws) -> np.ndarray:
    """Moved by this many pixels up or down, and as many to the left or to the right."""
    far = pixels * scale_of(images.shape[1:])
    return _by_sign(images, draws, lambda down, along: (np.eye(2), (down * far, along * far)))


def _by_sign(images: np.ndarray, draws: Draws, move: Callable[[int, int], Move]) -> np.ndarray:
    """Each image moved by two signs of its own, −1 or 1."""
    signs = (draws.bytes(2) >> 7).astype(int) * 2 - 1
    moved = np.empty(images.shape, np.float32)
    for down, along in np.unique(signs, axis=0):
        some = (signs == (down, along)).all(axis=1)
        moved[some] = _sampled(images[some], *move(down, along))
    return moved


def _sampled(images: np.ndarray, matrix: np.ndarray, shift: tuple[float, float]) -> np.ndarray:
    """Each pixel is what was at ``matrix`` times its place from the middle, plus ``shift``."""
    weights = _weights(images.shape[1:], matrix, shift)
    flat = images.reshape(len(images), -1).T.astype(np.float32)
    return (weights @ flat).T.reshape(images.shape)


def _weights(
    size: tuple[int, int], matrix: np.ndarray, shift: tuple[float, float]
) -> sparse.csr_array:
    """(pixels, pixels): how much of each pixel before is in each one after."""
    middle = (np.array(size) - 1) / 2
    places = np.indices(size).reshape(2, -1)
    before = matrix @ (places - middle[:, None]) + (middle + shift)[:, None]
    low = np.floor(before).astype(int)
    part = before - low
    corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
    at = [low + np.array(corner)[:, None] for corner in corners]
    share = [np.abs(1 - np.array(corner)[:, None] - part).prod(axis=0) for corner in corners]
    at, share = np.concatenate(at, axis=1), np.concatenate(share)
    after = np.tile(np.arange(places.shape[1]), 4)
    inside = ((at >= 0) & (at < np.array(size)[:, None])).all(axis=0)
    entries = (
        share[inside].astype(np.float32),
        (after[inside], at[0, inside] * size[1] + at[1, inside]),
    )
    return sparse.csr_array(entries, shape=(places.shape[1],) * 2)
