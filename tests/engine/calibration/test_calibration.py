"""What calibrates which model, and MNIST's figures as other code has them."""

import numpy as np
import pytest
from crepes import ConformalClassifier
from sklearn.isotonic import IsotonicRegression

from engine.calibration import conformal
from engine.calibration.bins import expected_calibration_error
from engine.calibration.calibration import (
    Method,
    calibrate,
    can_calibrate,
    distances_in,
    trust,
)
from engine.calibration.reliability import Kind, bins
from engine.evaluation.evaluation import evaluate
from engine.evaluation.external_predictions import evaluate_predictions, read_predictions
from engine.evaluation.metrics import places
from engine.io.csv_export import csv_bytes
from tests.engine.calibration.test_conformal import A_HAIR


def test_mean_templates_are_calibrated_on_all_training_images(small, small_evaluation):
    found = calibrate(small_evaluation)
    assert found.method is Method.LEFT_OUT
    assert found.images == found.every.images.sum() == len(small.training)
    assert len(found.judged) == small_evaluation.n_images
    of_each = [one.images.sum() for one in found.by_answer]
    assert sum(of_each) == found.images and [len(s) for s in found.scores] == list(
        np.bincount(small.training.labels)
    )


@pytest.mark.parametrize("model", ["L1 median", "5 neighbours"])
def test_any_other_model_is_calibrated_on_one_half_and_judged_on_the_other(small, model):
    evaluation = evaluate(small, model)
    found = calibrate(evaluation)
    assert found.method is Method.HALF
    assert found.images == evaluation.n_images // 2
    some = evaluation.table[~evaluation.table["index"].isin(found.judged["index"])]
    assert len(some) == found.images
    theirs = IsotonicRegression().fit(some["margin"], some["right"])
    ours = found.every.probability(some["margin"])
    assert ours == pytest.approx(theirs.predict(some["margin"]))
    again = calibrate(evaluation)
    assert again.judged["index"].equals(found.judged["index"])


def test_labels_alone_and_few_images_calibrate_nothing(small, small_evaluation):
    assert can_calibrate(small_evaluation)
    assert not can_calibrate(small_evaluation.on(np.empty(0)))
    median = evaluate(small, "L1 median")
    assert can_calibrate(median.on(np.arange(100)))
    assert not can_calibrate(median.on(np.arange(99)))
    labels = read_predictions(csv_bytes(small_evaluation.table[["index", "predicted"]]), small)
    assert not can_calibrate(evaluate_predictions(small, labels, "labels"))


def test_an_answer_gets_the_groups_of_all_and_of_those_like_it(small_evaluation):
    found = calibrate(small_evaluation)
    told = trust(found, 0.02, 3)
    assert told.like == found.every.at(0.02) and told.same == found.by_answer[3].at(0.02)


@pytest.fixture(scope="module", params=["L1 mean", "L2 mean"])
def calibrated(request, mnist):
    evaluation = evaluate(mnist, request.param)
    return request.param, evaluation, calibrate(evaluation)


def test_on_mnist_the_probabilities_are_calibrated(calibrated):
    model, evaluation, found = calibrated
    classes = evaluation.classes
    error = expected_calibration_error(bins(Kind.CALIBRATED, found, found.judged, classes))
    assert error <= {"L1 mean": 0.03, "L2 mean": 0.02}[model]
    both = bins(Kind.BY_ANSWER, found, found.judged, classes)
    assert expected_calibration_error(both) <= 0.02


@pytest.mark.slow
def test_on_mnist_sets_cover_as_promised_and_are_those_of_crepes(calibrated):
    """The sizes are those of other code."""
    model, evaluation, found = calibrated
    score = conformal.scores(distances_in(found.judged, evaluation.classes))
    own = places(found.judged["true"], evaluation.classes)
    sizes = {"L1 mean": (2.45, 3.71, 6.08), "L2 mean": (1.40, 1.93, 3.65)}[model]
    for level, size in zip((90, 95, 99), sizes, strict=True):
        sets = score <= conformal.thresholds(found.scores, level, by_class=True)
        table = conformal.coverage_by_class(sets, own, evaluation.classes)
        assert table["covered"].sum() / 10_000 == pytest.approx(level / 100, abs=0.015)
        assert sets.sum() / 10_000 == pytest.approx(size, abs=0.005)
        for place, known in enumerate(found.scores):
            one = ConformalClassifier().fit(known)
            column = score[:, [place]]
            theirs = one.predict_set(column, confidence=level / 100 - A_HAIR, smoothing=False)
            assert np.array_equal(theirs[:, 0].astype(bool), sets[:, place])
