"""One descent as tables: which steps to show, what each holds, and one step taken apart."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.descent.closed_form import (
    QuadraticLoss,
    excess_at,
    loss_at,
    parameters_at,
    powers,
    stops_at,
)
from engine.descent.notebook import PARAMETERS

LOOPED = 50  # steps shown one by one; beyond them the closed form jumps
DIRECTIONS = ("steepest", "middle", "flattest")


@dataclass(frozen=True)
class Descent:
    """A descent down one bowl: where it starts, its learning rate and how many steps are taken.

    ``start`` is in the basis of the bowl. ``stopped`` is the first step, up to the last one asked
    for, whose loss float64 cannot hold (None if all are finite); ``reached`` is the last step
    with a finite loss, which is where every view stops.
    """

    quadratic: QuadraticLoss
    start: np.ndarray
    lr: float
    steps: int
    stopped: int | None
    reached: int


def descend(quadratic: QuadraticLoss, start: np.ndarray, lr: float, steps: int) -> Descent:
    """The descent of ``steps`` steps; ``ValueError`` for a rate or count that cannot be run."""
    if not (np.isfinite(lr) and lr > 0):
        raise ValueError(f"found learning rate {lr}; wanted a finite number above 0")
    if steps < 0:
        raise ValueError(f"found {steps} steps; wanted 0 or more")
    stopped = stops_at(quadratic, start, lr, steps)
    reached = steps if stopped is None else max(stopped - 1, 0)
    return Descent(quadratic, start, lr, steps, stopped, reached)


def sampled(last: int, most: int = 300) -> np.ndarray:
    """Step numbers 0 … ``last``: every one up to 50, then at most ``most`` spread by ratio."""
    early = np.arange(min(last, LOOPED) + 1)
    if last <= LOOPED:
        return early
    late = np.unique(np.geomspace(LOOPED, last, most).round().astype(np.int64))
    return np.union1d(early, late)


def trace(descent: Descent, last: int | None = None) -> pd.DataFrame:
    """The descent step by step: Step, Loss, a, b, c and the excess loss by direction.

    Shows every step up to 50 and a sample beyond; ``last`` looks further ahead than the steps
    taken. Rows without finite numbers are left out, so nothing infinite reaches a chart.
    """
    steps = sampled(descent.reached if last is None else last)
    at = (descent.quadratic, descent.start, descent.lr, steps)
    columns = dict(zip(PARAMETERS, parameters_at(*at).T, strict=True))
    causes = dict(zip(DIRECTIONS, excess_at(*at).T, strict=True))
    table = pd.DataFrame({"Step": steps, "Loss": loss_at(*at), **columns, **causes})
    return table[np.isfinite(table).all(axis=1)]


def parameters_after(descent: Descent, step: int) -> np.ndarray:
    """The three parameters after ``step`` steps, (3,), in the basis of the bowl."""
    return parameters_at(descent.quadratic, descent.start, descent.lr, np.array([step]))[0]


def predictions(quadratic: QuadraticLoss, parameters: np.ndarray) -> np.ndarray:
    """The fitted speed at each point, (n,)."""
    return powers(quadratic.u) @ parameters


def loss(quadratic: QuadraticLoss, parameters: np.ndarray) -> float:
    """The mean squared error of one set of parameters; inf beyond what float64 holds."""
    with np.errstate(over="ignore"):
        return float(np.mean((predictions(quadratic, parameters) - quadratic.speed) ** 2))


def gradient(quadratic: QuadraticLoss, parameters: np.ndarray) -> np.ndarray:
    """How the loss changes with a, b and c, (3,): 2·mean(error · [u², u, 1])."""
    error = predictions(quadratic, parameters) - quadratic.speed
    return 2.0 * (error[:, None] * powers(quadratic.u)).mean(axis=0)


def one_step(quadratic: QuadraticLoss, parameters: np.ndarray, lr: float) -> pd.DataFrame:
    """The arithmetic of one step, a row per parameter: Now, Gradient, lr × gradient, After."""
    slope = gradient(quadratic, parameters)
    move = lr * slope
    columns = {"Now": parameters, "Gradient": slope, "lr × gradient": move}
    return pd.DataFrame({"Parameter": PARAMETERS, **columns, "After": parameters - move})


def sweep(
    quadratic: QuadraticLoss, start: np.ndarray, steps: int, rates: np.ndarray
) -> pd.DataFrame:
    """The loss after ``steps`` steps for each learning rate: Learning rate, Loss; finite only."""
    error = quadratic.axes.T @ (start - quadratic.optimum)
    with np.errstate(over="ignore", invalid="ignore"):
        shrunk = np.power(1.0 - rates[:, None] * quadratic.curvatures, float(steps)) * error
        losses = quadratic.floor + (0.5 * quadratic.curvatures * shrunk**2).sum(axis=1)
    table = pd.DataFrame({"Learning rate": rates, "Loss": losses})
    return table[np.isfinite(losses)]
