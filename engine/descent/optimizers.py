"""A fair race: four ways to descend, on the same points, from the same start, each at its own rate.

The distance run is counted in passes over the data, because a mini-batch looks at fewer points
per step. Every learning rate follows from the data, by a rule named beside it.
"""

import numpy as np
import pandas as pd

from engine.descent.closed_form import QuadraticLoss, loss_at, powers, steps_to
from engine.descent.trace import sampled
from engine.descent.verdict import best_rate, standardised
from engine.runtime.limits import MAX_RACE_STEPS, OPTIMIZER_EPOCHS

CURED = "Standardised time"
MOMENTA, SHARES = (0.5, 0.9, 0.99), (0.25, 0.5, 0.75, 0.95)
ADAM_RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def race(
    quadratic: QuadraticLoss, start: np.ndarray, batch: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Curves (Method, Pass, Loss) and standings, one row per method, in the order of the legend.

    Standings: Method, Learning rate, Chosen by, Passes to the goal (missing if not reached in the
    race and not known otherwise), Loss at the end, and Lowest since and Highest since: the losses
    from the goal on, missing where it was not reached in the race. ``batch`` is between 1 and
    the number of points; ``seed`` shuffles the mini-batches.
    """
    runners = [
        _plain(quadratic, start),
        _momentum(quadratic, start),
        _adam(quadratic, start),
    ]
    runners.append(_minibatch(quadratic, start, batch, seed))
    if quadratic.scale == 1.0:
        runners.append(_plain(*standardised(quadratic, start), name=CURED))
    curves = pd.concat([curve.assign(Method=row["Method"]) for row, curve in runners])
    return curves, pd.DataFrame([row for row, _ in runners])


def _plain(quadratic: QuadraticLoss, start: np.ndarray, name: str = "Gradient descent") -> tuple:
    best = best_rate(quadratic, start)
    lr = best.lr if best else 0.99 * quadratic.limit
    steps = sampled(OPTIMIZER_EPOCHS)
    losses = loss_at(quadratic, start, lr, steps)
    goal = steps_to(quadratic, start, lr, quadratic.goal)
    return _entry(name, lr, "best of 50 rates below the limit", goal, steps, losses)


def momentum(
    quadratic: QuadraticLoss,
    start: np.ndarray,
    rates: np.ndarray,
    keeps: np.ndarray,
    steps: int,
) -> np.ndarray:
    """The parameters after 0 … ``steps`` steps for each pair of rate and momentum, (k, pairs, 3).

    Velocity = momentum · velocity + gradient, as torch.optim.SGD (Polyak's heavy ball, 1964).
    """
    hessian = 2.0 / len(quadratic.time) * powers(quadratic.u).T @ powers(quadratic.u)
    rates, keeps = np.asarray(rates)[:, None], np.asarray(keeps)[:, None]
    now = np.tile(start, (len(rates), 1))
    velocity, path = np.zeros_like(now), [now]
    for _ in range(steps):
        velocity = keeps * velocity + (now - quadratic.optimum) @ hessian
        now = now - rates * velocity
        path.append(now)
    return np.array(path)


def _momentum(quadratic: QuadraticLoss, start: np.ndarray) -> tuple:
    keeps = np.repeat(MOMENTA, len(SHARES))
    rates = np.tile(SHARES, len(MOMENTA)) * (1 + keeps) * quadratic.limit  # the limit grows with it
    paths = momentum(quadratic, start, rates, keeps, OPTIMIZER_EPOCHS)
    best = _first_home(quadratic, paths)
    rule = f"best of {len(rates)} settings tried, momentum {keeps[best]:g}"
    return _walked(quadratic, "Momentum", float(rates[best]), rule, paths[:, best])


def _first_home(quadratic: QuadraticLoss, paths: np.ndarray) -> int:
    """Which of several paths, (k, paths, 3), reaches the goal first; else the lowest at the end."""
    losses = _losses(quadratic, paths)
    reached = losses <= quadratic.goal
    first = np.where(reached.any(axis=0), reached.argmax(axis=0), OPTIMIZER_EPOCHS + 1)
    return int(np.lexsort((losses[-1], first))[0])


def adam(quadratic: QuadraticLoss, start: np.ndarray, rates: np.ndarray, steps: int) -> np.ndarray:
    """The parameters after 0 … ``steps`` Adam steps for each rate at once, (k, rates, 3).

    Betas 0.9 and 0.999, epsilon 1e-8 (Kingma and Ba, 2015), as torch.optim.Adam.
    """
    hessian = 2.0 / len(quadratic.time) * powers(quadratic.u).T @ powers(quadratic.u)
    now = np.tile(start, (len(rates), 1))
    mean, square, path = np.zeros_like(now), np.zeros_like(now), [now]
    for step in range(1, steps + 1):
        slope = (now - quadratic.optimum) @ hessian
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        size = mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        now = now - np.asarray(rates)[:, None] * size
        path.append(now)
    return np.array(path)


def _adam(quadratic: QuadraticLoss, start: np.ndarray) -> tuple:
    rates = np.array(ADAM_RATES)
    paths = adam(quadratic, start, rates, OPTIMIZER_EPOCHS)
    best = _first_home(quadratic, paths)
    return _walked(
        quadratic,
        "Adam",
        float(rates[best]),
        f"best of {len(rates)} rates tried",
        paths[:, best],
    )


def batch_limit(quadratic: QuadraticLoss, batch: int) -> float:
    """The learning rate from which mini-batches of this size no longer settle, in the mean square.

    Batches are drawn without replacement. The second moment of the error is mapped linearly by
    each step; the limit is where that map's spectral radius passes 1.
    """
    rows, n = powers(quadratic.u), len(quadratic.time)
    each = 2.0 * rows[:, :, None] * rows[:, None, :]
    whole, eye = each.mean(axis=0), np.eye(3)
    alone = np.einsum("nij,nkl->ikjl", each, each).reshape(9, 9) / n
    spread = (n - batch) / (batch * (n - 1)) * (alone - np.kron(whole, whole))
    first, second = np.kron(whole, eye) + np.kron(eye, whole), np.kron(whole, whole) + spread
    low, high = 0.0, quadratic.limit
    for _ in range(40):
        lr = (low + high) / 2
        radius = abs(np.linalg.eigvals(np.eye(9) - lr * first + lr**2 * second)).max()
        low, high = (lr, high) if radius < 1 else (low, lr)
    return low


def minibatch(
    quadratic: QuadraticLoss, start: np.ndarray, lr: float, batch: int, seed: int
) -> np.ndarray:
    """The parameters after each pass over the shuffled points in batches of ``batch``, (k, 3)."""
    generator, n = np.random.default_rng(seed), len(quadratic.time)
    cuts = range(0, n, batch)
    rows, now = powers(quadratic.u), start.copy()
    path = [now]
    for _ in range(min(OPTIMIZER_EPOCHS, MAX_RACE_STEPS // len(cuts))):
        order = generator.permutation(n)
        shuffled, target = rows[order], quadratic.speed[order]
        for cut in cuts:
            part = shuffled[cut : cut + batch]
            error = part @ now - target[cut : cut + batch]
            now = now - (2.0 * lr / len(part)) * (error @ part)
        path.append(now)
    return np.array(path)


def _minibatch(quadratic: QuadraticLoss, start: np.ndarray, batch: int, seed: int) -> tuple:
    lr = batch_limit(quadratic, batch) / 2
    path = minibatch(quadratic, start, lr, batch, seed)
    return _walked(quadratic, f"Mini-batches of {batch}", lr, "half the limit for this size", path)


def _losses(quadratic: QuadraticLoss, path: np.ndarray) -> np.ndarray:
    return ((path @ powers(quadratic.u).T - quadratic.speed) ** 2).mean(axis=-1)


def _walked(quadratic: QuadraticLoss, name: str, lr: float, rule: str, path: np.ndarray) -> tuple:
    losses = _losses(quadratic, path)
    reached = losses <= quadratic.goal
    goal = int(reached.argmax()) if reached.any() else None
    shown = sampled(len(path) - 1)
    row, curve = _entry(name, lr, rule, goal, shown, losses[shown])
    if goal is not None:
        row |= {"Lowest since": losses[goal:].min(), "Highest since": losses[goal:].max()}
    return row, curve


def _entry(name: str, lr: float, rule: str, goal: int | None, at: np.ndarray, losses) -> tuple:
    row = {"Method": name, "Learning rate": lr, "Chosen by": rule}
    row |= {"Passes to the goal": goal, "Loss at the end": float(losses[-1])}
    curve = pd.DataFrame({"Pass": at, "Loss": losses})
    return row, curve[np.isfinite(curve["Loss"])]
