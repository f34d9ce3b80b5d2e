"""The race against torch's own optimisers, and limits against simulation."""

import numpy as np
import pytest
import torch

from engine.descent.closed_form import QuadraticLoss, quadratic, to_basis
from engine.descent.notebook import draw
from engine.descent.optimizers import CURED, adam, batch_limit, minibatch, momentum, race

BOOK = draw()
RAW = quadratic(BOOK.time, BOOK.speed)


def torchs(
    optimiser, shape: QuadraticLoss, start: np.ndarray, steps: int, **settings
) -> np.ndarray:
    """The path of one of torch's optimisers on the same loss, by autograd in float64."""
    parameters = torch.tensor(start, requires_grad=True)
    u, speed = torch.tensor(shape.u), torch.tensor(shape.speed)
    moving = optimiser([parameters], **settings)
    path = [start]
    for _ in range(steps):
        moving.zero_grad()
        a, b, c = parameters
        ((a * u**2 + b * u + c - speed) ** 2).mean().backward()
        moving.step()
        path.append(parameters.detach().numpy().copy())
    return np.array(path)


def test_momentum_is_torchs():
    ours = momentum(RAW, BOOK.start, [1e-5, 5e-5], [0.9, 0.99], 300)
    for place, (lr, keep) in enumerate([(1e-5, 0.9), (5e-5, 0.99)]):
        theirs = torchs(torch.optim.SGD, RAW, BOOK.start, 300, lr=lr, momentum=keep)
        assert ours[:, place] == pytest.approx(theirs, rel=1e-6)


def test_adam_is_torchs():
    ours = adam(RAW, BOOK.start, [0.01, 3.0], 300)
    for place, lr in enumerate([0.01, 3.0]):
        theirs = torchs(torch.optim.Adam, RAW, BOOK.start, 300, lr=lr)
        assert ours[:, place] == pytest.approx(theirs, rel=1e-6, abs=1e-8)


def test_a_batch_of_all_points_is_plain_descent():
    ours = minibatch(RAW, BOOK.start, 1e-5, 20, seed=0)[:200]
    assert ours == pytest.approx(torchs(torch.optim.SGD, RAW, BOOK.start, 199, lr=1e-5), rel=1e-7)


def test_mini_batches_are_reproducible_from_their_seed():
    first, again, other = (minibatch(RAW, BOOK.start, 1e-6, 5, seed=s)[50] for s in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize(
    ("batch", "limit"), [(1, 1.25e-5), (2, 1.89e-5), (5, 2.75e-5), (10, 3.23e-5), (20, 3.54e-5)]
)
def test_the_limit_of_a_mini_batch_grows_with_its_size(batch, limit):
    assert batch_limit(RAW, batch) == pytest.approx(limit, rel=5e-3)


def test_single_points_settle_below_their_limit_and_blow_up_above_it():
    calm = minibatch(RAW, BOOK.start, 0.8 * batch_limit(RAW, 1), 1, seed=0)
    assert np.isfinite(calm).all()
    with np.errstate(all="ignore"):
        wild = minibatch(RAW, BOOK.start, 4 * batch_limit(RAW, 1), 1, seed=0)
    assert not np.isfinite(wild).all()


def test_standardised_time_beats_every_optimiser_on_the_notebooks_points():
    curves, standings = race(RAW, BOOK.start, batch=5, seed=42)
    passes = standings.set_index("Method")["Passes to the goal"]
    assert passes.idxmin() == CURED
    assert passes[CURED] == 18
    assert passes["Adam"] == 576
    assert np.isfinite(curves["Loss"]).all()
    assert set(curves["Method"]) == set(standings["Method"])


def test_the_race_runs_on_the_fewest_and_the_most_points():
    for points in (3, 200):
        data = draw(1, points, 0.0)
        shape = quadratic(data.time, data.speed, standardise=True)
        curves, standings = race(shape, to_basis(shape, data.start), batch=1, seed=1)
        assert len(standings) == 4
        assert np.isfinite(curves["Loss"]).all()
