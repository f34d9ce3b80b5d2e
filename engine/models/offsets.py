"""Offsets: numbers added to the distances to classes, so that none wins too often.

They are fitted on training images, with the templates as they are.
"""

import math

import numpy as np

OFFSETS = ("one", "each")
FINE = 100  # steps of the grid in one order of magnitude of the distances


def fit_offsets(distance: np.ndarray, places: np.ndarray, which: str) -> np.ndarray:
    """What to add to each column of ``distance`` (n, k), n ≥ 1: (k,).

    ``places`` (n,) are the columns of the true classes. With "one" all but one are 0: it is the one
    number, of a grid, that makes most images right; where several do as well, the smallest. With
    "each" every class has its own, 0 on average: those with which the softmax of −s (distance +
    offset) gives the true classes most likelihood, with one s > 0 for all. Raises ValueError for
    another name.
    """
    if which not in OFFSETS:
        raise ValueError(f"offsets must be None or one of {OFFSETS}, got {which!r}")
    if distance.shape[1] < 2:
        return np.zeros(distance.shape[1])
    return _one(distance, places) if which == "one" else _each(distance, places)


def grid_step(distance: np.ndarray) -> float:
    """A hundredth of the order of magnitude of a typical distance: of 0.13 it is 0.001."""
    typical = float(np.median(distance))
    return 10.0 ** math.floor(math.log10(typical)) / FINE if typical > 0 else 1 / FINE


def _one(distance: np.ndarray, places: np.ndarray) -> np.ndarray:
    """An image is answered with the class while the offset stays below what the next has more."""
    step, offsets = grid_step(distance), np.zeros(distance.shape[1])
    best = int((distance.argmin(axis=1) == places).sum())
    for place in range(distance.shape[1]):
        others = distance.copy()
        others[:, place] = np.inf
        room = others.min(axis=1) - distance[:, place]
        lost, won = room[places == place], room[others.argmin(axis=1) == places]
        most = math.ceil(np.abs(room).max() / step) + 1
        grid = np.arange(-most, most + 1)
        right = _above(lost, grid * step) + _below(won, grid * step)
        top = right.max()
        if top > best:
            best, offsets[:] = top, 0
            equal = grid[right == top]
            offsets[place] = step * equal[np.abs(equal).argmin()]
    return offsets


def _above(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    return len(values) - np.searchsorted(np.sort(values), at, side="right")


def _below(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.sort(values), at, side="right")


def _each(distance: np.ndarray, places: np.ndarray) -> np.ndarray:
    from scipy.optimize import minimize

    spread = (distance - distance.mean(axis=1, keepdims=True)).std()
    if spread == 0:
        return np.zeros(distance.shape[1])
    scaled, start = distance / spread, np.append(1.0, np.zeros(distance.shape[1]))
    bounds = [(1e-6, None), *[(-1e3, 1e3)] * distance.shape[1]]
    found = minimize(
        _surprise, start, (scaled, places), "L-BFGS-B", jac=True, bounds=bounds, tol=1e-10
    ).x
    offsets = -found[1:] / found[0] * spread
    return offsets - offsets.mean()


def _surprise(
    parameters: np.ndarray, scaled: np.ndarray, places: np.ndarray
) -> tuple[float, np.ndarray]:
    """Mean cross-entropy of the softmax of −s · distance + b, and its gradient by s and b."""
    logits = parameters[1:] - parameters[0] * scaled
    logits -= logits.max(axis=1, keepdims=True)
    share = np.exp(logits)
    total = share.sum(axis=1, keepdims=True)
    rows = np.arange(len(places))
    loss = float(np.mean(np.log(total[:, 0]) - logits[rows, places]))
    share /= total
    share[rows, places] -= 1
    by_s = -np.einsum("nk,nk->", share, scaled) / len(places)
    return loss, np.append(by_s, share.mean(axis=0))
