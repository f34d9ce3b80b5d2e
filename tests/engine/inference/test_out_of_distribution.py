"""What is no digit: letters and shapes are told apart by the training images nearest to them."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import binomtest

from engine.datasets.dataset import Dataset, Split
from engine.inference.out_of_distribution import outlier_detector
from engine.preprocessing.pipeline import prepare
from engine.preprocessing.size_normalization import MNIST_FORM
from engine.preprocessing.strokes import Stroke, draw

ROUND = np.linspace(0, 2 * np.pi, 30)
DIGITS = {
    0: [[(0.5 + 0.3 * np.cos(t), 0.5 + 0.35 * np.sin(t)) for t in ROUND]],
    1: [[(0.5, 0.1), (0.5, 0.9)]],
    4: [[(0.6, 0.9), (0.6, 0.1), (0.2, 0.6), (0.8, 0.6)]],
    7: [[(0.3, 0.2), (0.7, 0.2), (0.45, 0.85)]],
}
OTHERS = {
    "W": [[(0.1, 0.1), (0.3, 0.9), (0.5, 0.3), (0.7, 0.9), (0.9, 0.1)]],
    "M": [[(0.1, 0.9), (0.1, 0.1), (0.5, 0.6), (0.9, 0.1), (0.9, 0.9)]],
    "H": [[(0.2, 0.1), (0.2, 0.9)], [(0.8, 0.1), (0.8, 0.9)], [(0.2, 0.5), (0.8, 0.5)]],
    "square": [[(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9), (0.1, 0.1)]],
    "scribble": [[(0.1 + 0.8 * (k % 2), 0.1 + 0.8 * k / 16) for k in range(17)]],
}


def drawn(lines: list) -> np.ndarray:
    strokes = tuple(Stroke(tuple(line)) for line in lines)
    return prepare(draw(strokes), MNIST_FORM, strokes=strokes).image


@pytest.fixture(scope="module")
def known(mnist):
    return outlier_detector(mnist)


@pytest.mark.parametrize("digit", DIGITS)
def test_a_drawn_digit_is_familiar(known, digit):
    assert known.distance(drawn(DIGITS[digit])) < known.limit


@pytest.mark.parametrize("name", OTHERS)
def test_a_letter_or_a_shape_is_not(known, name):
    assert known.distance(drawn(OTHERS[name])) > known.limit


def test_how_many_test_images_it_turns_away_is_measured_on_others(known, mnist):
    """By brute force with scipy; of all 10,000 test images it turns 166 away."""
    taken = np.arange(10_000) % 20 == 0  # those that set the limit
    others = mnist.testing.images[~taken][::19]
    flat = (images.reshape(len(images), -1) / 255 for images in (others, known.images))
    nearest = cdist(*flat, "cityblock").min(axis=1) / 784
    assert (known.judged, known.others) == (500, len(others)) == (500, 500)
    assert known.refused == (nearest > known.limit).sum()
    interval = binomtest(known.refused, known.others).proportion_ci(method="wilson")
    assert interval.low < 0.0166 < interval.high


def test_the_distance_is_scipys(known, mnist):
    image = mnist.testing.images[123]
    flat = known.images.reshape(len(known.images), -1) / 255
    theirs = cdist(image.reshape(1, -1) / 255, flat, "cityblock").min() / image.size
    assert known.distance(image) == pytest.approx(theirs)


def test_eight_by_eight_pixels_are_too_coarse_to_tell(small):
    assert outlier_detector(small).limit == np.inf


def test_without_test_images_there_is_no_limit():
    images = np.zeros((3, 28, 28), np.uint8)
    some = Split(images, np.arange(3), np.array(["a", "b", "c"]))
    none = Split(images[:0].copy(), np.arange(0), np.array([], str))
    assert outlier_detector(Dataset("no tests", some, none)).limit == np.inf


def test_where_every_test_image_sets_the_limit_no_share_is_claimed():
    images = np.random.default_rng(0).integers(0, 256, (40, 28, 28), dtype=np.uint8)
    split = Split(images, np.arange(40) % 2, np.array([f"{k}" for k in range(40)]))
    found = outlier_detector(Dataset("forty", split, split))
    assert (found.judged, found.others, found.refused) == (40, 0, 0)
