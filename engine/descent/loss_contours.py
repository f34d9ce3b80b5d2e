"""Ellipses of equal loss around a path: the plane of two parameters, the third held where it is."""

from typing import NamedTuple

import numpy as np

from engine.descent.closed_form import QuadraticLoss, powers

RINGS, RATIO = 12, 2.2  # each ring lies this many times higher above its floor than the last
Window = tuple[float, float, float, float]  # x from, x to, y from, y to


class Rings(NamedTuple):
    """What the ellipses of k states have in common, and what each state's are.

    The ellipse of loss ``floor + e`` is ``centre + sqrt(e) · unit @ (cos φ, sin φ)``, with ``unit``
    (2, 2), ``centre`` (k, 2) and ``floor`` (k,). ``highest`` (k,) is the excess at the farthest
    corner of the frame, which `RINGS` rings share out by `RATIO`.
    """

    unit: np.ndarray
    centre: np.ndarray
    floor: np.ndarray
    highest: np.ndarray


def window(points: np.ndarray) -> Window:
    """A frame around points (n, 2) with an eighth of their spread as margin on every side."""
    low, high = points.min(axis=0), points.max(axis=0)
    margin = np.maximum((high - low) / 8, 1e-6 * np.maximum(abs(low), abs(high)) + 1e-9)
    (left, bottom), (right, top) = low - margin, high + margin
    return float(left), float(right), float(bottom), float(top)


def rings(
    quadratic: QuadraticLoss, states: np.ndarray, pair: tuple[int, int], frame: Window
) -> Rings:
    """The ellipses of equal loss around each of ``states`` (k, 3), to the corners of a frame.

    ``pair`` names the two parameters drawn as x and y; the third is held at its value in the state.
    What float64 cannot hold is not finite.
    """
    pair = list(pair)
    hessian = 2.0 / len(quadratic.time) * powers(quadratic.u).T @ powers(quadratic.u)
    plane = hessian[np.ix_(pair, pair)]
    values, vectors = np.linalg.eigh(plane)
    corners = np.array([[x, y] for x in frame[:2] for y in frame[2:]])
    with np.errstate(over="ignore", invalid="ignore"):
        away = (states - quadratic.optimum) @ hessian
        centre = states[:, pair] - np.linalg.solve(plane, away[:, pair].T).T
        low = states - quadratic.optimum
        low[:, pair] = centre - quadratic.optimum[pair]
        floor = quadratic.floor + 0.5 * np.einsum("ki,ij,kj->k", low, hessian, low)
        out = corners - centre[:, None]
        highest = 0.5 * np.einsum("kni,ij,knj->kn", out, plane, out).max(axis=1)
    return Rings(vectors * np.sqrt(2 / values), centre, floor, highest)
