"""Rings of equal loss around a path: the plane of two parameters, the third held where it is."""

import numpy as np
import pandas as pd

from engine.descent.closed_form import QuadraticLoss, powers
from engine.descent.trace import loss

ANGLES = np.linspace(0, 2 * np.pi, 4001)
CIRCLE = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
RINGS, RATIO = 12, 2.2  # each ring lies this many times higher above its floor than the last
Window = tuple[float, float, float, float]  # x from, x to, y from, y to


def window(points: np.ndarray) -> Window:
    """A frame around points (n, 2) with an eighth of their spread as margin on every side."""
    low, high = points.min(axis=0), points.max(axis=0)
    margin = np.maximum((high - low) / 8, 1e-6 * np.maximum(abs(low), abs(high)) + 1e-9)
    (left, bottom), (right, top) = low - margin, high + margin
    return float(left), float(right), float(bottom), float(top)


def rings(
    quadratic: QuadraticLoss, parameters: np.ndarray, pair: tuple[int, int], frame: Window
) -> pd.DataFrame:
    """Ellipses of equal loss inside a frame: Loss, piece, order, x, y.

    ``pair`` names the two parameters drawn as x and y; the third is held at its value in
    ``parameters``. An ellipse cut by the frame comes as several pieces.
    """
    pair = list(pair)
    hessian = 2.0 / len(quadratic.time) * powers(quadratic.u).T @ powers(quadratic.u)
    plane = hessian[np.ix_(pair, pair)]
    away = hessian @ (parameters - quadratic.optimum)
    centre = parameters[pair] - np.linalg.solve(plane, away[pair])
    low = parameters.copy()
    low[pair] = centre
    floor = loss(quadratic, low)
    corners = np.array([[x, y] for x in frame[:2] for y in frame[2:]]) - centre
    most = 0.5 * np.einsum("ni,ij,nj->n", corners, plane, corners).max()
    excesses = most / RATIO ** np.arange(1, RINGS + 1)
    values, vectors = np.linalg.eigh(plane)
    round_one = CIRCLE * np.sqrt(2 / values) @ vectors.T  # the ellipse of excess 1
    drawn = [_ring(centre + np.sqrt(excess) * round_one, frame) for excess in excesses]
    table = pd.DataFrame(np.concatenate(drawn), columns=["piece", "order", "x", "y"])
    return table.assign(Loss=np.repeat(floor + excesses, [len(ring) for ring in drawn]))


def _ring(points: np.ndarray, frame: Window) -> np.ndarray:
    """The columns piece, order, x and y of what is to be drawn of an ellipse through ``points``."""
    left, right, bottom, top = frame
    size = np.array([right - left, top - bottom])
    scaled = (points - [left, bottom]) / size
    near = ((scaled > -0.1) & (scaled < 1.1)).all(axis=1)
    walked = np.r_[0, np.hypot(*np.diff(scaled, axis=0).T)].cumsum()
    kept = near & np.r_[True, np.diff(np.floor(walked * 60)) > 0]
    piece = np.r_[0, np.diff(near) != 0].cumsum()
    order = np.flatnonzero(kept)
    return np.column_stack([piece[kept], order, points[kept]])
