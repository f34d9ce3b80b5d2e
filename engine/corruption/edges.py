"""Canny's edges: J. Canny, "A computational approach to edge detection", 1986."""

import numpy as np
from scipy import ndimage

from engine.corruption.draws import Draws
from engine.corruption.filters import filtered, gaussian, scale_of

WHITE = 255
SIGMA = 1.0  # pixels of blur before the slopes are taken
LOW, HIGH = 0.1, 0.2  # slopes: an edge is steeper than LOW, and touches one steeper than HIGH


def canny_edges(images: np.ndarray, share: float, draws: Draws) -> np.ndarray:
    """This share of full ink on the edges, and the rest of the image as before."""
    return images * np.float32(1 - share) + edges(images) * np.float32(share * WHITE)


def edges(images: np.ndarray) -> np.ndarray:
    """Where each uint8 image (n, h, w) has an edge, bool."""
    down, along = _slopes(images / np.float32(WHITE))
    steep = np.hypot(down, along)
    ridge = np.where(_is_ridge(down, along, steep), steep, 0)
    touching = np.zeros((3, 3, 3), int)
    touching[1] = 1
    labels, count = ndimage.label(ridge > 0, touching)
    kept = np.zeros(count + 1, bool)
    kept[labels[ridge >= HIGH]] = True
    kept[0] = False
    return kept[labels]


def _slopes(ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sobel's, downwards and along, of the blurred ink; outside counts for nothing."""
    sigma, sides = SIGMA * scale_of(ink.shape[1:]), ink.shape[1:]
    blur = [gaussian(side, sigma, "constant") for side in sides]
    blur = [one / one.sum(axis=1, keepdims=True) for one in blur]
    slope = [ndimage.correlate1d(one, [-1, 0, 1], axis=0) for one in blur]
    smooth = [ndimage.correlate1d(one, [1, 2, 1], axis=0) for one in blur]
    return filtered(ink, slope[0], smooth[1]), filtered(ink, smooth[0], slope[1])


def _is_ridge(down: np.ndarray, along: np.ndarray, steep: np.ndarray) -> np.ndarray:
    """Where it is at least as steep as a step forth and a step back across the edge, bool.

    A step ends between two pixels, and what is there lies linearly between theirs. The outermost
    pixels have no edge.
    """
    width, inner = steep.shape[2], np.zeros(steep.shape, bool)
    inner[:, 1:-1, 1:-1] = steep[:, 1:-1, 1:-1] >= LOW
    at = np.flatnonzero(inner)
    flat, i, j = steep.ravel(), down.ravel()[at], along.ravel()[at]
    upright, same = np.abs(i) > np.abs(j), i * j >= 0
    near = np.where(upright, width, 1)
    corner = np.where(same, width + 1, np.where(upright, width - 1, 1 - width))
    part = np.minimum(np.abs(i), np.abs(j)) / np.maximum(np.abs(i), np.abs(j))
    here = flat[at]
    ridge = np.ones(len(at), bool)
    for sign in (1, -1):
        ridge &= flat[at + sign * corner] * part + flat[at + sign * near] * (1 - part) <= here
    inner.ravel()[at] = ridge
    return inner
