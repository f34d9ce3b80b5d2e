"""The notebook's parabola: its data, its model, its loss and its descent one step at a time.

Twenty speeds are measured at the times 0 … 19 and a parabola is fitted to them by gradient
descent. Everything is float64 except where the notebook's own float32 figures are reproduced.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

LAST_TIME = 19.0
BOOK_SEED, BOOK_POINTS, BOOK_NOISE, BOOK_LR = 42, 20, 3.0, 1e-5
PARAMETERS = ("a", "b", "c")
PRECISIONS = ("float32", "float64")


@dataclass(frozen=True)
class Data:
    """Points to fit, (n,) float64 each, and the three parameters the descent starts from."""

    time: np.ndarray
    speed: np.ndarray
    start: np.ndarray


@dataclass(frozen=True)
class Run:
    """What a descent did: one row per step taken, and the step at which it left the numbers.

    ``table`` has the columns Step, Loss, a, b, c; row 0 is the start. ``predictions`` holds the
    fitted speeds, one row per row of the table. ``stopped`` is the first step whose loss is not
    finite, which the table leaves out, or None.
    """

    table: pd.DataFrame
    predictions: np.ndarray
    stopped: int | None


def time(points: int = BOOK_POINTS) -> np.ndarray:
    """``points`` times spread evenly over 0 … 19; with the notebook's 20 they are 0, 1, … 19."""
    if points < 3:
        raise ValueError(f"found {points} points; a parabola needs at least 3")
    return np.linspace(0.0, LAST_TIME, points)


def draw(seed: int = BOOK_SEED, points: int = BOOK_POINTS, noise: float = BOOK_NOISE) -> Data:
    """The notebook's draw: first the noisy speeds, then three random parameters to start from.

    The numbers come from torch's own generator in float32, so that seed 42 gives the notebook's
    figures; they are returned exactly, as float64. ``noise`` is the standard deviation in the
    unit of the speeds. The generator is private: nobody else's draws move.
    """
    import torch  # only here and in the loop: a reader of the other pages never loads it

    generator = torch.Generator().manual_seed(seed)
    times = torch.from_numpy(time(points)).float()
    speed = torch.randn(points, generator=generator) * noise + 0.75 * (times - 9.5) ** 2 + 1
    start = torch.randn(3, generator=generator)
    return Data(times.double().numpy(), speed.double().numpy(), start.double().numpy())


def f(time, parameters):
    """The parabola a·t² + b·t + c; takes tensors or arrays and returns the same kind."""
    a, b, c = parameters
    return a * time**2 + b * time + c


def mse(prediction, target):
    """Mean squared error, the notebook's loss; a scalar of the kind it was given."""
    return ((prediction - target) ** 2).mean()


def apply_step(parameters, time, speed, lr: float) -> tuple[float, np.ndarray]:
    """One step of the notebook on a leaf tensor, in place: predict, loss, gradient, step.

    Returns the loss before the step and the predictions made before it, as the notebook's
    helper of the same name prints and returns them.
    """
    predictions = f(time, parameters)
    loss = mse(predictions, speed)
    loss.backward()
    parameters.data -= lr * parameters.grad.data
    parameters.grad = None
    return loss.item(), predictions.detach().numpy()


def run(
    time: np.ndarray,
    speed: np.ndarray,
    start: np.ndarray,
    lr: float,
    steps: int,
    dtype: str = "float64",
) -> Run:
    """``steps`` steps of gradient descent by autograd, stopping where the loss stops being finite.

    ``dtype`` "float32" repeats the notebook to its last printed digit; anything shown elsewhere
    is "float64". ``steps`` 0 gives the start alone. A start without a finite loss gives an empty
    table and ``stopped`` 0.
    """
    import torch

    kind = getattr(torch, dtype)
    t, y = (torch.from_numpy(np.asarray(part)).to(kind) for part in (time, speed))
    parameters = torch.from_numpy(np.array(start)).to(kind).requires_grad_()
    rows: list[tuple] = []
    fitted: list[np.ndarray] = []
    for step in range(steps + 1):
        before = parameters.detach().tolist()
        loss, predictions = apply_step(parameters, t, y, lr)
        if not np.isfinite(loss):
            return _as_run(rows, fitted, len(y), stopped=step)
        rows.append((step, loss, *before))
        fitted.append(predictions)
    return _as_run(rows, fitted, len(y), stopped=None)


def printed_losses(data: Data, lr: float = BOOK_LR) -> pd.DataFrame:
    """The notebook's ten printed losses, in its float32 and in float64: Step, float32, float64.

    Each is the loss before a step, as the notebook's helper prints it. Rows end with the first
    loss that is not finite in either.
    """
    runs = {kind: run(data.time, data.speed, data.start, lr, 9, kind) for kind in PRECISIONS}
    losses = {kind: done.table["Loss"] for kind, done in runs.items()}
    return pd.DataFrame(losses).dropna().rename_axis("Step").reset_index()


def _as_run(rows: list, fitted: list, points: int, stopped: int | None) -> Run:
    table = pd.DataFrame(rows, columns=["Step", "Loss", *PARAMETERS])
    predictions = np.array(fitted, dtype=float).reshape(len(rows), points)
    return Run(table, predictions, stopped)
