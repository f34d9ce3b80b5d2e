import numpy as np
import pytest
from sklearn.datasets import load_digits

from engine.datasets.dataset import Dataset, Split


def test_a_split_refuses_lists_of_different_length():
    with pytest.raises(ValueError, match=r"equally many, got \(2, 1, 2\)"):
        Split(np.zeros((2, 2, 2), "u1"), np.zeros(1), np.array(["a", "b"]))


def test_the_arrays_all_viewers_share_cannot_be_written(toy):
    with pytest.raises(ValueError, match="read-only"):
        toy.training.images[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        toy.testing.labels[0] = 1


def test_equal_data_have_equal_keys_and_one_changed_pixel_another(toy):
    def with_pixel(value):
        images = toy.training.images.copy()
        images[0, 0, 0] = value
        training = Split(images, toy.training.labels.copy(), toy.training.files.copy())
        return Dataset("toy", training, toy.testing).key

    assert with_pixel(0) == toy.key
    assert with_pixel(1) != toy.key


def test_the_embedded_digits_are_scikit_learns_each_exactly_once(small):
    source = load_digits()
    splits = (small.training, small.testing)
    files = np.concatenate([s.files for s in splits])
    order = [int(name.removeprefix("load_digits/")) for name in files]
    assert sorted(order) == list(range(1797))
    assert (np.concatenate([s.labels for s in splits]) == source.target[order]).all()
    ink = np.concatenate([s.images for s in splits]) / 255 * 16
    assert np.abs(ink - source.images[order]).max() < 16 / 255
    assert small.size == (8, 8)


def test_the_embedded_split_keeps_the_share_of_each_digit_and_is_sorted_by_digit(small):
    shares = np.bincount(small.testing.labels) / np.bincount(load_digits().target)
    assert np.abs(shares - 1 / 3).max() < 0.01
    assert (np.diff(small.testing.labels) >= 0).all()
