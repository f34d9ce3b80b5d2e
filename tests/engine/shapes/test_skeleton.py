"""Thinning, lengths and distances, each beside scikit-image and scipy."""

import numpy as np
import pytest
from scipy import ndimage
from skimage.morphology import thin

from engine.shapes.skeleton import lengths, mean_distances, thinned


@pytest.fixture(params=["digits", "blots", "oblong", "one"])
def ink(request, mnist_like):
    random = np.random.default_rng(0)
    if request.param == "digits":
        return mnist_like
    shape = {"blots": (70, 24, 24), "oblong": (65, 9, 31), "one": (1, 12, 12)}[request.param]
    soft = ndimage.gaussian_filter(random.random(shape), (0, 1.5, 1.5))
    return soft > np.median(soft)


@pytest.fixture
def mnist_like(small):
    return np.repeat(np.repeat(small.testing.images[:130] > 100, 3, axis=1), 3, axis=2)


def test_images_are_thinned_as_guo_and_hall_do_it(ink):
    found = thinned(ink)
    assert found.dtype == bool and found.shape == ink.shape
    for image, line in zip(ink, found, strict=True):
        np.testing.assert_array_equal(line, thin(image))


def test_a_line_has_the_length_of_its_steps():
    line = np.zeros((3, 6, 6), bool)
    line[0, 2, 1:5] = True  # three steps along
    line[1, range(5), range(5)] = True  # four across
    line[2, 0, 0] = True
    assert lengths(line) == pytest.approx([3, 4 * np.sqrt(2), 0])


def test_the_mean_distance_to_the_paper_is_euclidean(ink):
    lines = thinned(ink)
    found = mean_distances(ink, lines)
    for image, line, mean in zip(ink, lines, found, strict=True):
        apart = ndimage.distance_transform_edt(np.pad(image, 1))[1:-1, 1:-1]
        assert mean == pytest.approx(apart[line].mean() if line.any() else 0)


def test_an_image_full_of_ink_and_a_blank_one_have_a_distance_too():
    ink = np.stack([np.ones((7, 7), bool), np.zeros((7, 7), bool)])
    assert mean_distances(ink, ink).tolist() == [pytest.approx(84 / 49), 0]
