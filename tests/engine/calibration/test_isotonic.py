"""Groups of like margins, against scikit-learn's isotonic regression."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.isotonic import IsotonicRegression

from engine.calibration.isotonic import pooled


def drawn(steps: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Margins on ``steps`` levels, and answers that are the oftener right the larger it is."""
    rng = np.random.default_rng(seed)
    margins = rng.integers(0, steps, 3_000) / steps
    return margins, rng.random(3_000) < 0.3 + 0.6 * margins


@pytest.mark.parametrize("steps", [1, 2, 7, 10**6])
def test_the_probability_is_that_of_scikit_learn(steps):
    margins, right = drawn(steps)
    theirs = IsotonicRegression().fit(margins, right)
    assert pooled(margins, right).probability(margins) == pytest.approx(theirs.predict(margins))


def test_a_group_counts_the_images_between_its_margins():
    margins, right = drawn(10**6)
    found = pooled(margins, right)
    assert found.images.sum() == 3_000 and found.right.sum() == right.sum()
    assert (np.diff(found.right / found.images) > 0).all()
    for margin in (0.01, 0.5, 0.99):
        group = found.at(margin)
        among = (margins >= group.narrowest) & (margins <= group.widest)
        assert (group.images, group.right) == (among.sum(), right[among].sum())
        theirs = binomtest(group.right, group.images).proportion_ci(0.95, method="wilson")
        assert group.interval == pytest.approx((theirs.low, theirs.high))


def test_a_margin_outside_belongs_to_the_nearest_group():
    found = pooled(np.array([1.0, 1.0, 4.0, 4.0]), np.array([False, True, True, True]))
    assert found.probability([0, 2.4, 2.5, 2.6, 9]).tolist() == [0.5, 0.5, 0.5, 1, 1]
    assert found.at(2.6).narrowest == 4


def test_without_images_there_is_no_probability():
    found = pooled(np.empty(0), np.empty(0, bool))
    assert np.isnan(found.probability([0.1])).all() and found.at(0.1).images == 0


def test_a_group_is_called_usually_wrong_by_its_whole_interval():
    margins = np.zeros(40)
    assert pooled(margins, np.arange(40) < 8).at(0).usually_wrong
    assert not pooled(margins, np.arange(40) < 18).at(0).usually_wrong
