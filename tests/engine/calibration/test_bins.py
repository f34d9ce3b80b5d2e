"""Bins of equal count and the calibration error, against counting by hand."""

import math

import numpy as np
import pytest
from scipy.stats import binomtest

from engine.calibration.bins import equal_count_bins, expected_calibration_error


def by_brute_force(probability, right, bins: int) -> float:
    """ECE over sorted images cut into equal parts, for values without ties."""
    ordered = sorted(zip(probability, right, strict=True))
    size, error = len(ordered) // bins, 0.0
    for at in range(0, len(ordered), size):
        some = ordered[at : at + size]
        error += abs(sum(p for p, _ in some) - sum(r for _, r in some))
    return error / len(ordered)


@pytest.mark.parametrize("bins", [1, 10, 15])
def test_the_error_is_that_of_brute_force(bins):
    rng = np.random.default_rng(bins)
    probability = rng.random(3_000)
    right = rng.random(3_000) < probability**2
    found = equal_count_bins(probability, right, probability, bins)
    assert (found["images"] == 3_000 // bins).all()
    wanted = by_brute_force(probability.tolist(), right.tolist(), bins)
    assert expected_calibration_error(found) == pytest.approx(wanted)


def test_equals_stay_together_in_whatever_order_they_come():
    rng = np.random.default_rng(0)
    probability = rng.integers(0, 4, 1_000) / 4
    right = rng.random(1_000) < probability
    found = equal_count_bins(probability, right, probability)
    assert found["probability"].tolist() == [0, 0.25, 0.5, 0.75]
    for row in found.itertuples():
        same = probability == row.probability
        assert (row.images, row.right) == (same.sum(), right[same].sum())
    order = rng.permutation(1_000)
    again = equal_count_bins(probability[order], right[order], probability[order])
    assert again.equals(found)


def test_the_bars_are_wilsons():
    right = np.arange(300) % 3 == 0
    found = equal_count_bins(np.linspace(0, 1, 300), right, np.arange(300))
    for row in found.itertuples():
        theirs = binomtest(row.right, row.images).proportion_ci(0.95, method="wilson")
        assert (row.low, row.high) == pytest.approx((theirs.low, theirs.high))


def test_no_images_have_no_error():
    none = equal_count_bins(np.empty(0), np.empty(0, bool), np.empty(0))
    assert none.empty and math.isnan(expected_calibration_error(none))
