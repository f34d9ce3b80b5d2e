"""The ranking of suspects, judged by cleanlab and by labels that were made wrong on purpose."""

import numpy as np
import pytest
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_normalized_margin_for_each_label, get_self_confidence_for_each_label
from sklearn.neighbors import KNeighborsClassifier

from engine.datasets.dataset import Dataset, Split
from engine.evaluation.evaluation import evaluate
from engine.label_review.neighbors import NEIGHBORS, neighbor_shares
from engine.label_review.suspects import Shares, probability_shares, suspects
from engine.transforms.moments import Deskew


def shares_of(share: np.ndarray) -> Shares:
    none = np.empty((len(share), 0))
    return Shares(np.arange(share.shape[1]), np.arange(len(share)), share, none.astype(int), none)


def flipped(dataset: Dataset, rate: float) -> tuple[Dataset, np.ndarray]:
    """The data with that share of the test labels replaced by another class, and which."""
    draw, split = np.random.default_rng(0), dataset.testing
    chosen = draw.choice(len(split), round(rate * len(split)), replace=False)
    labels = split.labels.copy()
    labels[chosen] = (labels[chosen] + draw.integers(1, 10, len(chosen))) % 10
    return Dataset("flipped", dataset.training, Split(split.images, labels, split.files)), chosen


def test_both_scores_are_those_of_cleanlab():
    draw = np.random.default_rng(1)
    share = draw.dirichlet(np.ones(5), 200)
    labels = draw.integers(0, 5, 200)
    found = suspects(shares_of(share), labels).sort_values("index")
    margin = get_normalized_margin_for_each_label(labels, share)  # (given − other + 1) / 2
    confidence = get_self_confidence_for_each_label(labels, share)
    wanted = np.flatnonzero(margin < 0.5)
    assert found["index"].tolist() == wanted.tolist()
    assert np.allclose(found["normalized margin"], 1 - 2 * margin[wanted])
    assert np.allclose(found["self confidence"], confidence[wanted])
    assert (found["proposed"].to_numpy() == share[wanted].argmax(axis=1)).all()


def test_equal_margins_are_ordered_by_confidence_then_by_index():
    share = np.array([[0.5, 0.4, 0.1], [0.6, 0.1, 0.3], [0.1, 0.5, 0.4], [0.1, 0.9, 0.0]])
    found = suspects(shares_of(share), np.array([1, 2, 2, 0]))
    assert found["index"].tolist() == [3, 1, 0, 2]
    assert found["given"].tolist() == [0, 2, 1, 2]
    assert found["agreed"].tolist() == [False] * 4


def test_all_agree_where_the_other_classes_have_hardly_any_share():
    found = suspects(shares_of(np.array([[0.0, 1.0], [0.02, 0.98]])), np.array([0, 0]))
    assert found["agreed"].tolist() == [True, False]


def test_a_label_that_nothing_speaks_against_is_no_suspect():
    assert suspects(shares_of(np.array([[0.7, 0.3], [0.5, 0.5]])), np.array([0, 1])).empty


@pytest.mark.parametrize("side", ["training", "test"])
def test_the_shares_are_those_of_scikit_learns_neighbors_without_itself(small, side):
    splits = {"training": small.training, "test": small.testing}
    upright = [np.round(255 * Deskew().fit_transform(s.images)) for s in splits.values()]
    flat = np.concatenate(upright).reshape(-1, 64)
    labels = np.concatenate([split.labels for split in splits.values()])
    first = 0 if side == "training" else len(small.training)
    found = neighbor_shares(small, side)
    for index in (0, 5, 44):
        others = np.delete(np.arange(len(flat)), first + index)
        judge = KNeighborsClassifier(NEIGHBORS, algorithm="brute").fit(flat[others], labels[others])
        distance, nearest = judge.kneighbors(flat[first + index][None])
        assert np.allclose(found.distance[index], distance[0])
        if len(np.unique(distance)) == NEIGHBORS:  # no tie that either may break
            assert found.nearest[index].tolist() == others[nearest[0]].tolist()
            wanted = judge.predict_proba(flat[first + index][None])[0]
            assert np.allclose(found.share[index], wanted)
    assert np.allclose(found.share.sum(axis=1), 1)
    assert first + index not in found.nearest[index]


@pytest.mark.parametrize("rate", [0.01, 0.02, 0.05])
def test_flipped_labels_are_found_at_least_as_well_as_by_cleanlab(small, rate):
    data, chosen = flipped(small, rate)
    shares = neighbor_shares(data, "test")
    theirs = find_label_issues(
        data.testing.labels, shares.share, return_indices_ranked_by="normalized_margin"
    )
    ours = suspects(shares, data.testing.labels)["index"].to_numpy()
    few = len(chosen)  # of as many as there are
    assert len({*ours[:few]} & {*chosen}) >= len({*theirs[:few]} & {*chosen}) >= 0.7 * few
    assert len({*ours} & {*chosen}) >= len({*theirs} & {*chosen})


@pytest.mark.slow
def test_flipped_labels_come_first_by_a_models_probabilities_too(small):
    data, chosen = flipped(small, 0.05)
    shares = probability_shares(evaluate(data, "Logistic"))
    theirs = find_label_issues(
        data.testing.labels, shares.share, return_indices_ranked_by="normalized_margin"
    )
    ours = suspects(shares, data.testing.labels)["index"].to_numpy()
    assert len({*ours[: len(theirs)]} & {*chosen}) >= len({*theirs} & {*chosen}) >= 20


def test_a_model_without_probabilities_is_refused_with_its_unit(small_evaluation):
    with pytest.raises(ValueError, match="wanted a model with probabilities, got one with"):
        probability_shares(small_evaluation)


def test_the_images_of_a_tiny_set_have_as_many_neighbors_as_there_are(small):
    few = [split.part(np.arange(4)) for split in (small.training, small.testing)]
    found = neighbor_shares(Dataset("tiny", *few), "test")
    assert found.nearest.shape == (4, 7)
    assert np.allclose(found.share.sum(axis=1), 1)


def test_a_few_near_images_are_no_agreement(small):
    training, testing = small.training, small.testing
    zeros, ones = (np.flatnonzero(training.labels == digit)[:6] for digit in (0, 1))
    few = training.part(np.r_[zeros, ones])
    first = testing.part(np.flatnonzero(testing.labels == 0)[:1])
    wrong = Split(first.images, first.labels + 1, first.files)
    found = suspects(neighbor_shares(Dataset("few", few, wrong), "test", most=3), wrong.labels)
    assert found["normalized margin"].tolist() == [1.0]  # all three say 0
    assert found["agreed"].tolist() == [False]
