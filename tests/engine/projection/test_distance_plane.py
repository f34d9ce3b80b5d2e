"""The distance plane has the images and distances it says, and its diagonal is the decision."""

import itertools

import numpy as np
import pytest

from engine.evaluation.evaluation import evaluate
from engine.evaluation.external_predictions import evaluate_predictions, read_predictions
from engine.projection.distance_plane import distance_plane, most_confused_pair
from engine.runtime.errors import Refused

MODELS = ("L1 mean", "L2 mean", "L1 median", "Logistic", "5 neighbours")


@pytest.fixture(scope="module", params=MODELS)
def evaluation(request, small):
    return evaluate(small, request.param)


def test_its_points_are_the_images_that_are_or_are_called_one_of_both(evaluation):
    found = distance_plane(evaluation, 8, 1)
    rows = evaluation.table.to_dict("records")
    wanted = [n for n, row in enumerate(rows) if {row["true"], row["predicted"]} & {1, 8}]
    assert found.rows.tolist() == wanted
    assert found.third.tolist() == [rows[n]["predicted"] not in (1, 8) for n in wanted]
    of = [(rows[n]["distance to 8"], rows[n]["distance to 1"]) for n in wanted]
    turned = [(1 - x, 1 - y) for x, y in of] if evaluation.share else of
    np.testing.assert_array_equal(np.stack([found.x, found.y], axis=1), turned)


def test_everything_is_all_images(evaluation):
    found = distance_plane(evaluation, 0, 1, everything=True)
    assert found.rows.tolist() == list(range(len(evaluation.table)))


def test_no_answer_among_the_two_lies_on_the_wrong_side_of_the_diagonal(evaluation):
    for a, b in itertools.combinations(range(10), 2):
        found = distance_plane(evaluation, a, b)
        called = evaluation.table["predicted"].to_numpy()[found.rows][~found.third]
        nearer = (found.y - found.x)[~found.third] * (-1 if evaluation.share else 1)
        assert (nearer[called == a] >= 0).all()
        assert (nearer[called == b] <= 0).all()
        assert len(called)


def test_the_pair_shown_first_is_the_cell_off_the_diagonal_that_holds_most(evaluation):
    true, predicted = most_confused_pair(evaluation)
    off = evaluation.counts - np.diag(evaluation.counts.diagonal())
    assert off[true, predicted] == off.max() > 0


@pytest.mark.parametrize(("a", "b"), [(3, 3), (-1, 2), (0, 10)])
def test_what_are_not_two_classes_is_refused(small, a, b):
    with pytest.raises(Refused, match="wanted two of 0 to 9"):
        distance_plane(evaluate(small, "L1 mean"), a, b)


def test_labels_alone_have_no_plane(small):
    lines = [f"{n},{label}" for n, label in enumerate(small.testing.labels)]
    content = "\n".join(["index,predicted", *lines]).encode()
    evaluation = evaluate_predictions(small, read_predictions(content, small), "labels")
    with pytest.raises(Refused, match="without scores"):
        distance_plane(evaluation, 0, 1)
    assert most_confused_pair(evaluation) == (0, 1)
