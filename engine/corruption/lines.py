"""Lines and stripes over the image. Each takes uint8 images (n, h, w), gives levels to 255."""

from functools import lru_cache
from itertools import pairwise

import numpy as np

from engine.corruption.draws import Draws
from engine.corruption.filters import scale_of

WHITE = 255
DASH, TOOTH = 2.0, 2.0  # pixels: a dash and a gap of the dotted line; a tooth's width and height
ENDS = 2.0, 25.0  # columns between which the zigzag runs
LEAN = 5  # rows that the zigzag rises or falls at most


def stripe(images: np.ndarray, share: float, draws: Draws) -> np.ndarray:
    """Ink and paper exchanged in this share of the columns, at the left and at the right edge."""
    changed, columns = images.copy(), max(round(share * images.shape[2]), 1)
    for edge in (np.s_[:, :, :columns], np.s_[:, :, -columns:]):
        changed[edge] = WHITE - changed[edge]
    return changed


def dotted_line(images: np.ndarray, thickness: float, draws: Draws) -> np.ndarray:
    """A dotted line from edge to edge, from any height to any height."""
    height, width = images.shape[1:]
    first, last = _whole(draws.uniform(2), height - 1).T
    rises = np.arange(2 - height, height - 1)
    lines = np.stack([_dots(height, width, rise, thickness) for rise in rises])
    return images + _windows(lines, last - first + height - 2, first, height)


def zigzag(images: np.ndarray, thickness: float, draws: Draws) -> np.ndarray:
    """A zigzag from side to side, at any height, nearly level."""
    height, width = images.shape[1:]
    where, rise = draws.uniform(2).T
    lean = max(round(LEAN * scale_of((height, width))), 1)
    rises = np.arange(-lean, lean)
    lines = np.stack([_teeth(height, width, one, thickness) for one in rises])
    return images + _windows(lines, _whole(rise, 2 * lean), _whole(where, height - 1), height)


def _whole(uniform: np.ndarray, below: int) -> np.ndarray:
    """Whole numbers from 0 on, from numbers in [0, 1)."""
    return (uniform * below).astype(int)


def _windows(lines: np.ndarray, which: np.ndarray, row: np.ndarray, height: int) -> np.ndarray:
    """Of each line (m, 2 · height, w) the part that begins in ``row``, if it began in row 0.

    A line is drawn with row 0 at ``height``.
    """
    views = np.lib.stride_tricks.sliding_window_view(lines, height, axis=1)
    return views[which, height - row].transpose(0, 2, 1)


@lru_cache(maxsize=512)
def _dots(height: int, width: int, rise: int, thickness: float) -> np.ndarray:
    """(2 · height, w): a dotted line from row 0 at the left to row ``rise`` at the right."""
    ends = (0.0, 0.0), (width - 1.0, float(rise))
    dash = max(round(DASH * scale_of((height, width))), 1)
    return _line(height, width, ends, thickness) * (np.arange(width) // dash % 2)


@lru_cache(maxsize=128)
def _teeth(height: int, width: int, rise: int, thickness: float) -> np.ndarray:
    """(2 · height, w): a zigzag about a line from row 0 to row ``rise``."""
    scale, across = scale_of((height, width)), width / 28
    tooth, run = TOOTH * scale, (ENDS[1] - ENDS[0]) * across
    angle = np.arctan2(rise, run)
    length = run / np.cos(angle)
    peaks = np.arange(int((length - tooth) // (2 * tooth)) + 1)
    along = np.array([0.0, *((2 * peaks + 1) * tooth), length])
    beside = np.array([0.0, *(tooth * (-1.0) ** peaks), 0.0])
    columns = along * np.cos(angle) - beside * np.sin(angle) + ENDS[0] * across
    rows = along * np.sin(angle) + beside * np.cos(angle)
    points = list(zip(columns, rows, strict=True))
    total = np.zeros((2 * height, width), np.float32)
    for ends in pairwise(points):
        total += _line(height, width, ends, thickness)
    return np.clip(total, 0, WHITE)


def _line(
    height: int, width: int, ends: tuple[tuple[float, float], ...], thickness: float
) -> np.ndarray:
    """(2 · height, w) levels of a line from (column, row) to (column, row), row 0 at ``height``.

    The ink of a pixel at a vertical distance d is 1 + log(1 − d / thickness), not below 0.
    """
    (left, top), (right, bottom) = ends
    if left >= right:
        return np.zeros((2 * height, width), np.float32)
    columns, rows = np.arange(width), np.arange(2 * height)[:, None] - height
    line = top + (bottom - top) / (right - left) * (columns - left)
    far = np.abs(rows - line) / (thickness * scale_of((height, width)))
    ink = WHITE * (1 + np.log(1 - np.clip(far, 0, 1 - 1e-9)))
    between = (columns >= np.floor(left)) & (columns < np.ceil(right))
    return (np.clip(ink, 0, WHITE) * between).astype(np.float32)
