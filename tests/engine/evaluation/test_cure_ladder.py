"""The ladder: every rung against the model fitted by itself, and MNIST's figures."""

import numpy as np
import pytest
from scipy import stats

from engine.cures.recipe import Recipe
from engine.evaluation.comparison import Paired
from engine.evaluation.cure_ladder import Ladder, Rung, rungs
from engine.evaluation.evaluation import evaluate


@pytest.fixture(scope="module")
def ladder(small, small_evaluation) -> Ladder:
    before = small_evaluation.table["right"].to_numpy()
    ladder = Ladder(Recipe("L1 mean"), before, ())
    for rung in rungs(small, ladder.recipe, before):
        ladder = ladder.plus(rung)
    return ladder


def test_the_rungs_are_what_each_model_alone_answers(small, ladder):
    assert sorted(rung.cure for rung in ladder.rungs) == sorted(ladder.recipe.offered())
    for rung in ladder.rungs:
        alone = evaluate(small, ladder.recipe.plus(rung.cure).name).table
        assert np.array_equal(rung.right, alone["right"])
        assert rung.paired.after == alone["right"].sum()
        assert rung.gain == rung.right.sum() - ladder.before.sum()
        assert rung.seconds > 0


def test_they_lie_by_their_gain_and_the_p_values_count_all_of_them(ladder):
    gains = [rung.gain for rung in ladder.rungs]
    assert gains == sorted(gains, reverse=True)
    changes = [(r.paired.fixed, r.paired.broken) for r in ladder.rungs]
    p = np.array([2 * stats.norm.sf(abs(f - b) / np.sqrt(f + b)) for f, b in changes])
    order = np.argsort(p)
    wanted = [min(1, max(p[order[: at + 1]] * (12 - np.arange(at + 1)))) for at in range(12)]
    assert np.allclose(ladder.corrected[order], wanted, atol=1e-12)


def test_what_is_left_and_what_is_covered_are_all_errors(ladder):
    covered = sum(adds for _, adds in ladder.cover)
    assert covered + ladder.left.sum() == (~ladder.before).sum()
    wrong = np.all([~rung.right for rung in ladder.rungs], axis=0) & ~ladder.before
    assert np.array_equal(ladder.left, wrong)


def test_it_says_how_far_it_is_and_stops_when_told_to(small, small_evaluation):
    told = []

    def progress(step: str, done: int, total: int) -> None:
        told.append((step, done, total))
        if done == 2:
            raise InterruptedError

    before = small_evaluation.table["right"].to_numpy()
    made = []
    with pytest.raises(InterruptedError):
        made.extend(rungs(small, Recipe("L1 mean"), before, progress))
    assert told == [
        ("Trying deskew", 0, 12),
        ("Trying one size", 1, 12),
        ("Trying centered", 2, 12),
    ]


def test_the_figures_of_deskewing_on_mnist(mnist, mnist_evaluation):
    before = mnist_evaluation.table["right"].to_numpy()
    first = next(rungs(mnist, Recipe("L1 mean"), before))
    assert (first.cure, first.paired.fixed, first.paired.broken) == ("deskew", 1_516, 206)
    assert first.paired.after == 7_995


def test_a_change_that_breaks_as_often_as_it_fixes_is_no_cause():
    before = np.arange(200) < 100
    shuffled = np.random.default_rng(0).permutation(200) < 100

    def as_rung(name: str, right: np.ndarray) -> Rung:
        table = [(right & ~before), (before & ~right), (right & before), (~right & ~before)]
        paired = Paired(*(int(mask.sum()) for mask in table))
        none = np.empty(0)
        return Rung(name, np.zeros(200), right, paired, 0.1, none, none, none)

    half_fixed = before | ((np.arange(200) >= 100) & (np.arange(200) < 150))
    ladder = Ladder(
        Recipe("L1 mean"), before, (as_rung("L2", half_fixed), as_rung("blur", shuffled))
    )
    assert [rung.cure for rung in ladder.causes] == ["L2"]
    assert Ladder(Recipe("L1 mean"), before | True, ladder.rungs).causes == []


def test_the_causes_have_shares_that_lie_apart(ladder):
    wrong, right = (~ladder.before).sum(), ladder.before.sum()
    for rung in ladder.rungs:
        fixed = stats.binomtest(rung.paired.fixed, wrong).proportion_ci(method="wilson")
        broken = stats.binomtest(rung.paired.broken, right).proportion_ci(method="wilson")
        assert (rung in ladder.causes) == (fixed.low > broken.high)
