"""What if: each change against scipy's, and none of them changing anything at its default."""

import numpy as np
import pytest
from scipy import ndimage

from engine.preprocessing.perturbations import Edits, edited, read_pixels

SHAPE = (28, 28)


@pytest.fixture
def image() -> np.ndarray:
    blob = np.zeros(SHAPE, np.uint8)
    blob[8:20, 12:15] = 255
    blob[8:11, 12:20] = 180
    return blob


def test_no_edit_changes_nothing(image):
    assert np.array_equal(edited(image, Edits()), image)


@pytest.mark.parametrize(("right", "down"), [(3, 0), (0, -5), (-9, 12), (30, 0)])
def test_a_shift_is_scipys(image, right, down):
    theirs = ndimage.shift(image, (down, right), order=0)
    assert np.array_equal(edited(image, Edits(right=right, down=down)), theirs)


@pytest.mark.parametrize("turn", [90, 180, -90])
def test_a_quarter_turn_is_numpys(image, turn):
    theirs = np.rot90(image, -turn // 90)
    assert np.abs(edited(image, Edits(turn=turn)).astype(int) - theirs).max() <= 1


def test_a_small_turn_is_scipys(image):
    theirs = ndimage.rotate(image.astype(float), -20, order=1, reshape=False)
    assert np.abs(edited(image, Edits(turn=20)) - theirs).mean() < 1


@pytest.mark.parametrize("size", [0.5, 1.5])
def test_ink_grows_with_the_square_of_the_size(image, size):
    grown = edited(image, Edits(size=size))
    assert grown.sum() == pytest.approx(image.sum() * size**2, rel=0.05)


def test_thickening_and_thinning_take_the_largest_or_least_of_five_neighbours(image):
    wide = np.pad(image, 1)
    five = [np.roll(wide, step, axis)[1:-1, 1:-1] for axis in (0, 1) for step in (-1, 0, 1)]
    thick, thin = np.max(five, axis=0), np.min(five, axis=0)
    assert np.array_equal(edited(image, Edits(weight=1)), thick)
    assert np.array_equal(edited(image, Edits(weight=-1)), thin)
    half = edited(image, Edits(weight=0.5)).astype(float)
    assert np.abs(half - (image.astype(float) + thick) / 2).max() <= 0.5


def test_a_blur_is_scipys_gaussian(image):
    theirs = ndimage.gaussian_filter(image.astype(float), 1.2, mode="constant")
    assert np.abs(edited(image, Edits(blur=1.2)) - theirs).mean() < 1.5


def test_noise_has_the_asked_for_spread_and_comes_again_with_its_seed():
    grey = np.full((200, 200), 128, np.uint8)
    noisy = edited(grey, Edits(noise=0.1, seed=4))
    assert noisy.std() == pytest.approx(25.5, rel=0.03)
    assert np.array_equal(noisy, edited(grey, Edits(noise=0.1, seed=4)))
    assert not np.array_equal(noisy, edited(grey, Edits(noise=0.1, seed=5)))


def test_single_pixels_are_set_last(image):
    touched = edited(image, Edits(right=3, pixels=((0, 200), (783, 7))))
    assert (touched[0, 0], touched[27, 27]) == (200, 7)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "x",
        {},
        [1],
        [[1]],
        [["0", 1]],
        [[-1, 3]],
        [[784, 3]],
        [[3, 256]],
        [[3.0, 2]],
        [[True, 2]],
    ],
)
def test_what_is_no_pixel_is_left_out(raw):
    assert read_pixels(raw, 784) == ()


def test_the_last_level_of_a_pixel_counts():
    assert read_pixels([[5, 1], [2, 9], [5, 255]], 784) == ((2, 9), (5, 255))
