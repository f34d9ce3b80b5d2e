"""Digits are told from other things that are called 0 to 9, whatever way they lie."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from engine.datasets.dataset import class_noun
from engine.importers.build import assemble
from engine.preprocessing.digit_shapes import TURNS, look_like_digits


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    source = load_digits()
    return (source.images * 15).astype(np.uint8), source.target


def called(images: np.ndarray, labels: np.ndarray):
    return assemble("some", images, [str(n) for n in labels], np.arange(len(labels)), None)


@pytest.mark.parametrize("few", [30, 60, 300])
def test_few_digits_are_digits_and_with_any_other_labels_they_are_not(digits, few):
    images, labels = (array[:few] for array in digits)
    assert look_like_digits(images, labels)
    random = np.random.default_rng(few)
    wrong = (labels + random.integers(1, 10)) % 10  # each class called by another digit
    assert not look_like_digits(images, wrong)


def test_some_of_the_digits_are_digits(digits):
    images, labels = digits
    some = np.isin(labels, [2, 4, 7])
    assert look_like_digits(images[some], labels[some])


def test_digits_on_their_side_are_called_digits_and_garments_are_not(digits):
    images, labels = digits
    on_their_side = TURNS["exchanging rows and columns"](images)
    assert class_noun(np.unique(called(on_their_side, labels).training.labels)) == "digit"
    random = np.random.default_rng(0)
    shapes = random.integers(0, 255, (10, 8, 8))  # one for each class, and noise about it
    garments = np.clip(shapes[labels] + random.normal(0, 30, images.shape), 0, 255)
    found = called(garments.astype(np.uint8), labels)
    assert class_noun(np.unique(found.training.labels)) == "class"
    assert found.training.labels.dtype.kind == "U"
    assert any("nothing is called a digit" in said for said in found.done)
    assert not any("nothing is called" in said for said in called(images, labels).done)
