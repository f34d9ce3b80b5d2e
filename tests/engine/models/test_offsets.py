"""The offsets against brute force over the grid, and against what a maximum of likelihood obeys."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from engine.models.nearest_template import NearestTemplate
from engine.models.offsets import fit_offsets, grid_step


def some(seed: int, n: int = 400, k: int = 4):
    random = np.random.default_rng(seed)
    places = random.integers(0, k, n)
    distance = random.normal(1, 0.2, (n, k)) + random.normal(0, 0.1, k)
    distance[np.arange(n), places] -= 0.25
    return distance.clip(0), places


def right(distance, places, offsets) -> int:
    return int(((distance + offsets).argmin(axis=1) == places).sum())


@pytest.mark.parametrize("seed", range(5))
def test_the_one_offset_is_the_best_of_the_whole_grid(seed):
    distance, places = some(seed)
    got = fit_offsets(distance, places, "one")
    step = grid_step(distance)
    every = [step * at * np.eye(4)[place] for place in range(4) for at in range(-1500, 1501)]
    assert np.count_nonzero(got) == 1
    assert right(distance, places, got) == max(right(distance, places, one) for one in every)


def test_where_no_offset_helps_there_is_none():
    distance, places = np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([0, 1])
    assert fit_offsets(distance, places, "one").tolist() == [0, 0]


@pytest.mark.parametrize(("typical", "step"), [(0.13, 0.001), (0.05, 0.0001), (3, 0.01), (0, 0.01)])
def test_the_grid_is_a_hundredth_of_the_order_of_magnitude(typical, step):
    assert grid_step(np.full((5, 2), typical)) == pytest.approx(step)


@pytest.mark.parametrize("seed", range(3))
def test_offsets_of_each_class_have_the_greatest_likelihood(seed):
    distance, places = some(seed)
    rows = np.arange(len(places))

    def loss(parameters):  # scipy's own derivatives, and s by its logarithm
        logits = -np.exp(parameters[0]) * (distance + parameters[1:])
        return -log_softmax(logits, axis=1)[rows, places].mean()

    judge = minimize(loss, np.zeros(5), method="BFGS", tol=1e-9).x
    got = fit_offsets(distance, places, "each")
    assert np.allclose(got, judge[1:] - judge[1:].mean(), atol=1e-4)
    called = softmax(-np.exp(judge[0]) * (distance + got), axis=1).mean(axis=0)
    assert np.allclose(called, np.bincount(places) / len(places), atol=1e-4)


def test_equal_distances_and_a_single_class_need_no_offset():
    assert fit_offsets(np.ones((3, 2)), np.array([0, 1, 1]), "each").tolist() == [0, 0]
    assert fit_offsets(np.ones((3, 1)), np.zeros(3, int), "one").tolist() == [0]


def test_other_offsets_are_refused():
    with pytest.raises(ValueError, match=r"None or one of .*got 'two'"):
        NearestTemplate(offsets="two").fit(np.eye(4), np.arange(4) % 2)
    with pytest.raises(ValueError, match="offsets need all images at once"):
        NearestTemplate(offsets="one").partial_fit(np.eye(4), np.arange(4) % 2)


@pytest.mark.parametrize(
    ("metric", "which", "wanted"),
    [("l1", "one", 7_765), ("l1", "each", 8_289), ("l2", "each", 8_274)],
)
def test_the_figures_on_mnist(mnist, metric, which, wanted):
    model = NearestTemplate(metric, offsets=which).fit(mnist.training.images, mnist.training.labels)
    assert round(model.score(mnist.testing.images, mnist.testing.labels) * 10_000) == wanted
    if which == "one":
        assert model.offsets_.round(9).tolist() == [0, 0.039, *[0] * 8]
