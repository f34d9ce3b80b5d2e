"""Prediction sets of a model, by counting."""

import numpy as np
import pytest
from scipy.stats import binomtest

from engine.calibration.calibration import calibrate
from engine.calibration.sets import prediction_sets
from engine.evaluation.evaluation import evaluate


@pytest.fixture(scope="module")
def sets(small_evaluation):
    return prediction_sets(calibrate(small_evaluation), small_evaluation.classes, 90)


def test_the_sets_are_counted(sets, small_evaluation):
    true = small_evaluation.table["true"].to_numpy()
    held = [true[row] in sets.classes[sets.held[row]] for row in range(len(true))]
    assert sets.covered == sum(held)
    assert sets.sizes.tolist() == [len(sets.classes[row]) for row in sets.held]
    worst = min(np.mean([held[i] for i in np.flatnonzero(true == name)]) for name in sets.classes)
    assert sets.worst["coverage"] == pytest.approx(worst)


def test_a_promise_is_broken_where_the_whole_interval_is_below(sets):
    for row in sets.table.itertuples():
        high = binomtest(row.covered, row.images).proportion_ci(0.95, method="wilson").high
        assert (row.Index in sets.broken_for().index) == (high < 0.9)


def test_larger_promises_make_larger_sets(small_evaluation):
    found = calibrate(small_evaluation)
    sizes = [prediction_sets(found, small_evaluation.classes, n).sizes for n in (80, 90, 99)]
    assert (sizes[0] <= sizes[1]).all() and (sizes[1] <= sizes[2]).all()
    assert sizes[2].sum() > sizes[0].sum()


def test_classes_with_too_few_images_are_named(small):
    evaluation = evaluate(small, "5 neighbours")  # about 30 images of each class calibrate
    found = calibrate(evaluation)
    assert prediction_sets(found, evaluation.classes, 99).unlimited == list(range(10))
    assert prediction_sets(found, evaluation.classes, 99, by_class=False).unlimited == []


def test_on_mnist_the_plain_sets_fail_a_class_that_has_its_promise_kept_alone(mnist_evaluation):
    """The figures are those of other code: 75 % of one class, 89.2 % of the worst by class."""
    found = calibrate(mnist_evaluation)
    classes = mnist_evaluation.classes
    plain = prediction_sets(found, classes, 90, by_class=False)
    assert plain.worst["coverage"] == pytest.approx(0.75, abs=0.005)
    assert prediction_sets(found, classes, 90).worst["coverage"] == pytest.approx(0.892, abs=5e-4)
