"""Prediction sets: crepes makes the same of the same scores, and the promise is kept."""

import numpy as np
import pandas as pd
import pytest
from crepes import ConformalClassifier
from scipy.stats import binomtest

from engine.calibration.conformal import coverage_by_class, scores, thresholds

CLASSES = np.arange(4)
A_HAIR = 1e-9  # crepes keeps a class whose p-value equals the error allowed; by Vovk it is larger


def drawn(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Distances of n images from 4 classes, their own a little nearer, and the true classes."""
    rng = np.random.default_rng(seed)
    own = rng.integers(0, 4, n)
    distance = rng.random((n, 4))
    distance[np.arange(n), own] -= 0.3 * (1 + own) / 4  # the last class is the easiest
    return distance, own


def of_classes(distance: np.ndarray, own: np.ndarray) -> list[np.ndarray]:
    score = scores(distance)[np.arange(len(own)), own]
    return [np.sort(score[own == name]) for name in CLASSES]


def by_crepes(calibrating, distance, level: int, by_class: bool) -> np.ndarray:
    """crepes' sets (n, k) on the same scores."""
    known, own = calibrating
    score = scores(known)[np.arange(len(own)), own]
    if not by_class:
        return (
            ConformalClassifier()
            .fit(score)
            .predict_set(scores(distance), confidence=level / 100 - A_HAIR, smoothing=False)
            .astype(bool)
        )
    columns = []
    for name in CLASSES:
        one = ConformalClassifier().fit(score[own == name])
        column = scores(distance)[:, [name]]
        columns.append(one.predict_set(column, confidence=level / 100 - A_HAIR, smoothing=False))
    return np.concatenate(columns, axis=1).astype(bool)


@pytest.mark.parametrize("level", [80, 87, 95, 99])
@pytest.mark.parametrize("by_class", [True, False])
def test_the_sets_are_those_of_crepes(level, by_class):
    calibrating, (distance, _) = drawn(0), drawn(1)
    limits = thresholds(of_classes(*calibrating), level, by_class)
    ours = scores(distance) <= limits
    assert np.array_equal(ours, by_crepes(calibrating, distance, level, by_class))


def test_a_score_is_how_much_farther_than_the_nearest_other_class():
    distance = np.array([[1.0, 3.0, 6.0], [2.0, 2.0, 5.0]])
    assert scores(distance).tolist() == [[-2, 2, 5], [0, 0, 3]]


def test_the_promise_is_kept_for_every_class_and_by_the_plain_sets_only_over_all():
    distance, own = drawn(2, 60_000)
    mixed = of_classes(*drawn(3, 60_000))
    tables = {}
    for by_class in (True, False):
        sets = scores(distance) <= thresholds(mixed, 90, by_class)
        tables[by_class] = coverage_by_class(sets, own, CLASSES)
    assert (tables[True]["coverage"] - 0.9).abs().max() < 0.01
    assert tables[False]["covered"].sum() / 60_000 == pytest.approx(0.9, abs=0.01)
    assert tables[False]["coverage"].min() < 0.87


def test_a_class_with_too_few_images_is_in_every_set():
    few = [np.zeros(8), np.linspace(0, 1, 200)]
    assert np.isinf(thresholds(few, 90, by_class=True)).tolist() == [True, False]
    assert np.isfinite(thresholds(few, 80, by_class=True)).all()  # rank 8 of 8: 0.8 * 9 is 7.2
    assert np.isinf(thresholds([np.empty(0), np.zeros(99)], 99, by_class=True)).tolist() == [
        True,
        False,
    ]


def test_the_table_counts_each_class():
    sets = np.array([[1, 0, 1, 0], [0, 0, 0, 0], [0, 1, 1, 1], [0, 1, 0, 0]], bool)
    own = np.array([0, 0, 1, 2])
    table = coverage_by_class(sets, own, CLASSES)
    assert table["covered"].tolist() == [1, 0 + 1, 0, 0]
    assert table["mean size"].tolist()[:3] == [1, 3, 1] and pd.isna(table["mean size"].iloc[3])
    assert table["empty"].tolist() == [1, 0, 0, 0] and pd.isna(table["coverage"].iloc[3])
    theirs = binomtest(1, 2).proportion_ci(0.95, method="wilson")
    assert table["low"].iloc[0] == pytest.approx(theirs.low)
    assert table["high"].iloc[0] == pytest.approx(theirs.high)
