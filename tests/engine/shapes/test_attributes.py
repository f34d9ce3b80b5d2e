"""Shape attributes beside Morpho-MNIST's definitions, written anew with scikit-image."""

import math

import numpy as np
import pytest
from scipy import ndimage
from skimage.measure import euler_number, label
from skimage.morphology import medial_axis
from skimage.transform import pyramid_expand

from engine.shapes.attributes import COLUMNS, counted, is_ink, shape_attributes

TIMES, LEFT_OUT = 4, 0.02
LEAST = {
    "slant": 0.99,
    "area": 0.99,
    "length": 0.95,
    "height": 0.95,
    "thickness": 0.95,
    "width": 0.85,
}  # correlations


def defined(image: np.ndarray) -> dict[str, float]:
    """The six measures of one image, by the article: four times enlarged, on its medial axis."""
    ink = np.floor(255 * pyramid_expand(image, upscale=TIMES, order=3))
    dark = ink >= (ink.min() + ink.max()) / 2
    line, depth = medial_axis(dark, return_distance=True, rng=0)
    along = np.array([[0, 0, 0], [0, 0, 1], [math.sqrt(2), 1, math.sqrt(2)]])
    steps = ndimage.correlate(line.astype(float), along, mode="constant")[line].sum()
    row, column = np.indices(ink.shape)
    mean = np.average(row, weights=ink), np.average(column, weights=ink)
    (rows, both), _ = np.cov([row.ravel(), column.ravel()], aweights=ink.ravel())
    upright = column + 0.5 - both / rows * (row - mean[0])
    ends = LEFT_OUT / 2, 1 - LEFT_OUT / 2
    left, right = np.interp(ends, *below(upright, ink, ink.shape[1]))
    top, bottom = np.interp(ends, *below(row, ink, ink.shape[0]))
    return {
        "area": dark.sum() / TIMES**2,
        "length": steps / TIMES,
        "thickness": 2 * depth[line].mean() / TIMES,
        "slant": math.degrees(math.atan(-both / rows)),
        "width": (right - left) / TIMES,
        "height": (bottom - top) / TIMES,
    }


def below(place: np.ndarray, ink: np.ndarray, side: int) -> tuple[list[float], range]:
    """The share of the ink below each whole place, and these places."""
    return [ink[place < at].sum() / ink.sum() for at in range(side)], range(side)


@pytest.mark.slow
def test_three_hundred_digits_are_measured_as_the_article_defines_it(mnist):
    chosen = np.random.default_rng(0).choice(len(mnist.testing), 300, replace=False)
    images = mnist.testing.images[chosen]
    found, wanted = shape_attributes(images), [defined(image) for image in images]
    for name, least in LEAST.items():
        theirs = [one[name] for one in wanted]
        assert np.corrcoef(found[name], theirs)[0, 1] >= least, name
        assert found[name].mean() == pytest.approx(np.mean(theirs), rel=0.06), name


def test_pieces_and_holes_are_those_that_scikit_image_counts(small):
    random = np.random.default_rng(0)
    speckled = random.random((200, 11, 7)) > 0.6
    for ink in (is_ink(small.testing.images), speckled):
        pieces, holes = counted(ink)
        for image, some, closed in zip(ink, pieces, holes, strict=True):
            assert some == label(image, connectivity=2).max()
            assert some - closed == euler_number(image, connectivity=2)


def test_mnist_has_as_many_images_in_two_and_more_pieces_as_were_counted(mnist):
    pieces, _ = counted(is_ink(mnist.testing.images))
    assert (pieces == 2).sum() == pytest.approx(229, abs=2)
    assert (pieces > 2).sum() == pytest.approx(85, abs=2)


def test_ink_and_the_offset_of_the_center_are_moments(small):
    images = small.testing.images[:50]
    table = shape_attributes(images)
    assert np.allclose(table["ink"], images.mean(axis=(1, 2)) / 255)
    for image, off in zip(images, table["off center"], strict=True):
        row, column = ndimage.center_of_mass(image)
        assert off == pytest.approx(math.hypot(row - 3.5, column - 3.5), abs=1e-6)


def test_a_bar_has_the_measures_one_can_see():
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 4:24, 12:16] = 255
    bar = shape_attributes(image).iloc[0]
    assert bar["area"] == pytest.approx(80, rel=0.05)
    assert bar["thickness"] == pytest.approx(4, abs=0.5)
    assert bar["height"] == pytest.approx(20, abs=1) and bar["width"] == pytest.approx(4, abs=1)
    assert 15 < bar["length"] < 20
    assert bar["slant"] == bar["off center"] == 0
    assert (bar["pieces"], bar["holes"]) == (1, 0)


def test_a_stroke_that_leans_to_the_right_has_a_positive_slant():
    image = np.zeros((2, 20, 20), np.uint8)
    for row in range(4, 16):
        image[0, row, 15 - row // 2] = image[1, row, row // 2] = 255
    right, left = shape_attributes(image)["slant"]
    assert right == pytest.approx(math.degrees(math.atan(0.5)), abs=1.5) and left < 0


def test_blank_full_oblong_and_large_images_and_none_have_a_row_each():
    blank = shape_attributes(np.zeros((2, 9, 5), np.uint8))
    assert list(blank.columns) == list(COLUMNS) and (blank == 0).all(axis=None)
    full = shape_attributes(np.full((1, 8, 8), 255, np.uint8)).iloc[0]
    assert (full["ink"], full["area"], full["pieces"], full["holes"]) == (1, 64, 1, 0)
    assert len(shape_attributes(np.zeros((0, 28, 28), np.uint8))) == 0
    large = np.zeros((1, 64, 90))
    large[0, 10:50, 40:48] = 1.0
    assert shape_attributes(large)["thickness"][0] == pytest.approx(8, abs=0.6)


def test_many_images_are_measured_like_few(small):
    images = np.tile(small.testing.images, (3, 1, 1))
    table = shape_attributes(images)
    assert len(table) == 3 * len(small.testing)
    again = shape_attributes(small.testing.images)
    np.testing.assert_allclose(table[-len(again) :], again, atol=1e-5)
