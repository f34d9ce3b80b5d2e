"""The verdict of parts is that of all images at once, bounded, and holds the right images."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from engine.evaluation.evaluation import evaluate
from engine.models.nearest_template import NearestTemplate
from engine.shards.kept import Kept
from engine.shards.sources.shard import Block, place_hash, total
from engine.shards.verdict import EDGES, Keep, distances, shard_verdict


def blocks(split, places, rows=64):
    for at in range(0, len(places), rows):
        some = places[at : at + rows]
        yield Block(some, split.images[some], split.labels[some])


@pytest.fixture(scope="module")
def model(small) -> NearestTemplate:
    return NearestTemplate().fit(small.training.images, small.training.labels)


def judged(small, model, pieces, keep=None, rows=64):
    found = []
    parts = [
        shard_verdict("test", blocks(small.testing, some, rows), model, keep, found.append)
        for some in pieces
    ]
    return total(parts), pd.concat(found)


def same(one, other):
    for name in ("classes", "counts", "margins"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    for kind in ("worst", "sample"):
        arrays = getattr(one, kind).arrays(), getattr(other, kind).arrays()
        assert all(np.array_equal(arrays[0][name], arrays[1][name]) for name in arrays[0])
    assert one.tally == other.tally


@pytest.mark.slow
@given(st.integers(0, 2**32), st.integers(1, 150))
@settings(max_examples=10, deadline=None)
def test_any_order_and_grouping_gives_the_same_verdict_to_the_bit(small, model, seed, rows):
    draw = np.random.default_rng(seed)
    n = len(small.testing)
    keep = Keep(5, 3)
    wanted, _ = judged(small, model, [np.arange(n)], keep)
    pieces = np.split(draw.permutation(n), np.sort(draw.integers(0, n, 4)))
    pieces = [some for some in pieces if len(some)]
    same(judged(small, model, pieces, keep, rows)[0], wanted)


@pytest.mark.parametrize("name", ["L1 mean", "L2 mean", "L1 median"])
def test_counts_and_errors_are_those_of_scikit_learn_and_of_the_evaluation(small, name):
    wanted = evaluate(small, name)
    n = len(small.testing)
    found, errors = judged(small, wanted.classifier, np.array_split(np.arange(n), 7))
    true, predicted = wanted.table["true"], wanted.table["predicted"]
    assert np.array_equal(found.counts, confusion_matrix(true, predicted))
    assert found.n_right == wanted.n_right and found.n_images == n == found.tally.images
    own = wanted.table[~wanted.table["right"]].reset_index(drop=True)
    columns = ["index", "true", "predicted", "margin", "gap"]
    pd.testing.assert_frame_equal(errors[columns].reset_index(drop=True), own[columns])
    assert set(errors["shard"]) == {"test"}


def test_margins_are_counted_as_numpy_does(small, small_evaluation):
    n = len(small.testing)
    found, _ = judged(small, small_evaluation.classifier, np.array_split(np.arange(n), 3))
    table = small_evaluation.table
    for true, predicted in ((0, 0), (8, 1), (3, 9)):
        chosen = (table["true"] == true) & (table["predicted"] == predicted)
        bins = np.concatenate([[-np.inf], EDGES, [np.inf]])
        wanted = np.histogram(table["margin"][chosen], bins)[0]
        assert found.margins[true, predicted].tolist() == wanted.tolist()
    assert found.margins.sum() == n


def test_the_worst_and_the_sample_of_a_cell_are_those_of_a_sort_of_all(small, small_evaluation):
    n, keep = len(small.testing), Keep(4, 3, seed=5)
    pieces = np.array_split(np.random.default_rng(0).permutation(n), 5)
    found, _ = judged(small, small_evaluation.classifier, pieces, keep)
    table = small_evaluation.table.assign(
        drawn=place_hash("test", np.arange(n), "sample 5"),
        bad=lambda t: np.where(t["right"], t["margin"], -t["gap"]),
    )
    for (true, predicted), cell in table.groupby(["true", "predicted"]):
        worst = cell.sort_values(["bad", "index"], kind="stable")["index"][:4]
        assert found.worst.of_cell(true, predicted, 10).index.tolist() == worst.tolist()
        drawn = found.sample.of_cell(true, predicted, 10)
        assert drawn.index.tolist() == cell.sort_values("drawn")["index"][:3].tolist()
        assert np.array_equal(drawn.images, small.testing.images[drawn.index])
        assert drawn.gap.tolist() == cell.set_index("index")["gap"][drawn.index].tolist()


def test_a_class_that_the_model_does_not_know_is_named_and_the_rest_is_judged(small):
    known = small.training.labels < 9
    model = NearestTemplate().fit(small.training.images[known], small.training.labels[known])
    found, _ = judged(small, model, [np.arange(len(small.testing))])
    nines = np.flatnonzero(small.testing.labels == 9)
    assert found.tally.unread == len(nines)
    assert [one.index for one in found.tally.named] == nines[:20].tolist()
    assert str(found.tally.named[0]).endswith("is of a class that no training image has")
    assert found.n_images == len(small.testing) - len(nines)


def test_names_and_numbers_are_one_where_only_the_model_has_names(small):
    model = NearestTemplate().fit(small.training.images, small.training.labels.astype(str))
    found, _ = judged(small, model, [np.arange(len(small.testing))])
    assert found.n_images == len(small.testing) and found.tally.unread == 0


@given(st.integers(1, 200), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_an_image_has_the_same_distances_in_any_company(n, seed):
    draw = np.random.default_rng(seed)
    images = draw.integers(0, 256, (200, 28, 28), dtype=np.uint8)
    model = NearestTemplate("l2").fit(images, np.arange(200) % 10)
    some = draw.permutation(200)[:n]
    assert np.array_equal(distances(model, images[some]), distances(model, images)[some])


def test_what_is_kept_is_bounded_by_bytes_and_keeps_one_of_each_at_least():
    assert Keep().within(10, 784) == Keep()
    small = Keep().within(100, 784)
    assert 1 <= small.sample <= small.worst < 60
    assert (small.worst + small.sample) * 100**2 * 784 <= 40_000_000
    assert Keep().within(100, 4096) == Keep(1, 1)


def test_nothing_gives_nothing(model):
    assert shard_verdict("test", [], model) is None
    empty = Block(np.arange(0), np.zeros((0, 8, 8), np.uint8), np.zeros(0, int))
    found = shard_verdict("test", [empty], model)
    assert found.n_images == 0 and len(found.worst) == 0 and isinstance(found.sample, Kept)
