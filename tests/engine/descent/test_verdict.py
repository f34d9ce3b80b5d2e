"""What the playground says of a fit, its exercises, its rings and its code."""

import contextlib
import io

import numpy as np
import pytest

from engine.descent.as_code import as_code
from engine.descent.closed_form import quadratic, to_basis
from engine.descent.exercises import tasks
from engine.descent.loss_contours import RATIO, RINGS, rings, window
from engine.descent.notebook import draw
from engine.descent.trace import Descent, descend, loss, parameters_after
from engine.descent.verdict import judge
from engine.io.numbers import learning_rate, number, parabola, percent, rate_below, ratio


def descent(lr: float, steps: int, standardise: bool = False, **drawn) -> Descent:
    data = draw(**drawn)
    shape = quadratic(data.time, data.speed, standardise)
    return descend(shape, to_basis(shape, data.start), lr, steps)


def test_the_notebooks_own_fit_is_judged_as_bad_as_it_is():
    verdict = judge(descent(1e-5, 10))
    said = " ".join(verdict.sentences)
    assert verdict.status == "not converged"
    assert "the loss is 677.0, 93 times the optimum of 7.305" in said
    assert "worse than a flat line through the mean (R² −0.29)" in said
    assert "condition number 218,451" in said
    assert "With time standardised (condition number 7.7) 18 steps are enough" in said
    assert verdict.cure == (0.332, 18)
    assert verdict.more == 1_762_888 - 10


def test_a_converged_fit_is_called_so():
    verdict = judge(descent(0.33, 18, standardise=True))
    assert verdict.status == "converged"
    assert verdict.more == 0
    assert verdict.r2 == pytest.approx(0.986, abs=1e-3)


def test_divergence_is_told_with_its_step_and_its_reason():
    verdict = judge(descent(1e-3, 1_000_000))
    assert verdict.status == "diverges"
    assert verdict.headline == "Diverged: no finite loss from step 87 on"
    assert "28 times its limit of 3.54e-5" in verdict.sentences[1]
    assert np.isfinite(verdict.loss)


@pytest.mark.parametrize(
    ("limit", "text"), [(3.539863e-5, "3.53e-5"), (0.4, "0.399"), (2.0, "1.99"), (1.005, "1")]
)
def test_a_rate_below_a_limit_is_below_it_as_printed(limit, text):
    assert rate_below(limit) == text
    assert 0.99 * limit < float(text) < limit


def test_points_without_noise_have_a_goal_that_can_be_reached():
    verdict = judge(descent(0.33, 50, standardise=True, noise=0.0))
    assert verdict.status == "converged"
    assert "the optimum is 0" in verdict.sentences[0]


@pytest.mark.parametrize("points", [3, 4, 200])
@pytest.mark.parametrize("noise", [0.0, 3.0, 100.0])
@pytest.mark.parametrize("lr", [1e-9, 1e-5, 10.0])
def test_every_corner_of_the_controls_has_a_verdict_without_nonsense(points, noise, lr):
    for steps in (0, 1, 1_000_000):
        verdict = judge(descent(lr, steps, points=points, noise=noise, seed=2**31 - 1))
        said = verdict.headline + " ".join(verdict.sentences)
        assert "nan" not in said and "inf" not in said


def test_the_exercises_are_solved_by_their_solutions_and_not_by_the_default():
    solved = lambda *setting: [task.done for task in tasks(descent(*setting))]  # noqa: E731
    assert solved(1e-5, 10) == [False, False, False]
    assert solved(3.53e-5, 10) == [True, False, False]
    assert solved(3.4e-5, 100_000) == [False, True, False]
    assert solved(0.33, 18, True) == [False, False, True]
    assert solved(3.6e-5, 10)[0] is False


@pytest.mark.parametrize(
    "chosen", [descent(1e-5, 10), descent(0.33, 18, True), descent(3.6e-5, 20, seed=3, points=7)]
)
def test_the_copied_program_prints_the_loss_of_the_page(chosen):
    seed, points = (3, 7) if len(chosen.quadratic.time) == 7 else (42, 20)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(as_code(chosen, seed, points, 3.0), {})
    expected = loss(chosen.quadratic, parameters_after(chosen, chosen.steps))
    assert float(printed.getvalue().split()[0]) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("pair", [(0, 1), (0, 2), (1, 2)])
@pytest.mark.parametrize("steps", [0, 10])
def test_every_point_of_a_ring_has_the_rings_loss(pair, steps):
    chosen = descent(1e-5, 10)
    now = parameters_after(chosen, steps)
    frame = window(np.array([now[list(pair)], chosen.quadratic.optimum[list(pair)]]))
    found = rings(chosen.quadratic, np.stack([now, now]), pair, frame)
    for excess in found.highest[1] / RATIO ** np.arange(RINGS):
        for angle in np.linspace(0, 6, 7):
            there = now.copy()
            out = np.sqrt(excess) * found.unit @ [np.cos(angle), np.sin(angle)]
            there[list(pair)] = found.centre[1] + out
            expected = found.floor[1] + excess
            assert loss(chosen.quadratic, there) == pytest.approx(expected, rel=1e-6)


def test_the_highest_ring_goes_through_the_farthest_corner_of_the_frame():
    chosen = descent(1e-5, 10)
    now, frame = parameters_after(chosen, 10), (-1.0, 2.0, -30.0, 40.0)
    found = rings(chosen.quadratic, now[None], (0, 1), frame)
    corners = [(x, y, now[2]) for x in frame[:2] for y in frame[2:]]
    highest = max(loss(chosen.quadratic, np.array(corner)) for corner in corners)
    assert found.floor[0] + found.highest[0] == pytest.approx(highest, rel=1e-9)


def test_figures_are_written_as_a_reader_expects():
    assert [number(v) for v in (7.304970, 677.00, 25823.8, 1.3e31, 0)] == [
        "7.305",
        "677.0",
        "25,824",
        "1.3e31",
        "0",
    ]
    assert [learning_rate(v) for v in (1e-5, 3.5399e-5, 0.40438)] == ["1e-5", "3.54e-5", "0.404"]
    assert [percent(v) for v in (0.28, 2.6e-6, 0.99999999, 1)] == [
        "28\u00a0%",
        "0.00026\u00a0%",
        "99.999999\u00a0%",
        "100\u00a0%",
    ]
    assert [ratio(v) for v in (92.67, 1.017)] == ["93 times", "1.02 times"]
    assert parabola(0.1754, -0.6896, 1.3587) == "0.1754 t² − 0.6896 t + 1.359"
