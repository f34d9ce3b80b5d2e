"""How often test images with such a margin were right."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from engine.evaluation.evaluation import evaluate
from engine.inference.reliability import measured

TABLE = pd.DataFrame(
    {
        "margin": np.arange(1000) / 1000,
        "right": np.arange(1000) >= 500,
        "predicted": np.tile([1, 2], 500),
    }
)


def test_the_measured_accuracy_is_that_of_the_nearest_margins():
    found = measured(TABLE, 0.5)  # 29 on either side, itself, and the tie of 0.470 and 0.530
    assert (found.right, found.images) == (31, 61)
    assert measured(TABLE, 0.9).rate == 1 and measured(TABLE, 0.0).rate == 0


def test_its_interval_is_scipys_wilson():
    found = measured(TABLE, 0.51)
    theirs = binomtest(found.right, found.images).proportion_ci(0.95, method="wilson")
    assert found.interval == pytest.approx((theirs.low, theirs.high))


def test_it_can_be_asked_of_one_answer_only():
    assert measured(TABLE, 0.501, predicted=2).images == 61  # every second margin, and one tie
    assert np.isnan(measured(TABLE, 0.5, predicted=9).rate)


@pytest.mark.parametrize("steps", [2, 5, 50, 10**6])
def test_all_that_tie_are_counted_as_by_brute_force(steps):
    rng = np.random.default_rng(steps)
    levels = rng.integers(0, steps, 3_000)
    table = pd.DataFrame({"margin": levels / steps, "right": rng.random(3_000) < 0.8})
    for level in rng.integers(0, steps, 20).tolist():
        apart = [abs(other - level) for other in levels.tolist()]  # whole numbers: ties are exact
        last = sorted(apart)[149]
        among = [row for row in range(3_000) if apart[row] <= last]
        found = measured(table, level / steps)
        assert (found.images, found.right) == (len(among), table["right"][among].sum())
    shuffled = table.sample(frac=1, random_state=0)
    assert measured(shuffled, 0.5) == measured(table, 0.5)


@pytest.mark.slow
def test_five_neighbors_that_agree_are_measured_on_all_such_test_images(mnist):
    """9,043 of 10,000 test images have margin 1; the figures are a referee's, of scipy."""
    table = evaluate(mnist, "5 neighbours").table
    found = measured(table, 1.0, predicted=7)
    assert (found.right, found.images) == (930, 945)
    assert found.interval == pytest.approx((0.974, 0.990), abs=0.0005)
