"""The closed form against the loop, numpy's least squares, and torch."""

import numpy as np
import pytest
import torch

from engine.descent.closed_form import (
    QuadraticLoss,
    band,
    bands,
    excess_at,
    from_basis,
    loss_at,
    parameters_at,
    quadratic,
    steps_to,
    stops_at,
    to_basis,
)
from engine.descent.notebook import draw, run
from engine.descent.trace import descend, gradient, one_step, predictions, sampled, sweep, trace

BOOK = draw()
RAW = quadratic(BOOK.time, BOOK.speed)
CURED = quadratic(BOOK.time, BOOK.speed, standardise=True)


def start(shape: QuadraticLoss) -> np.ndarray:
    return to_basis(shape, BOOK.start)


def test_the_bowl_of_the_notebook_has_the_known_figures():
    assert RAW.floor == pytest.approx(7.304970128299933)
    assert RAW.flat == pytest.approx(525.967, abs=1e-3)
    assert RAW.curvatures == pytest.approx([56499.3626, 15.9787724, 0.258636762])
    assert RAW.limit == pytest.approx(3.539862944089254e-05)
    assert RAW.condition == pytest.approx(218450.62, abs=0.01)
    assert CURED.condition == pytest.approx(7.702, abs=1e-3)


def test_the_optimum_is_numpys_polynomial_fit_in_either_basis():
    fitted = np.polyfit(BOOK.time, BOOK.speed, 2)
    assert RAW.optimum == pytest.approx(fitted)
    assert from_basis(CURED, CURED.optimum) == pytest.approx(fitted)


def test_standardising_changes_no_prediction():
    assert predictions(CURED, start(CURED)) == pytest.approx(predictions(RAW, BOOK.start))
    assert from_basis(CURED, start(CURED)) == pytest.approx(BOOK.start)


@pytest.mark.parametrize(
    ("shape", "lr"), [(RAW, 1e-7), (RAW, 1e-5), (RAW, 3.4e-5), (RAW, 3.6e-5), (CURED, 0.33)]
)
def test_the_closed_form_is_the_loop_to_a_billionth(shape, lr):
    steps = 2_000
    looped = run(shape.u, shape.speed, start(shape), lr, steps).table
    at = np.arange(steps + 1)
    assert loss_at(shape, start(shape), lr, at) == pytest.approx(
        looped["Loss"].to_numpy(), rel=1e-9
    )
    path = parameters_at(shape, start(shape), lr, at)
    assert path == pytest.approx(looped[["a", "b", "c"]].to_numpy(), rel=1e-8)


def test_the_closed_form_is_the_loop_after_ten_thousand_steps():
    looped = run(BOOK.time, BOOK.speed, BOOK.start, 1e-5, 10_000).table["Loss"].iloc[-1]
    there = loss_at(RAW, BOOK.start, 1e-5, np.array([10_000]))[0]
    assert there == pytest.approx(looped, rel=1e-9)


def test_the_gradient_is_torchs():
    parameters = torch.tensor(BOOK.start, requires_grad=True)
    time, speed = torch.tensor(BOOK.time), torch.tensor(BOOK.speed)
    a, b, c = parameters
    ((a * time**2 + b * time + c - speed) ** 2).mean().backward()
    assert gradient(RAW, BOOK.start) == pytest.approx(parameters.grad.numpy())


def test_one_step_taken_apart_adds_up():
    table = one_step(RAW, BOOK.start, 1e-5)
    assert table["Gradient"].to_numpy() == pytest.approx([-53195.86, -3419.71, -253.89], abs=0.01)
    after = parameters_at(RAW, BOOK.start, 1e-5, np.array([1]))[0]
    assert table["After"].to_numpy() == pytest.approx(after)


def test_the_losses_of_the_directions_and_the_optimum_add_up_to_the_loss():
    parts = excess_at(RAW, BOOK.start, 1e-5, np.array([0]))[0]
    assert parts == pytest.approx([25146.8, 2.99, 666.7], rel=1e-3)
    assert parts.sum() + RAW.floor == pytest.approx(25823.80859375)


@pytest.mark.parametrize(
    ("shape", "lr", "steps"),
    [(RAW, 1e-5, 1_762_888), (RAW, 0.9999 * RAW.limit, 498_059), (CURED, 0.33, 18)],
)
def test_the_steps_to_the_goal_are_the_first_that_reach_it(shape, lr, steps):
    assert steps_to(shape, start(shape), lr, shape.goal) == steps
    before, there = loss_at(shape, start(shape), lr, np.array([steps - 1, steps]))
    assert there <= shape.goal < before


def test_the_goal_is_never_reached_at_or_past_the_limit():
    assert steps_to(RAW, BOOK.start, RAW.limit, RAW.goal) is None
    assert steps_to(RAW, BOOK.start, 1e-320, RAW.goal) is None


@pytest.mark.parametrize("lr", [3.6e-5, 1e-4, 1e-3, 1.0])
def test_a_divergent_descent_stops_where_the_loop_does(lr):
    looped = run(BOOK.time, BOOK.speed, BOOK.start, lr, 12_000)
    assert stops_at(RAW, BOOK.start, lr, 10**6) == pytest.approx(looped.stopped, abs=1)
    assert stops_at(RAW, BOOK.start, 1e-5, 10**6) is None


def test_the_bands_meet_at_one_and_two_over_the_largest_curvature():
    edges = bands(RAW)["To"].to_numpy()
    assert edges[1:3] == pytest.approx([1.77e-5, 3.54e-5], rel=1e-3)
    rates = [1e-7, 1e-5, 3e-5, 1e-3]
    assert [band(RAW, lr) for lr in rates] == ["crawls", "smooth", "overshoots", "diverges"]


@pytest.mark.parametrize("last", [0, 1, 50, 100, 1_000_000])
def test_the_sampled_steps_run_from_zero_to_the_last_without_repeats(last):
    steps = sampled(last)
    assert steps[0] == 0 and steps[-1] == last
    assert (np.diff(steps) > 0).all()
    assert len(steps) <= 351


@pytest.mark.parametrize("lr", [1e-9, 1e-5, 3.6e-5, 1e-3, 10.0])
@pytest.mark.parametrize("steps", [0, 1, 10, 1_000_000])
def test_no_table_for_a_chart_holds_anything_infinite(lr, steps):
    descent = descend(RAW, BOOK.start, lr, steps)
    table = trace(descent)
    assert np.isfinite(table).all().all()
    assert table["Step"].iloc[-1] == descent.reached
    assert np.isfinite(sweep(RAW, BOOK.start, steps, np.geomspace(1e-7, 1e-3, 50))).all().all()


def test_the_sweep_is_the_loss_at_each_rate():
    table = sweep(RAW, BOOK.start, 10, np.array([1e-6, 1e-5]))
    assert table["Loss"].to_numpy() == pytest.approx([8535, 676.954], rel=1e-3)


@pytest.mark.parametrize(("lr", "steps"), [(0, 1), (-1, 1), (np.nan, 1), (np.inf, 1), (1e-5, -1)])
def test_a_descent_that_cannot_be_run_is_refused(lr, steps):
    with pytest.raises(ValueError, match="wanted"):
        descend(RAW, BOOK.start, lr, steps)
