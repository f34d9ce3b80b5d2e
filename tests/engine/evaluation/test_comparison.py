"""Two classifiers on the same images: counts, intervals and tests against other judges."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import accuracy_score, confusion_matrix

from engine.evaluation.comparison import (
    McNemar,
    Paired,
    changes_by_digit,
    compare,
    matrix_difference,
)
from engine.evaluation.evaluation import evaluate


def test_l2_fixes_1662_and_breaks_144_of_mnist(mnist, mnist_evaluation):
    compared = compare(mnist_evaluation, evaluate(mnist, "L2 mean"))
    paired = Paired.of(compared)
    assert (paired.fixed, paired.broken) == (1662, 144)
    assert (paired.before, paired.after) == (6685, 8203)
    assert paired.mcnemar.chi2 == pytest.approx(1274, abs=0.5)
    low, high = paired.interval
    each = compared["right"].to_numpy(float) - (compared["was"] == compared["true"])
    half = 1.96 * each.std() / 100  # 10,000 images: the textbook interval is right enough
    assert low == pytest.approx(each.mean() - half, abs=2e-4)
    assert high == pytest.approx(each.mean() + half, abs=2e-4)


def test_counts_and_matrix_difference_agree_with_scikit_learn(small, small_evaluation):
    after = evaluate(small, "L2 mean")
    compared = compare(small_evaluation, after)
    paired = Paired.of(compared)
    assert paired.images == len(small.testing)
    assert paired.after / paired.images == accuracy_score(
        small.testing.labels, after.table["predicted"]
    )
    true, was, now = (compared[name] for name in ("true", "was", "predicted"))
    wanted = confusion_matrix(true, now) - confusion_matrix(true, was)
    assert np.array_equal(matrix_difference(compared, after.classes), wanted)
    table = changes_by_digit(compared)
    assert table["fixed"].sum() == paired.fixed and table["images"].sum() == paired.images
    assert ((table["low"] <= table["change"]) & (table["change"] <= table["high"])).all()


@pytest.mark.parametrize(("fixed", "broken"), [(0, 1), (3, 9), (12, 12), (1, 20), (24, 0)])
def test_few_changed_answers_are_tested_exactly(fixed, broken):
    n, k = fixed + broken, min(fixed, broken)
    tail = sum(Fraction(comb(n, i), 2**n) for i in range(k + 1))
    found = McNemar.of(fixed, broken)
    assert found.chi2 is None
    assert found.p == pytest.approx(float(min(2 * tail, Fraction(1))), rel=1e-12)


@pytest.mark.parametrize(("fixed", "broken"), [(13, 12), (40, 20), (300, 240), (60, 61)])
def test_many_changed_answers_give_nearly_the_exact_p(fixed, broken):
    found = McNemar.of(fixed, broken)
    assert found.chi2 is not None
    assert found.p == pytest.approx(stats.binomtest(fixed, fixed + broken).pvalue, abs=0.01)


def test_nothing_changed_is_no_evidence():
    assert McNemar.of(0, 0).p == 1
    assert McNemar.of(30, 30).p == 1
    assert np.isnan(Paired(0, 0, 0, 0).interval).all()


def test_the_paired_interval_is_newcombes_published_one():
    """A table of Newcombe (1998): 36 both, 12 and 2 changed, 0 neither; 0.0569 to 0.3404."""
    low, high = Paired(fixed=12, broken=2, both_right=36, both_wrong=0).interval
    assert low == pytest.approx(0.0569, abs=5e-5) and high == pytest.approx(0.3404, abs=5e-5)


def test_the_paired_interval_turns_round_with_its_models():
    low, high = Paired(fixed=9, broken=4, both_right=70, both_wrong=17).interval
    assert Paired(fixed=4, broken=9, both_right=70, both_wrong=17).interval == pytest.approx(
        (-high, -low)
    )


@pytest.mark.parametrize("shares", [(0.1, 0.05, 0.6, 0.25), (0.02, 0.02, 0.9, 0.06)])
def test_the_paired_interval_holds_the_truth_19_times_in_20(shares):
    draws = np.random.default_rng(0).multinomial(100, shares, 2000)
    ends = np.array([Paired(*map(int, draw)).interval for draw in draws])
    truth = shares[0] - shares[1]
    holds = ((ends[:, 0] <= truth) & (truth <= ends[:, 1])).mean()
    assert 0.93 < holds < 0.99
