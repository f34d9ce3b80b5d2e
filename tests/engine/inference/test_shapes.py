"""A cross gets its answer with a doubt; a digit, however it is drawn, without one."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.spatial.distance import cdist

from engine.inference.classify import Reference, classify, reference
from engine.inference.command import sentence
from engine.inference.shapes import shapes_of
from engine.preprocessing.strokes import Stroke, draw
from tests.support.drawn_digits import PENS, WAYS, drawn

CROSS = [np.array([(0.3, 0.25), (0.7, 0.75)]), np.array([(0.7, 0.25), (0.3, 0.75)])]


@pytest.fixture(scope="module")
def measures(mnist) -> Reference:
    return reference(mnist)


def crosses(n: int):
    """The same two lines turned, stretched and slanted at random, by an unsteady hand."""
    random = np.random.default_rng(0)
    for _ in range(n):
        turn, size, slant, wide = random.normal(0, 0.12, 4)
        turned = [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
        matrix = (0.9 + size) * np.array(turned) @ [[1 + wide, slant], [0, 1]]
        lines = [(line - 0.5) @ matrix.T + 0.5 for line in CROSS]
        yield tuple(Stroke(tuple(map(tuple, line.tolist()))) for line in lines)


def test_nearly_every_cross_is_doubted(mnist_evaluation, measures):
    found = [classify(draw(s), mnist_evaluation, measures, strokes=s) for s in crosses(30)]
    doubted = [bool(one.doubt or one.rejection) for one in found]
    assert sum(doubted) >= 27
    assert "It may be no digit" in sentence(found[doubted.index(True)])


@pytest.mark.parametrize("way", WAYS)
def test_no_drawn_digit_that_is_right_is_doubted(mnist_evaluation, measures, way):
    for pen in PENS.values():
        for true, strokes in drawn(way, pen).items():
            one = classify(draw(strokes), mnist_evaluation, measures, strokes=strokes)
            assert not (one.doubt and one.prediction.digit == true)


def test_about_one_in_a_hundred_test_images_is_doubted(mnist, measures):
    """The distances by brute force with scipy."""
    judged = mnist.testing.images[::20]
    known = mnist.training.images[:: 60_000 // 4_000]
    flat = [
        gaussian_filter(some.astype(float), (0, 1, 1)).reshape(len(some), -1)
        for some in (judged[:40], known)
    ]
    theirs = cdist(*flat, "cosine").min(axis=1)
    ours = [measures.shapes.distance(image) for image in judged[:40]]
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    others = mnist.testing.images[7::20]
    share = np.mean([measures.shapes.unlike(image) for image in others])
    assert 0.002 < share < 0.03


def test_too_coarse_images_are_never_doubted(small):
    shapes = shapes_of(small)
    assert not shapes.unlike(np.zeros((8, 8), np.uint8))
    assert not shapes.unlike(small.testing.images[0])


def test_no_ink_is_like_nothing(measures):
    assert measures.shapes.distance(np.zeros((28, 28), np.uint8)) == 1
