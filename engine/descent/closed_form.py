"""Gradient descent on the parabola in closed form: three directions that shrink independently.

The loss is a quadratic bowl. Along each eigenvector of its Hessian the error is multiplied by
1 − lr·λ at every step, so any step is reached at once (Goh, "Why Momentum Really Works", 2017).
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

NEVER = 10**15  # more steps than anyone will wait for
CRAWL = 0.05  # a step that takes less than 5 % off even the steepest direction crawls


@dataclass(frozen=True)
class QuadraticLoss:
    """The loss as a function of the three parameters, for one set of points.

    ``curvatures`` are the Hessian's eigenvalues, largest first, and ``axes`` its eigenvectors in
    the same order as columns. ``optimum`` is the least-squares solution, ``floor`` its loss L*,
    ``flat`` the loss of always guessing the mean. With standardised time all parameters belong to
    u = (t − shift) / scale; otherwise shift is 0 and scale 1.
    """

    time: np.ndarray
    speed: np.ndarray
    shift: float
    scale: float
    curvatures: np.ndarray
    axes: np.ndarray
    optimum: np.ndarray
    floor: float
    flat: float

    @property
    def u(self) -> np.ndarray:
        """The times as the model sees them, (n,)."""
        return (self.time - self.shift) / self.scale

    @property
    def limit(self) -> float:
        """The learning rate from which the descent no longer converges, 2/λmax."""
        return 2.0 / self.curvatures[0]

    @property
    def condition(self) -> float:
        """How many times steeper the steepest direction is than the flattest, λmax/λmin."""
        return float(self.curvatures[0] / self.curvatures[-1])

    @property
    def goal(self) -> float:
        """The loss that counts as converged: within 1 % of L*.

        Without noise L* is zero and no ratio to it means anything; R² ≥ 0.99 stands in.
        """
        return 1.01 * self.floor if self.has_noise else 0.01 * self.flat

    @property
    def has_noise(self) -> bool:
        """False when the best parabola passes through every point, up to rounding."""
        return self.floor > 1e-12 * max(self.flat, 1e-300)


def powers(u: np.ndarray) -> np.ndarray:
    """The columns u², u, 1 whose weights are a, b, c; (n, 3)."""
    return np.stack([u**2, u, np.ones_like(u)], axis=1)


def quadratic(time: np.ndarray, speed: np.ndarray, standardise: bool = False) -> QuadraticLoss:
    """The loss of these points; ``standardise`` counts time in deviations from its mean."""
    shift, scale = (float(time.mean()), float(time.std())) if standardise else (0.0, 1.0)
    columns = powers((time - shift) / scale)
    values, vectors = np.linalg.eigh(2.0 / len(time) * columns.T @ columns)
    optimum = np.linalg.lstsq(columns, speed, rcond=None)[0]
    floor = float(np.mean((columns @ optimum - speed) ** 2))
    steepest_first = values[::-1], vectors[:, ::-1]
    return QuadraticLoss(
        time, speed, shift, scale, *steepest_first, optimum, floor, float(speed.var())
    )


def to_basis(quadratic: QuadraticLoss, raw: np.ndarray) -> np.ndarray:
    """Parameters of t as parameters of u: the same curve, so the same loss."""
    a, b, c = raw
    m, s = quadratic.shift, quadratic.scale
    return np.array([a * s**2, (2 * a * m + b) * s, a * m**2 + b * m + c])


def from_basis(quadratic: QuadraticLoss, parameters: np.ndarray) -> np.ndarray:
    """Parameters of u as parameters of t; the inverse of ``to_basis``."""
    a, b, c = np.asarray(parameters) / np.array([quadratic.scale**2, quadratic.scale, 1.0])
    m = quadratic.shift
    return np.array([a, b - 2 * a * m, a * m**2 - b * m + c])


def parameters_at(
    quadratic: QuadraticLoss, start: np.ndarray, lr: float, steps: np.ndarray
) -> np.ndarray:
    """The parameters after each number of steps, (k, 3); infinite where the descent blew up.

    ``start`` is given, as everything here, in the basis of the bowl.
    """
    shrunk = _shrink(quadratic, lr, steps) * (quadratic.axes.T @ (start - quadratic.optimum))
    with np.errstate(invalid="ignore", over="ignore"):
        return quadratic.optimum + shrunk @ quadratic.axes.T


def excess_at(
    quadratic: QuadraticLoss, start: np.ndarray, lr: float, steps: np.ndarray
) -> np.ndarray:
    """The loss above L* that each direction still causes, (k, 3), steepest direction first."""
    shrunk = _shrink(quadratic, lr, steps) * (quadratic.axes.T @ (start - quadratic.optimum))
    with np.errstate(over="ignore"):
        return 0.5 * quadratic.curvatures * shrunk**2


def loss_at(
    quadratic: QuadraticLoss, start: np.ndarray, lr: float, steps: np.ndarray
) -> np.ndarray:
    """The loss after each number of steps, (k,): L* plus what the three directions still cause."""
    return quadratic.floor + excess_at(quadratic, start, lr, steps).sum(axis=1)


def _shrink(quadratic: QuadraticLoss, lr: float, steps: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return np.power(1.0 - lr * quadratic.curvatures, np.asarray(steps, dtype=float)[:, None])


def steps_to(quadratic: QuadraticLoss, start: np.ndarray, lr: float, goal: float) -> int | None:
    """The first step whose loss is at most ``goal``, or None if that takes 10¹⁵ or never comes."""
    first = int(steps_to_each(quadratic, start, np.array([lr]), goal)[0])
    return None if first > NEVER else first


def steps_to_each(
    quadratic: QuadraticLoss, start: np.ndarray, rates: np.ndarray, goal: float
) -> np.ndarray:
    """`steps_to` for each learning rate, (k,) whole numbers; more than 10¹⁵ for None.

    Below the limit the loss falls at every step, so the answers are found by doubling, then
    halving.
    """
    error = quadratic.axes.T @ (start - quadratic.optimum)

    def reached(steps: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):
            shrunk = np.power(
                1.0 - rates[:, None] * quadratic.curvatures, steps[:, None].astype(float)
            )
            excess = (0.5 * quadratic.curvatures * (shrunk * error) ** 2).sum(axis=1)
        return quadratic.floor + excess <= goal

    low, high = np.zeros(len(rates), np.int64), np.ones(len(rates), np.int64)
    ever = reached(np.full(len(rates), NEVER)) & (rates < quadratic.limit)
    beyond = ever & ~reached(high)
    while beyond.any():  # most answers are small: doubling gets there first
        low[beyond] = high[beyond]
        high[beyond] = np.minimum(2 * high[beyond], NEVER)
        beyond = ever & ~reached(high)
    while ((high - low)[ever] > 1).any():
        middle = (low + high) // 2
        there = reached(middle)
        high[there] = middle[there]
        low[~there] = middle[~there]
    return np.where(reached(np.zeros(len(rates))), 0, np.where(ever, high, NEVER + 1))


def stops_at(quadratic: QuadraticLoss, start: np.ndarray, lr: float, last: int) -> int | None:
    """The first step up to ``last`` whose loss float64 cannot hold, or None.

    The loop sums the squares before it takes their mean, so it is the sum that must be finite.
    Past the limit the loss ends up growing for ever, so this too is found by halving.
    """

    def broken(step: int) -> bool:
        with np.errstate(over="ignore"):
            return not np.isfinite(
                loss_at(quadratic, start, lr, np.array([step]))[0] * len(quadratic.time)
            )

    if not broken(last):
        return None
    low, high = -1, last
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if broken(middle) else (middle, high)
    return high


def bands(quadratic: QuadraticLoss) -> pd.DataFrame:
    """What each learning rate does to the steepest direction: Band, From, To, steepest first to go.

    The borders are computed: 5 % of error per step, 1/λmax (gone in one step), 2/λmax (the limit).
    """
    half = quadratic.limit / 2
    edges = [0.0, CRAWL * half, half, quadratic.limit, math.inf]
    names = ["crawls", "smooth", "overshoots", "diverges"]
    return pd.DataFrame({"Band": names, "From": edges[:-1], "To": edges[1:]})


def band(quadratic: QuadraticLoss, lr: float) -> str:
    """The band one learning rate is in; a border belongs to the band above it."""
    table = bands(quadratic)
    return str(table["Band"][table["From"] <= lr].iloc[-1])
