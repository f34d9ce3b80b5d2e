"""The two directions in which the pixels of images vary most, and where each image lies there."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

CHUNK = 2048  # images at a time as floats: all of 70,000 would be 440 MB
DENSE = 1024  # pixels, up to which all of their covariances are computed: 8 MB at most
WHITE = 255


class PrincipalComponents(NamedTuple):
    """``at`` (n, 2), in pixels of full ink; ``explained`` (2,), shares of the whole variance."""

    at: np.ndarray
    explained: np.ndarray


def principal_components(images: np.ndarray) -> PrincipalComponents:
    """Of images (n, h, w) uint8, read as ink from 0 to 1, the larger component first.

    The pixel that weighs most in a component weighs positively. Images that are all the same lie
    at 0, as do all of fewer than two, and explain nothing. Source: K. Pearson, "On lines and planes
    of closest fit to systems of points in space", Philosophical Magazine 2 (1901).
    """
    n, width = len(images), int(np.prod(images.shape[1:]))
    if n < 2 or width < 2 or (images == images[0]).all():
        return PrincipalComponents(np.zeros((n, 2)), np.zeros(2))
    rows = images.reshape(n, width)
    mean = rows.mean(axis=0, dtype=np.float64) / WHITE
    total = sum(np.square(few).sum() for few in _centered(rows, mean))
    scatter, directions = _two_largest(rows, mean)
    heaviest = directions[np.abs(directions).argmax(axis=0), [0, 1]]
    directions = directions * np.where(heaviest < 0, -1, 1)
    at = np.concatenate([few @ directions for few in _centered(rows, mean)])
    return PrincipalComponents(at, scatter.clip(0) / total)


def _centered(rows: np.ndarray, mean: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK] / WHITE - mean


def _two_largest(rows: np.ndarray, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two largest eigenvalues of the scatter, (2,), and their directions (width, 2)."""
    width = rows.shape[1]
    if width <= DENSE:
        values, vectors = np.linalg.eigh(sum(few.T @ few for few in _centered(rows, mean)))
    else:
        from scipy.sparse.linalg import LinearOperator, eigsh

        def scattered(vector: np.ndarray) -> np.ndarray:
            return sum(few.T @ (few @ vector) for few in _centered(rows, mean))

        operator = LinearOperator((width, width), matvec=scattered, dtype=np.float64)
        values, vectors = eigsh(operator, k=2, v0=np.ones(width))
    order = np.argsort(-values, kind="stable")[:2]
    return values[order], vectors[:, order]
