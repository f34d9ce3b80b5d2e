"""Whose probabilities are judged, and whether they say too much, against scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest
from sklearn.isotonic import IsotonicRegression

from engine.calibration import reliability
from engine.calibration.calibration import calibrate
from engine.calibration.reliability import Confidence, Kind
from engine.evaluation.evaluation import evaluate


@pytest.fixture(scope="module")
def voted(small):
    return evaluate(small, "5 neighbours")


def test_what_the_model_itself_gives_is_the_share_of_its_answer(small, voted):
    found = calibrate(voted)
    shares = voted.classifier.predict_proba(small.testing.images[found.judged["index"]])
    said = reliability.probabilities(Kind.OWN, found, found.judged, voted.classes)
    assert said == pytest.approx(shares.max(axis=1))
    assert reliability.kinds(voted)[-1] is Kind.OWN


def test_templates_give_no_probability_of_their_own(small_evaluation):
    assert reliability.kinds(small_evaluation) == [Kind.CALIBRATED, Kind.BY_ANSWER]


def test_like_answers_calibrate_an_answer_as_scikit_learn_does(small, voted):
    found = calibrate(voted)
    some = voted.table[~voted.table["index"].isin(found.judged["index"])]
    like = some[some["predicted"] == 8]
    said = reliability.probabilities(Kind.BY_ANSWER, found, like, voted.classes)
    theirs = IsotonicRegression().fit(like["margin"], like["right"])
    assert said == pytest.approx(theirs.predict(like["margin"]))


def test_an_answer_that_nothing_calibrates_is_in_no_bin(small_evaluation):
    found = calibrate(small_evaluation)
    rows = found.judged[:50].assign(predicted=99)
    assert reliability.bins(Kind.BY_ANSWER, found, rows, small_evaluation.classes).empty


@pytest.mark.parametrize(("mean", "right"), [(0.9, 85), (0.9, 70), (0.6, 85), (0.9, 100)])
def test_a_gap_is_beyond_chance_outside_scipys_interval(mean, right):
    found = Confidence(mean, right, 100)
    theirs = binomtest(right, 100).proportion_ci(0.95, method="wilson")
    assert found.beyond_chance == (not theirs.low <= mean <= theirs.high)
    assert found.gap == pytest.approx(mean - right / 100)


def test_the_table_has_each_answer_by_counting(small_evaluation):
    found = calibrate(small_evaluation)
    table = reliability.by_answer(found, small_evaluation)
    said = found.every.probability(found.judged["margin"])
    for row in table.itertuples():
        here = (found.judged["predicted"] == row.answer).to_numpy()
        assert (row.answers, row.right) == (here.sum(), found.judged["right"][here].mean())
        assert row.probability == pytest.approx(said[here].mean())
    assert table["answers"].sum() == small_evaluation.n_images


def test_over_all_bins_the_mean_is_that_of_the_answers():
    bins = pd.DataFrame({"images": [10, 30], "right": [5, 27], "probability": [0.4, 0.8]})
    found = reliability.confidence(bins)
    assert found.mean == pytest.approx(np.average([0.4, 0.8], weights=[10, 30]))
    assert (found.right, found.images) == (32, 40)
