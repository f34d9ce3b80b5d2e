"""Sums and levels of shards add up to what all images at once give, bit for bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.models.class_sums import ClassSums
from engine.models.nearest_template import NearestTemplate
from engine.models.templates import median_templates
from engine.runtime.errors import Refused
from engine.shards.fit import fitted, template_model
from engine.shards.sources.shard import Block, total
from engine.shards.sums import ClassLevels, shard_levels, shard_sums


def blocks(images, labels, rows):
    for at in range(0, len(images), rows):
        some = slice(at, at + rows)
        yield Block(np.arange(len(images))[some], images[some], labels[some])


@given(st.integers(0, 2**32), st.integers(1, 40), st.integers(1, 9), st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_order_and_grouping_gives_the_bits_of_all_at_once(seed, n, rows, names):
    draw = np.random.default_rng(seed)
    images = draw.integers(0, 256, (n, 3, 2), dtype=np.uint8)
    labels = draw.integers(0, 4, n)
    labels = labels.astype(str) if names else labels
    cuts = np.sort(draw.integers(0, n + 1, 3))
    pieces = np.split(draw.permutation(n), cuts)
    parts = [shard_sums(blocks(images[some], labels[some], rows)) for some in pieces]
    levels = [shard_levels(blocks(images[some], labels[some], rows)) for some in pieces]
    together, counted = total(parts), total(levels)
    for place, label in enumerate(np.unique(labels)):
        some = images[labels == label]
        assert together.classes[place] == counted.classes[place] == label
        assert together.counts[place] == counted.counts[place] == len(some)
        assert np.array_equal(together.sums[place], some.sum(axis=0, dtype=object))
        assert np.array_equal(counted.medians()[place], np.median(some, axis=0) / 255)


@pytest.mark.parametrize("name", ["L1 mean", "L2 mean", "L1 median"])
def test_the_templates_are_those_of_the_fit_in_memory(small, name):
    images, labels = small.training.images, small.training.labels
    model = template_model(name)
    sums = shard_levels if model.center == "median" else shard_sums
    found = fitted(model, sums(blocks(images, labels, 100)))
    wanted = template_model(name).fit(images, labels)
    assert np.array_equal(found.templates_, wanted.templates_)
    assert np.array_equal(found.classes_, wanted.classes_)
    assert np.array_equal(found.predict(small.testing.images), wanted.predict(small.testing.images))


def test_the_medians_of_one_and_of_two_images_are_exact():
    images = np.array([[[3, 255]], [[4, 0]]], np.uint8)
    for n in (1, 2):
        labels = np.zeros(n, int)
        counted = ClassLevels.of(images[:n], labels)
        assert np.array_equal(counted.medians(), median_templates(images[:n], labels))


def test_classes_that_are_numbers_here_and_names_there_become_names_in_any_order():
    images = np.ones((2, 1, 1), np.uint8)
    numbers, names = ClassSums(images, np.array([10, 9])), ClassSums(images, np.array(["9", "b"]))
    for both in (numbers + names, names + numbers):
        assert both.classes.tolist() == ["10", "9", "b"] and both.counts.tolist() == [1, 2, 1]
        assert both.sums.ravel().tolist() == [1, 2, 1]


def test_images_of_other_sizes_are_not_added():
    one, other = (np.ones((2, 1, side), np.uint8) for side in (1, 2))
    for of in (ClassSums, ClassLevels.of):
        with pytest.raises(ValueError, match="wanted"):
            of(one, np.array([0, 1])) + of(other, np.array([0, 1]))


def test_what_cannot_be_fitted_in_parts_is_refused_in_a_sentence(small):
    for name in ("Logistic", "L1 learned", "5 neighbours", "mine.onnx"):
        with pytest.raises(Refused, match="is not fitted shard by shard; wanted 'L1 mean'"):
            template_model(name)
    with pytest.raises(Refused, match="Found no training image"):
        fitted(NearestTemplate(), None)
    alone = ClassSums(small.training.images[:1], small.training.labels[:1])
    with pytest.raises(Refused, match="The data have 1 class"):
        fitted(NearestTemplate(), alone)
    many = np.arange(101)
    with pytest.raises(Refused, match="Found 101 classes"):
        shard_sums(blocks(np.zeros((101, 2, 2), np.uint8), many, 200))
    large = np.zeros((60, 64, 64), np.uint8)
    with pytest.raises(Refused, match=r"takes 503,316,480 bytes; at most 500,000,000"):
        shard_levels(blocks(large, np.arange(60), 200))
