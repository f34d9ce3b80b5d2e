"""Near-duplicates between test and training images, judged by scikit-learn and by planted ones."""

import tracemalloc

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from dashboard import text
from engine.datasets import duplicates
from engine.datasets.dataset import Dataset, Split
from engine.datasets.duplicates import nearest_training, pairs


def split(images, labels):
    return Split(images, labels, np.array([f"{n}.png" for n in range(len(images))]))


@pytest.fixture
def planted(small):
    """Embedded digits whose first test images are a training image, one nearly, one relabelled."""
    images, labels = small.testing.images.copy(), small.testing.labels.copy()
    training = small.training
    for place, twin in enumerate((700, 20, 300)):
        images[place], labels[place] = training.images[twin], training.labels[twin]
    images[1, 0, 0] += 9
    labels[2] = (labels[2] + 1) % 10
    return Dataset("planted", training, split(images, labels))


@pytest.mark.parametrize("blocks", [(1000, 4000), (7, 11)])
def test_the_nearest_is_the_one_scikit_learn_finds(planted, monkeypatch, blocks):
    monkeypatch.setattr(duplicates, "TEST_BLOCK", blocks[0])
    monkeypatch.setattr(duplicates, "TRAINING_BLOCK", blocks[1])
    found = nearest_training(planted).sort_values("test")
    flat = [s.images.reshape(len(s), -1).astype(float) for s in (planted.testing, planted.training)]
    wanted = pairwise_distances(*flat).min(axis=1) / np.linalg.norm(flat[0], axis=1)
    assert found["test"].tolist() == list(range(len(planted.testing)))
    assert np.allclose(found["apart"], wanted, atol=1e-6)


def test_identical_and_near_ones_are_told_apart_and_so_are_labels(planted):
    found = pairs(planted, nearest_training(planted), 0.05).set_index("test")
    assert found["training"].loc[[0, 1, 2]].tolist() == [700, 20, 300]
    assert found["identical"].loc[[0, 1, 2]].tolist() == [True, False, True]
    assert found["same label"].loc[[0, 1, 2]].tolist() == [True, True, False]
    assert 0 < found["apart"].loc[1] < 0.05
    assert found["training file"].loc[0] == planted.training.files[700]


def test_where_it_would_take_too_long_every_nth_image_is_looked_at(small, monkeypatch):
    work = 2.0 * len(small.testing) * len(small.training) * 64
    monkeypatch.setattr(duplicates, "MAX_DUPLICATE_MULTIPLICATIONS", work / 2.5)
    found = nearest_training(small)
    assert sorted(found["test"]) == list(range(0, len(small.testing), 3))
    sentence = text.dataset.near(pairs(small, found, 0), found, len(small.testing), 2)
    assert sentence.startswith(f"Of {len(found)} test images looked at, of 599 none has")


def test_memory_is_that_of_the_blocks_and_not_of_all_distances():
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (12_000, 8, 8), dtype=np.uint8)
    labels = np.zeros(len(images), int)
    dataset = Dataset("large", split(images, labels), split(images[::-1].copy(), labels))
    tracemalloc.start()
    found = nearest_training(dataset)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 120_000_000 < 12_000**2 * 4
    assert found["apart"].max() == 0


def test_blank_images_have_no_length_and_still_a_distance(toy):
    blank = Dataset("blank", toy.training, split(np.zeros((1, 2, 2), np.uint8), np.array([1])))
    found = pairs(blank, nearest_training(blank), 0)
    assert found[["training", "identical", "same label"]].iloc[0].tolist() == [0, True, False]


def test_the_sentence_counts_what_is_identical_near_and_told_differently(planted):
    compared = nearest_training(planted)
    found = pairs(planted, compared, 0.02)
    said = text.dataset.near(found, compared, 599, 2)
    n_near = len(found) - 2
    assert said.startswith(
        f"Of 599 test images, **{len(found)}** have a training image within 2\u00a0%"
    )
    assert f"2 identical, {n_near} near" in said and "In 1 pair the labels differ" in said


@pytest.mark.slow
def test_mnist_has_no_near_duplicates_within_a_tenth(mnist):
    found = nearest_training(mnist)
    assert len(found) == 10_000
    assert pairs(mnist, found, 0.1).empty
    flat = mnist.training.images.reshape(60_000, -1).astype(np.float32)
    for row in found.iloc[::2500].itertuples():
        image = mnist.testing.images[row.test].ravel().astype(np.float32)
        apart = np.linalg.norm(flat - image, axis=1)
        assert np.isclose(apart.min() / np.linalg.norm(image), row.apart, rtol=1e-5)
