"""One image's answer: distances, order and margin."""

import numpy as np
import pytest
from scipy.stats import rankdata
from sklearn.metrics import pairwise_distances_argmin

from engine.inference.prediction import Answer, answer


def test_the_order_is_by_distance_and_a_tie_goes_to_the_smaller_digit():
    found = Answer(np.array([2, 5, 7]), np.array([0.3, 0.1, 0.1]))
    assert found.order.tolist() == [5, 7, 2] and found.digit == 5 and found.margin == 0
    assert found.rank(2) == 3 and found.behind(2) == pytest.approx(0.2)


@pytest.mark.parametrize("distances", [[0.0, 1, 1, 1], [0.2, 0.2, 0.1, 0.3], [0.4, 0.1, 0.2, 0.2]])
def test_places_are_scipys_and_equal_distances_have_none(distances):
    found = Answer(np.arange(4), np.array(distances))
    least, most = (rankdata(distances, method) for method in ("min", "max"))
    wanted = [one if one == other else None for one, other in zip(least, most, strict=True)]
    assert [found.rank(digit) for digit in range(4)] == wanted
    others = np.delete(np.arange(4), found.digit)
    second = [n for n in others if distances[n] == np.delete(distances, found.digit).min()]
    assert found.runners_up.tolist() == second


def test_a_single_class_has_no_runner_up():
    assert Answer(np.array([3]), np.array([0.1])).runners_up.size == 0


def test_an_unknown_digit_has_no_rank():
    with pytest.raises(ValueError, match="not in list"):
        Answer(np.array([0, 1]), np.array([0.1, 0.2])).rank(9)


def test_the_answer_is_the_nearest_mean_by_scikit_learn(small_evaluation):
    split = small_evaluation.dataset.training
    flat = split.images.reshape(len(split), -1) / 255
    means = np.stack([flat[split.labels == digit].mean(axis=0) for digit in range(10)])
    images = small_evaluation.dataset.testing.images[:100]
    theirs = pairwise_distances_argmin(images.reshape(100, -1) / 255, means, metric="manhattan")
    assert [answer(small_evaluation, image).digit for image in images] == theirs.tolist()


def test_an_answer_agrees_with_the_evaluations_own_table(small_evaluation):
    for index in (0, 77, 400):
        found = answer(small_evaluation, small_evaluation.dataset.testing.images[index])
        row = small_evaluation.table.iloc[index]
        assert (found.digit, found.rank(row["true"])) == (row["predicted"], row["rank"])
        assert found.margin == pytest.approx(row["margin"])
        assert found.behind(row["true"]) == pytest.approx(row["gap"])
