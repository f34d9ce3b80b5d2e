"""The fit in front of the reader as a PyTorch program that prints the same figures."""

import numpy as np

from engine.descent.trace import Descent

PROGRAM = """import torch

{data}
parameters = torch.tensor({start}, dtype=torch.float64, requires_grad=True)
lr, steps = {lr!r}, {steps}


def f(time, parameters):
    a, b, c = parameters
    return a * time**2 + b * time + c


def mse(prediction, target):
    return ((prediction - target) ** 2).mean()


for step in range(steps):
    loss = mse(f({time}, parameters), speed)
    loss.backward()
    parameters.data -= lr * parameters.grad
    parameters.grad = None

print(mse(f({time}, parameters), speed).item(), parameters.tolist())
"""
SEEDED = """generator = torch.Generator().manual_seed({seed})
time = torch.linspace(0, 19, {points}, dtype=torch.float64).float()
speed = torch.randn({points}, generator=generator) * {noise!r} + 0.75 * (time - 9.5) ** 2 + 1
time, speed = time.double(), speed.double()"""
STANDARDISED = """
u = (time - time.mean()) / time.std(correction=0)  # standardised time"""


def as_code(descent: Descent, seed: int, points: int, noise: float) -> str:
    """A program of about 25 lines; running it repeats this descent in float64, step by step.

    The speeds are drawn again from their seed. The start is written out in full, so a start
    chosen by hand is repeated, too. Needs torch and nothing else.
    """
    standardised = descent.quadratic.scale != 1.0
    data = SEEDED.format(seed=seed, points=points, noise=float(noise))
    return PROGRAM.format(
        data=data + (STANDARDISED if standardised else ""),
        start=np.asarray(descent.start).tolist(),
        lr=descent.lr,
        steps=descent.steps,
        time="u" if standardised else "time",
    )
