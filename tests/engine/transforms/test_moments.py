"""Position, slant and size against scipy, and against ellipses whose moments are known."""

import time

import numpy as np
import pytest
from scipy import ndimage

from engine.transforms.moments import CenterByMass, Deskew, MomentSize, moments, moved, rows_at

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.random((60, 11, 14)) ** 4


def blob(slant: float, rows: float = 2.5, columns: float = 1.5, at=(14.5, 12.9), side: int = 28):
    """A Gaussian of that slant and of these standard deviations, before it is made slanted."""
    i, j = (grid - center for grid, center in zip(np.mgrid[:side, :side], at, strict=True))
    return np.exp(-0.5 * ((i / rows) ** 2 + ((j - slant * i) / columns) ** 2))


def sampled(image, row, column):
    """scipy's bilinear sampling, zero outside."""
    return ndimage.map_coordinates(image, [row, column], order=1, mode="grid-constant")


def test_the_moments_are_numpys():
    i, j = np.mgrid[:11, :14]
    of = moments(IMAGES)
    for place, image in enumerate(IMAGES):
        wanted = np.cov(i.ravel(), j.ravel(), aweights=image.ravel(), ddof=0)
        assert np.allclose(of.row[place], ndimage.center_of_mass(image)[0])
        assert np.allclose(of.column[place], ndimage.center_of_mass(image)[1])
        got = of.rows[place], of.columns[place], of.both[place]
        assert np.allclose(got, (wanted[0, 0], wanted[1, 1], wanted[0, 1]))


def test_deskewing_is_the_sheared_sampling_of_scipy():
    i, j = np.mgrid[:11, :14]
    changed = Deskew().fit_transform(IMAGES)
    for image, got in zip(IMAGES, changed, strict=True):
        row, column = ndimage.center_of_mass(image)
        spread = np.cov(i.ravel(), j.ravel(), aweights=image.ravel(), ddof=0)
        slant = spread[0, 1] / spread[0, 0]
        wanted = sampled(image, i - 5 + row, j - 6.5 + column + slant * (i - 5))
        assert np.allclose(got, wanted, atol=1e-9)


def test_scaling_and_shifting_are_the_bilinear_sampling_of_scipy():
    i, j = np.mgrid[:11, :14]
    for image, got in zip(IMAGES, MomentSize().fit_transform(IMAGES), strict=True):
        row, column = ndimage.center_of_mass(image)
        spread = np.cov(i.ravel(), j.ravel(), aweights=image.ravel(), ddof=0)
        down = np.sqrt(spread[0, 0]) / (4.5 / 28 * 11)
        along = np.sqrt(spread[1, 1]) / (3.5 / 28 * 14)
        wanted = sampled(image, row + down * (i - 5), column + along * (j - 6.5))
        assert np.allclose(got, wanted, atol=1e-9)
    for image, got in zip(IMAGES, CenterByMass().fit_transform(IMAGES), strict=True):
        row, column = ndimage.center_of_mass(image)
        assert np.allclose(got, sampled(image, i - 5 + row, j - 6.5 + column), atol=1e-9)


@pytest.mark.parametrize("slant", [-0.7, -0.2, 0, 0.4])
def test_a_slanted_blob_is_made_upright_and_keeps_its_spread(slant):
    of = moments(Deskew().fit_transform(blob(slant)[None]))
    assert of.both[0] == pytest.approx(0, abs=0.01)  # rows move by one whole pixel
    assert (of.row[0], of.column[0]) == pytest.approx((13.5, 13.5), abs=0.01)
    assert np.sqrt(of.rows[0]) == pytest.approx(2.5, rel=0.04)
    assert np.sqrt(of.columns[0]) == pytest.approx(1.5, rel=0.08)  # between pixels it blurs a bit


@pytest.mark.parametrize(("rows", "columns"), [(3, 2), (2.5, 3), (4, 4)])
def test_the_size_comes_to_what_was_asked_for(rows, columns):
    of = moments(MomentSize().fit_transform(blob(0, rows, columns)[None]))
    assert np.sqrt(of.rows[0]) == pytest.approx(4.5, rel=0.03)
    assert np.sqrt(of.columns[0]) == pytest.approx(3.5, rel=0.03)


def test_no_side_is_stretched_more_than_asked_for():
    line = np.zeros((1, 28, 28))
    line[0, 4:24, 14] = 1
    line[0, 14, 13] = 1e-6  # a spread of next to nothing
    changed = MomentSize(most=2).fit_transform(line)[0]
    assert (changed.max(axis=0) > 0.01).sum() <= 4


def test_rows_and_places_beyond_the_image_are_paper():
    image = np.ones((1, 3, 3))
    at = np.array([[-2, -0.5, 0, 2.25, 9]])
    assert rows_at(image, at)[0, :, 0].tolist() == [0, 0.5, 1, 0.75, 0]
    by = np.array([[0, 0.25, 1e9]])
    assert moved(image, by)[0].tolist() == [[1, 1, 1], [1, 1, 0.75], [0, 0, 0]]


def test_ten_thousand_images_are_made_upright_in_a_second():
    images = np.random.default_rng(1).integers(0, 256, (10_000, 28, 28), np.uint8)
    started = time.process_time()
    Deskew().fit_transform(images)
    assert time.process_time() - started < 1
