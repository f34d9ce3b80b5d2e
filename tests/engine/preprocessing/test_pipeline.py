"""Preparation: a picture of a digit comes out in the dataset's form, or is refused in words."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from PIL import Image
from scipy.sparse.csgraph import connected_components
from sklearn.datasets import load_digits

from engine.models.templates import distances, mean_templates
from engine.preprocessing import foreground, size_normalization
from engine.preprocessing.ink_checks import Rejection, is_several
from engine.preprocessing.pipeline import (
    FLATTENED,
    INVERTED,
    STEADY,
    STEPS,
    prepare,
)
from engine.preprocessing.size_normalization import MNIST_FORM, form_of
from engine.preprocessing.strokes import Stroke, draw

SEVEN = (Stroke(((0.25, 0.15), (0.75, 0.15), (0.4, 0.85))),)
EIGHTS = np.round(load_digits().images * 255 / 16).astype(np.uint8)


def moved(strokes: tuple[Stroke, ...], scale: float, x: float, y: float) -> tuple[Stroke, ...]:
    return tuple(
        Stroke(tuple((x + scale * a, y + scale * b) for a, b in stroke.points), stroke.pen)
        for stroke in strokes
    )


def photograph(picture: np.ndarray, seed: int = 0) -> np.ndarray:
    """The bright ink as dark ink on grey paper, lit from one side, with a shadow and grain."""
    random = np.random.default_rng(seed)
    slope = np.linspace(210, 140, picture.shape[1])[None, :]
    shadow = np.where(np.arange(picture.shape[1]) < picture.shape[1] // 3, 0.65, 1.0)[None, :]
    light = slope * shadow * (1 - 0.75 * picture / 255)
    return np.clip(light + random.normal(0, 5, picture.shape), 0, 255).astype(np.uint8)


def test_mnist_digits_come_back_bit_for_bit(mnist):
    form = form_of(mnist.training.images)
    assert (form.rows, form.columns, form.box, form.centre) == (28, 28, 20, (14.0, 14.0))
    images = mnist.testing.images[::10]
    assert len(images) == 1000
    assert all(np.array_equal(prepare(image, form).image, image) for image in images)


def test_mnist_digits_drawn_small_anywhere_are_answered_as_well_as_centred_ones(mnist):
    templates = mean_templates(mnist.training.images, mnist.training.labels)
    random, ready = np.random.default_rng(7), {"plain": [], "prepared": [], "centred": []}
    for image in mnist.testing.images[::20]:
        small = Image.fromarray(image).resize((140, 140), Image.Resampling.BILINEAR)
        pad = np.zeros((280, 280), np.uint8)
        top, left = random.integers(0, 141, 2)
        pad[top : top + 140, left : left + 140] = small
        ready["plain"].append(prepare(pad, MNIST_FORM, STEPS).image)
        ready["prepared"].append(prepare(pad, MNIST_FORM).image)
        ready["centred"].append(image)
    right = {
        name: (distances(np.stack(images), templates).argmin(1) == mnist.testing.labels[::20]).sum()
        for name, images in ready.items()
    }
    assert right["prepared"] >= right["centred"] > 4 * right["plain"]


def test_hardly_any_mnist_digit_is_called_several_or_too_wide(mnist):
    images = mnist.testing.images[::5]
    assert sum(prepare(image, MNIST_FORM).rejection is not None for image in images) <= 10


def test_the_form_of_eight_by_eight_digits_is_measured_not_assumed():
    form = form_of(EIGHTS)
    assert (form.rows, form.columns, form.box, form.centre) == (8, 8, 8, (3.5, 3.5))


def test_eight_by_eight_digits_enlarged_and_moved_are_answered_as_well_as_before():
    form, labels = form_of(EIGHTS), load_digits().target
    templates = np.stack([EIGHTS[labels == digit].mean(axis=0) for digit in range(10)])
    right = {"before": 0, "after": 0}
    for image, digit in zip(EIGHTS[::5], labels[::5], strict=True):
        large = np.asarray(Image.fromarray(image).resize((96, 96), Image.Resampling.NEAREST))
        after = prepare(np.pad(large, ((90, 94), (30, 154))), form).image
        for name, ready in (("before", image), ("after", after)):
            right[name] += np.abs(ready - templates).mean(axis=(1, 2)).argmin() == digit
    assert right["after"] >= 0.9 * right["before"] > 200


def test_a_form_without_images_is_mnists_scaled():
    form = form_of(np.zeros((3, 14, 14), np.uint8))
    assert (form.box, form.centre) == (10, (7.0, 7.0))


@pytest.mark.parametrize(("scale", "x", "y"), [(1, 0, 0), (0.3, 0.02, 0.66), (0.5, 0.45, 0.1)])
def test_a_drawing_is_the_same_wherever_and_however_large_it_was_drawn(scale, x, y):
    drawing = moved(SEVEN, scale, x, y)
    ready = prepare(draw(drawing), MNIST_FORM, strokes=drawing)
    whole = prepare(draw(SEVEN), MNIST_FORM, strokes=SEVEN)
    assert ready.rejection is None
    assert np.abs(ready.image.astype(int) - whole.image).mean() < 3


def test_the_centre_of_mass_lands_within_half_a_pixel_of_fourteen():
    image = prepare(draw(SEVEN), MNIST_FORM).image
    middle = [np.average(np.arange(28), weights=image.sum(axis=axis)) for axis in (1, 0)]
    assert np.abs(np.subtract(middle, 14)).max() <= 0.5


def test_no_ink_is_pushed_out_however_top_heavy():
    flag = np.zeros((60, 60), np.uint8)
    flag[5:12, 10:50] = 255
    flag[12:55, 48:50] = 255
    ready = prepare(flag, MNIST_FORM)
    before = next(step.picture for step in ready.steps if step.name == "Fitted")
    assert ready.image.sum() == before.sum()


@pytest.mark.parametrize("invert", [False, True])
def test_a_photograph_with_a_shadow_is_prepared_like_its_drawing(invert):
    drawing = draw(SEVEN)
    shot = photograph(drawing)
    ready = prepare(255 - shot if invert else shot, MNIST_FORM)
    assert ready.rejection is None
    clean = prepare(drawing, MNIST_FORM).image
    assert np.corrcoef(ready.image.ravel(), clean.ravel())[0, 1] > 0.95


def test_colours_become_their_brightness():
    colour = np.dstack([255 - draw(SEVEN)] * 3)
    ready = prepare(colour, MNIST_FORM)
    assert [step.name for step in ready.steps][:2] == ["As it came", "Grey"]
    assert np.array_equal(ready.image, prepare(draw(SEVEN), MNIST_FORM).image)


@pytest.mark.parametrize("step", STEPS)
def test_every_step_can_be_left_out_and_says_so(step):
    ready = prepare(255 - draw(SEVEN), MNIST_FORM, without={step}, strokes=SEVEN)
    left_out = [each.name for each in ready.steps if not each.on]
    assert left_out == [step]
    assert ready.image.shape == (28, 28) and ready.image.dtype == np.uint8


def test_without_any_step_this_is_a_plain_resize():
    picture = photograph(draw(SEVEN))
    plain = Image.fromarray(picture).resize((28, 28), Image.Resampling.BILINEAR)
    assert np.array_equal(prepare(picture, MNIST_FORM, STEPS).image, np.asarray(plain))


def test_a_faint_pencil_on_clean_paper_is_darkened():
    faint = (draw(SEVEN) // 4).astype(np.uint8)
    assert (
        np.corrcoef(
            prepare(faint, MNIST_FORM).image.ravel(), prepare(draw(SEVEN), MNIST_FORM).image.ravel()
        )[0, 1]
        > 0.99
    )


def test_dust_does_not_widen_the_box_of_a_photograph():
    dusty = draw(SEVEN).copy()
    dusty[270:273, 5:8] = 255
    shot = prepare(photograph(dusty), MNIST_FORM).image
    clean = prepare(photograph(draw(SEVEN)), MNIST_FORM).image
    assert np.abs(shot.astype(int) - clean).mean() < 4


def rejection(picture: np.ndarray) -> Rejection | None:
    return prepare(picture, MNIST_FORM).rejection


@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (280, 280), (3, 100)])
@pytest.mark.parametrize("shade", [0, 7, 255])
def test_a_blank_picture_is_called_blank(shape, shade):
    assert rejection(np.full(shape, shade, np.uint8)) is Rejection.BLANK


@pytest.mark.parametrize("grain", [1, 3, 6, 10])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_photograph_of_empty_paper_is_called_too_faint(grain, seed):
    random = np.random.default_rng(seed)
    paper = np.linspace(120, 200, 280)[:, None] + random.normal(0, grain, (280, 280))
    assert rejection(np.clip(paper, 0, 255).astype(np.uint8)) is Rejection.FAINT


@pytest.mark.parametrize("shape", [(280, 280), (100, 100, 3)])
def test_noise_all_over_is_called_grainy_and_not_faint(shape):
    noise = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    assert rejection(noise) is Rejection.GRAINY


@pytest.mark.parametrize(
    ("size", "came", "said"),
    [
        ((300, 150), None, "150 × 300 pixels, reduced to 140 × 280"),
        ((280, 280), (300, 300), "300 × 300 pixels, reduced to 280 × 280"),
        ((60, 50), (60, 50), "50 × 60 pixels"),
    ],
)
def test_the_size_is_said_as_the_picture_came(size, came, said):
    picture = np.zeros(size, np.uint8)
    picture[10:20, 10:12] = 255
    assert prepare(picture, MNIST_FORM, came=came).steps[0].said == said


def test_a_dot_is_called_a_dot():
    dot = np.zeros((280, 280), np.uint8)
    dot[100:110, 50:60] = 255
    assert rejection(dot) is Rejection.DOT


def test_two_digits_side_by_side_are_called_several_but_a_five_with_its_roof_off_is_not():
    two = moved(SEVEN, 0.45, 0.0, 0.25) + moved(SEVEN, 0.45, 0.5, 0.25)
    assert rejection(draw(two)) is Rejection.SEVERAL
    above = moved(SEVEN, 0.45, 0.25, 0.0) + moved(SEVEN, 0.45, 0.25, 0.5)
    assert rejection(draw(above)) is Rejection.SEVERAL
    roof = Stroke(((0.45, 0.12), (0.75, 0.12)))
    belly = Stroke(((0.35, 0.25), (0.35, 0.5), (0.65, 0.5), (0.7, 0.7), (0.35, 0.85)))
    assert rejection(draw((roof, belly))) is None


def test_a_long_dash_is_called_too_wide():
    assert rejection(draw((Stroke(((0.1, 0.5), (0.9, 0.5))),))) is Rejection.WIDE


def test_the_pieces_are_those_of_a_graph_of_neighbours():
    random = np.random.default_rng(3)
    for share in (0.2, 0.35, 0.6):
        mask = random.random((40, 50)) < share
        labels, sizes = foreground.pieces(mask)
        ink = np.argwhere(mask)
        near = np.abs(ink[:, None] - ink[None]).max(axis=2) <= 1
        count, theirs = connected_components(near)
        assert len(sizes) == count and sorted(sizes) == sorted(np.bincount(theirs))
        assert len(set(zip(labels[mask].tolist(), theirs.tolist(), strict=True))) == count
        assert not labels[~mask].any()


def test_no_ink_has_no_pieces():
    labels, sizes = foreground.pieces(np.zeros((4, 4), bool))
    assert len(sizes) == 0 and not labels.any() and not is_several(np.zeros((4, 4), np.uint8))


def test_the_paper_is_opened_through_a_window_of_a_fifth_of_the_longer_side():
    grey = np.random.default_rng(5).integers(0, 255, (41, 63)).astype(np.uint8)
    lowest = sliding_window_view(np.pad(grey, 6, "edge"), (13, 13)).min(axis=(2, 3))
    opened = sliding_window_view(np.pad(lowest, 6, "edge"), (13, 13)).max(axis=(2, 3))
    assert 2 * (63 // foreground.EVEN_WINDOW // 2) + 1 == 13
    assert np.array_equal(foreground._opened(grey), opened)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (2, 3), (700, 15)])
def test_odd_shapes_are_answered_not_crashed_on(shape):
    noise = np.random.default_rng(1).integers(0, 255, shape).astype(np.uint8)
    assert prepare(noise, MNIST_FORM).image.shape == (28, 28)
    assert prepare(noise, size_normalization.scaled_form(8, 8), STEPS).image.shape == (8, 8)


def test_leaving_out_a_step_shows_what_it_is_worth():
    dark = 255 - draw(moved(SEVEN, 0.4, 0.05, 0.5))
    assert prepare(dark, MNIST_FORM, {INVERTED, FLATTENED}).image.mean() > 100
    fat = prepare(dark, MNIST_FORM, {STEADY}, strokes=moved(SEVEN, 0.4, 0.05, 0.5)).image
    slim = prepare(dark, MNIST_FORM, strokes=moved(SEVEN, 0.4, 0.05, 0.5)).image
    assert fat.sum() > 1.3 * slim.sum()
