"""Two classifiers on the same images: counts, intervals and tests against other judges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats
from scipy.special import xlogy
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
    assert paired.mcnemar.chi2 == pytest.approx(1518**2 / 1806)
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


@pytest.mark.parametrize(
    ("fixed", "broken"), [(0, 1), (3, 9), (24, 0), (15, 29), (40, 20), (300, 240)]
)
def test_mcnemar_is_a_chi_squared_of_as_many_fixed_as_broken(fixed, broken):
    wanted = stats.chisquare([fixed, broken])
    found = McNemar.of(fixed, broken)
    assert (found.p, found.chi2) == pytest.approx((wanted.pvalue, wanted.statistic), rel=1e-12)


@given(*[st.integers(0, 60)] * 4)
def test_interval_and_test_never_contradict_each_other(fixed, broken, both_right, both_wrong):
    paired = Paired(fixed, broken, both_right, both_wrong + 1)
    low, high = paired.interval
    assert -1 <= low <= paired.difference <= high <= 1
    assert (low > 1e-12 or high < -1e-12) == (paired.mcnemar.p < 0.05)


def test_nothing_changed_is_no_evidence():
    assert McNemar.of(0, 0).p == 1
    assert McNemar.of(30, 30).p == 1
    assert np.isnan(Paired(0, 0, 0, 0).interval).all()


@pytest.mark.parametrize("counts", [(12, 2, 36, 0), (15, 29, 40, 16), (3, 1, 0, 6), (5, 4, 80, 11)])
def test_the_ends_of_the_interval_are_rejected_by_the_likeliest_shares(counts):
    """Brute force: at each end the score, with its error at the best fit, is one of 1.96."""
    fixed, broken, same = counts[0], counts[1], counts[2] + counts[3]
    n = sum(counts)

    def score(difference):
        def unlikely(share):  # of broken
            shares = share + difference, share, 1 - 2 * share - difference
            return -sum(xlogy(k, p) for k, p in zip((fixed, broken, same), shares, strict=True))

        bounds = max(0, -difference) + 1e-12, (1 - difference) / 2 - 1e-12
        best = optimize.minimize_scalar(
            unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-12}
        ).x
        variance = n * (2 * best + difference - difference**2)
        return (fixed - broken - n * difference) / np.sqrt(variance)

    found = [score(end) for end in Paired(*counts).interval]
    assert found == pytest.approx([stats.norm.ppf(0.975), stats.norm.ppf(0.025)], abs=1e-4)


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
