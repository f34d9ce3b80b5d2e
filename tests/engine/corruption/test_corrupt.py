"""Corruptions beside scikit-image's, scipy's and closed forms."""

import numpy as np
import pytest
from scipy import ndimage, stats
from skimage.feature import canny
from skimage.transform import AffineTransform, warp

from engine.corruption.blurs import glass_blur
from engine.corruption.corrupt import corrupted
from engine.corruption.draws import Draws
from engine.corruption.edges import edges
from engine.corruption.filters import blurred
from engine.corruption.fog import SIDE, landscapes
from engine.corruption.kinds import KINDS, SEVERITIES

SIZES = [(8, 8), (28, 28), (20, 33), (64, 64)]
DARKER = [("brightness", 1), ("dotted_line", 1), ("zigzag", 1), ("scale", -1)]


def strokes(count: int, size: tuple[int, int] = (28, 28)) -> np.ndarray:
    """Smooth blots, uint8 (n, h, w)."""
    noise = np.random.default_rng(0).normal(size=(count, *size))
    soft = ndimage.gaussian_filter(noise, (0, *(max(size) / 14,) * 2))
    return np.uint8(255 * np.clip(soft / soft.std() - 0.5, 0, 1))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_any_size_stays_as_it_is_and_is_changed(kind, size):
    images = strokes(6, size)
    before = images.copy()
    for severity in SEVERITIES:
        made = corrupted(images, kind, severity)
        assert made.shape == images.shape and made.dtype == np.uint8
        assert (made != images).any()
    assert np.array_equal(images, before)


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_becomes_the_same_in_any_order_and_company(kind):
    images = strokes(40)
    whole = corrupted(images, kind, 3, seed=5)
    order = np.random.default_rng(1).permutation(40)[:17]
    assert np.array_equal(corrupted(images[order], kind, 3, 5, order), whole[order])
    assert np.array_equal(corrupted(images[7:8], kind, 3, 5, [7]), whole[7:8])


@pytest.mark.parametrize(
    "kind", sorted(set(KINDS) - {"scale", "brightness", "stripe", "canny_edges"})
)
def test_another_seed_and_another_place_make_another_image(kind):
    same = np.repeat(strokes(1), 40, axis=0)
    made = corrupted(same, kind, 3)
    assert (made != made[0]).any()
    assert (corrupted(same, kind, 3, seed=1) != made).any()


@pytest.mark.parametrize("kind", KINDS)
def test_no_image_and_a_blank_one_are_answered(kind):
    assert corrupted(np.zeros((0, 8, 8), np.uint8), kind, 1).shape == (0, 8, 8)
    assert corrupted(np.zeros((1, 8, 8), np.uint8), kind, 5).shape == (1, 8, 8)


def test_what_cannot_be_is_refused_with_what_was_found():
    with pytest.raises(ValueError, match="got 6"):
        corrupted(strokes(1), "shear", 6)
    with pytest.raises(ValueError, match="float64"):
        corrupted(strokes(1) / 255, "shear", 1)
    with pytest.raises(KeyError):
        corrupted(strokes(1), "rain", 1)


@pytest.mark.parametrize(("kind", "sign"), DARKER)
def test_the_ink_grows_or_shrinks_with_the_severity(kind, sign):
    images = strokes(50)
    ink = [corrupted(images, kind, severity).mean() for severity in SEVERITIES]
    assert (sign * np.diff([images.mean(), *ink]) > 0).all()


@pytest.mark.parametrize(
    ("kind", "asked"),
    [("shear", {"shear": 0.4}), ("rotate", {"rotation": 0.4}), ("translate", {})],
)
def test_moves_are_those_of_scikit_image(kind, asked):
    images, severity = strokes(30), 2 if asked else 3
    made = corrupted(images, kind, severity)
    for image, one in zip(images, made, strict=True):
        maps = (
            [about_the_middle(**{n: s * v for n, v in asked.items()}) for s in (-1, 1)]
            if asked
            else [AffineTransform(translation=(x, y)) for x in (-3, 3) for y in (-3, 3)]
        )
        wanted = [255 * warp(image / 255, inverse_map=one_map) for one_map in maps]
        assert min(np.abs(one - w).max() for w in wanted) < 0.51


def about_the_middle(**asked: float) -> AffineTransform:
    turn = AffineTransform(**asked)
    middle = np.full(2, 13.5)
    return AffineTransform(translation=-middle) + turn + AffineTransform(translation=middle)


def test_a_smaller_image_is_that_of_scipy():
    images = strokes(5)
    for image, made in zip(images, corrupted(images, "scale", 5), strict=True):
        wanted = ndimage.affine_transform(
            image.astype(float), np.eye(2) * 2, (-13.5, -13.5), order=1, mode="grid-constant"
        )
        assert np.abs(made - wanted).max() < 0.51


def test_edges_are_those_of_scikit_image():
    images = strokes(40)
    ours = edges(images)
    theirs = np.stack([canny(image / 255) for image in images])
    assert 0.02 < theirs.mean() < 0.3
    assert (ours == theirs).mean() > 0.999


def test_blurs_are_those_of_scipy():
    images = strokes(4).astype(np.float32)
    wanted = ndimage.gaussian_filter(images, (0, 1.3, 1.3), mode="nearest")
    assert np.allclose(blurred(images, 1.3), wanted, atol=0.01)


def test_counted_light_has_the_mean_and_the_variance_of_a_poisson_variable():
    images = np.full((400, 28, 28), 51, np.uint8)  # a fifth of full ink
    for severity, photons in zip(SEVERITIES, (60, 25, 12, 5, 3), strict=True):
        made = corrupted(images, "shot_noise", severity)
        counts = stats.poisson(photons / 5)
        wanted = np.minimum(np.arange(200) / photons, 1) @ counts.pmf(np.arange(200))
        assert abs(made.mean() / 255 - wanted) < 0.003
        assert abs((made == 0).mean() - counts.pmf(0)) < 0.005


def test_impulses_are_the_share_asked_for_and_more_are_added_to_fewer():
    images = np.full((200, 28, 28), 100, np.uint8)
    before = np.zeros(images.shape, bool)
    for severity, share in zip(SEVERITIES, (0.03, 0.06, 0.09, 0.17, 0.27), strict=True):
        made = corrupted(images, "impulse_noise", severity)
        assert abs((made == 0).mean() - share / 2) < 0.003
        assert abs((made == 255).mean() - share / 2) < 0.003
        assert (made[before] != 100).all()
        before = made != 100


def test_stripes_exchange_ink_and_paper_in_a_quarter_at_each_side():
    images = strokes(3)
    made = corrupted(images, "stripe", 3)
    assert np.array_equal(made[:, :, 7:21], images[:, :, 7:21])
    assert np.array_equal(made[:, :, :7], 255 - images[:, :, :7])
    assert np.array_equal(made[:, :, 21:], 255 - images[:, :, 21:])


def test_glass_without_blur_moves_pixels_and_loses_none():
    images = strokes(10)
    made = glass_blur(images, (1e-6, 2, 1), Draws((0,), np.arange(10)))
    assert (made != images).any()
    levels = (np.sort(some.reshape(10, -1)) for some in (made, images))
    assert np.array_equal(*levels)


def test_a_motion_keeps_the_ink_of_what_stays_within():
    images = np.zeros((30, 64, 64), np.uint8)
    images[:, 30:34, 30:34] = 240
    made = corrupted(images, "motion_blur", 1).astype(float)
    assert np.allclose(made.sum(axis=(1, 2)), images.sum(axis=(1, 2)), rtol=0.05)
    assert (made.max(axis=(1, 2)) < 240).all()


def test_the_landscape_without_chance_but_in_the_middle_is_the_one_worked_out_by_hand():
    numbers = np.full((1, SIDE, SIDE), 0.5)
    numbers[0, 16, 16] = 1.0  # one hill of height 1, paper all around: the edges meet
    land = landscapes(numbers.reshape(1, -1), 2.0)[0]
    assert land[16, 16] == 1 and land[0, 0] == 0
    assert land[0, 16] == land[16, 0] == 0.5  # two corners of 0 and, on both sides, the hill
    assert land[8, 8] == 0.5  # corners 0, 1/2, 1/2 and 1


@pytest.mark.parametrize("kind", ["dotted_line", "zigzag"])
def test_a_line_only_adds_ink_and_crosses_the_image(kind):
    made = corrupted(np.zeros((60, 28, 28), np.uint8), kind, 3)
    across = (made > 0).any(axis=1)
    assert across[:, 2:24].mean() > (0.4 if kind == "dotted_line" else 0.9)
    assert 0 < made.mean() < 60


def test_numbers_are_uniform():
    numbers = Draws((3,), np.arange(2_000)).uniform(5)
    assert stats.kstest(numbers.ravel(), "uniform").pvalue > 0.001
    assert abs(np.corrcoef(numbers.T)[0, 1]) < 0.1
