"""The notebook's parabola: its printed figures to the last digit, and the loop that makes them."""

import numpy as np
import pytest
import torch

from engine.descent.notebook import Data, apply_step, draw, f, mse, printed_losses, run, time

PRINTED = [25823.80859375, 5435.53564453125, 1577.44921875, 847.3778076171875, 709.2225341796875]
PRINTED += [683.0758056640625, 678.1243896484375, 677.1838989257812, 677.0023803710938]
PRINTED += [676.9645385742188]  # the notebook's own output for seed 42


@pytest.fixture(scope="module")
def book() -> Data:
    return draw()


def test_the_losses_of_the_notebook_are_reproduced_to_the_last_digit(book):
    table = run(book.time, book.speed, book.start, 1e-5, 9, "float32").table
    assert table["Loss"].tolist() == PRINTED
    assert printed_losses(book)["float32"].tolist() == PRINTED


def test_the_draw_is_the_notebooks_lines_run_with_the_same_seed(book):
    torch.manual_seed(42)
    times = torch.arange(0, 20).float()
    speed = torch.randn(20) * 3 + 0.75 * (times - 9.5) ** 2 + 1
    assert torch.equal(torch.tensor(book.speed).float(), speed)
    assert torch.equal(torch.tensor(book.start).float(), torch.randn(3))


def test_drawing_leaves_everyone_elses_generator_alone():
    torch.manual_seed(1)
    expected = torch.randn(4)
    torch.manual_seed(1)
    draw(7)
    assert torch.equal(torch.randn(4), expected)


def test_the_times_are_the_notebooks_twenty():
    assert time().tolist() == list(range(20))


def test_too_few_points_for_a_parabola_are_refused():
    with pytest.raises(ValueError, match="found 2 points"):
        time(2)


def test_model_and_loss_are_those_of_numpys_polynomials(book):
    predictions = f(book.time, book.start)
    assert predictions == pytest.approx(np.polyval(book.start, book.time))
    assert mse(predictions, book.speed) == pytest.approx(np.mean((predictions - book.speed) ** 2))


def test_a_step_moves_against_the_gradient_found_by_differences(book):
    parameters = torch.tensor(book.start).requires_grad_()
    apply_step(parameters, torch.tensor(book.time), torch.tensor(book.speed), 1e-5)
    moved = (book.start - parameters.detach().numpy()) / 1e-5
    for place, slope in enumerate(moved):
        h = np.zeros(3)
        h[place] = 1e-4
        ahead, behind = (mse(f(book.time, book.start + s * h), book.speed) for s in (1, -1))
        assert slope == pytest.approx((ahead - behind) / 2e-4, rel=1e-6)


def test_a_step_returns_the_state_before_it(book):
    parameters = torch.tensor(book.start).requires_grad_()
    loss, predictions = apply_step(
        parameters, torch.tensor(book.time), torch.tensor(book.speed), 1e-5
    )
    assert predictions == pytest.approx(f(book.time, book.start))
    assert loss == pytest.approx(mse(predictions, book.speed))


def test_a_run_has_one_row_per_step_and_its_predictions(book):
    done = run(book.time, book.speed, book.start, 1e-5, 4)
    assert done.table["Step"].tolist() == [0, 1, 2, 3, 4]
    last = done.table.iloc[-1]
    assert done.predictions[-1] == pytest.approx(f(book.time, last[["a", "b", "c"]].to_numpy()))
    assert done.stopped is None


@pytest.mark.case(30)
@pytest.mark.parametrize("lr", [4e-5, 5e-5, 1e-4, 1e-3])
def test_a_divergent_run_stops_at_the_first_infinite_loss_and_keeps_the_rest(book, lr):
    done = run(book.time, book.speed, book.start, lr, 300, "float32")
    last = torch.tensor(done.table[["a", "b", "c"]].to_numpy()[-1]).float().requires_grad_()
    time, speed = torch.tensor(book.time).float(), torch.tensor(book.speed).float()
    mse(f(time, last), speed).backward()
    beyond = last.detach() - lr * last.grad
    assert not torch.isfinite(mse(f(time, beyond), speed))
    assert done.stopped == len(done.table) < 300
    assert np.isfinite(done.table["Loss"]).all()


def test_a_start_without_a_finite_loss_gives_an_empty_run(book):
    done = run(book.time, book.speed, np.array([1e200, 0, 0]), 1e-5, 3)
    assert done.stopped == 0
    assert done.table.empty
    assert done.predictions.shape == (0, 20)
