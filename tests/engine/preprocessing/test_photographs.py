"""Thirty digits of each kind of picture people take: right, or refused with a reason."""

import numpy as np
import pytest

from engine.inference.classify import classify
from engine.preprocessing.as_prepared import is_prepared, reduced_exactly
from engine.preprocessing.decode import decode
from engine.preprocessing.pipeline import prepare
from engine.preprocessing.size_normalization import MNIST_FORM
from tests.support import photographs
from tests.support.photographs import jpeg, png, webp

KINDS = {  # about this many of thirty are answered wrongly
    photographs.plain: 1,
    photographs.shadow: 2,
    photographs.squared: 1,
    photographs.boxed: 1,
    photographs.on_desk: 0,
    photographs.dark_screen: 1,
    photographs.yellow: 1,
    photographs.red_pen: 1,
    photographs.blurred: 0,
    photographs.tilted_ruled: 1,
    photographs.touching: 5,  # what of a digit lies in the line goes with it
}
NO_DIGIT = [photographs.plotted, photographs.two]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_digit_on_paper_is_right_or_refused(kind, mnist_evaluation):
    """The digits are three of each class that the model gets right as MNIST has them."""
    table, images = mnist_evaluation.table, mnist_evaluation.dataset.testing.images
    right, wrong = 0, 0
    for digit in range(10):
        for row in table.index[table["right"] & (table["true"] == digit)][10:13]:
            picture = kind(images[row], np.random.default_rng(row))
            packed = png(picture) if kind is photographs.dark_screen else jpeg(picture)
            result = classify(decode(packed), mnist_evaluation)
            right += not result.rejection and result.prediction.digit == digit
            wrong += not result.rejection and result.prediction.digit != digit
    assert wrong <= KINDS[kind] + 1 and right >= min(26, 29 - KINDS[kind])


@pytest.mark.parametrize("kind", NO_DIGIT, ids=lambda kind: kind.__name__)
def test_what_is_more_than_one_digit_on_paper_is_never_answered(kind, mnist_evaluation):
    images = mnist_evaluation.dataset.testing.images
    for row in range(0, 300, 10):
        picture = decode(png(kind(images[row], np.random.default_rng(row))))
        assert classify(picture, mnist_evaluation).rejection


@pytest.mark.parametrize("save", [jpeg, webp], ids=lambda save: save.__name__)
@pytest.mark.parametrize("dark", [False, True])
def test_a_small_lossy_picture_is_answered_as_the_png(mnist_evaluation, save, dark):
    testing = mnist_evaluation.dataset.testing
    chosen = slice(None, None, 50)

    def right(pictures: list[np.ndarray]) -> int:
        prepared = np.stack([prepare(picture, MNIST_FORM).image for picture in pictures])
        answers = mnist_evaluation.classifier.predict(prepared)
        return int((answers == testing.labels[chosen]).sum())

    images = [255 - image if dark else image for image in testing.images[chosen]]
    assert abs(right([decode(save(image)) for image in images]) - right(images)) <= 3


@pytest.mark.parametrize("times", [2, 4, 10, 20])
def test_an_exact_enlargement_gives_the_image_back(mnist, times):
    for image in mnist.testing.images[::200]:
        large = image.repeat(times, axis=0).repeat(times, axis=1)
        assert np.array_equal(prepare(decode(png(large)), MNIST_FORM).image, image)


def test_what_is_no_exact_enlargement_comes_back_untouched():
    picture = np.zeros((56, 56), np.uint8)
    picture[3, 3] = 1
    assert reduced_exactly(picture, MNIST_FORM) is picture
    assert reduced_exactly(picture[:, :55], MNIST_FORM).shape == (56, 55)


def test_a_picture_off_the_centre_or_on_grey_paper_is_not_prepared_yet(mnist):
    image = mnist.testing.images[0]
    assert is_prepared(image, MNIST_FORM) and is_prepared(255 - image, MNIST_FORM)
    assert not is_prepared(np.roll(image, 4, axis=1), MNIST_FORM)
    assert not is_prepared(np.maximum(image, 90), MNIST_FORM)
    assert not is_prepared(np.zeros((28, 28), np.uint8), MNIST_FORM)
