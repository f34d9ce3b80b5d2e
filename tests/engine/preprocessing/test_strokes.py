"""Strokes: what a browser sends, and the picture Pillow draws of it."""

import numpy as np
import pytest

from engine.preprocessing.size_normalization import MNIST_FORM, ink_box
from engine.preprocessing.strokes import (
    MAX_STROKES,
    MOST_POINTS,
    PEN,
    PEN_RANGE,
    Stroke,
    draw,
    read_strokes,
    redraw,
)
from tests.support.drawn_digits import PENS, drawn

BAR = Stroke(((0.5, 0.2), (0.5, 0.8)))
SEVEN = (Stroke(((0.3, 0.2), (0.7, 0.2), (0.4, 0.8))),)


def test_a_stroke_covers_its_length_and_its_pen():
    top, left, bottom, right = ink_box(draw((BAR,)), 128)
    assert abs((bottom - top) - (0.6 * 280 + 20)) <= 2
    assert abs((right - left) - 20) <= 2


def test_the_area_of_a_stroke_is_that_of_a_rounded_bar():
    area = draw((BAR,)).sum() / 255
    assert area == pytest.approx(0.6 * 280 * 20 + np.pi * 10**2, rel=0.03)


def test_a_dot_is_a_disc():
    assert draw((Stroke(((0.5, 0.5),)),)).sum() / 255 == pytest.approx(np.pi * 100, rel=0.06)


def test_nothing_drawn_is_blank():
    assert not draw(()).any()


@pytest.mark.parametrize("shrink", [1.0, 0.4, 0.15])
def test_a_steady_pen_draws_a_small_digit_as_a_large_one(shrink):
    small = tuple(
        Stroke(tuple((0.1 + x * shrink, 0.7 * (1 - shrink) + y * shrink) for x, y in stroke.points))
        for stroke in SEVEN
    )
    assert np.abs(redraw(small, MNIST_FORM).astype(int) - redraw(SEVEN, MNIST_FORM)).mean() < 3


@pytest.mark.parametrize("pen", [PEN_RANGE[0], PEN, PEN_RANGE[1]])
def test_a_redrawn_digit_fills_the_box_whatever_the_pen(pen):
    ink = redraw(tuple(Stroke(stroke.points, pen) for stroke in SEVEN), MNIST_FORM)
    assert max(ink.shape) == MNIST_FORM.box


@pytest.mark.parametrize("pen", PENS.values())
def test_a_steady_pen_is_as_wide_as_the_datasets_whatever_the_pen(pen):
    line = (Stroke(((0.2, 0.2), (0.2, 0.8)), pen),)
    ink = redraw(line, MNIST_FORM)
    straight = ink[5:-5]  # without the round caps
    assert straight.sum(axis=1) / 255 == pytest.approx(MNIST_FORM.pen, abs=0.15)


def test_the_pen_decides_nothing_for_any_digit():
    usual = {digit: redraw(strokes, MNIST_FORM) for digit, strokes in drawn("usual", PEN).items()}
    for pen in PENS.values():
        for digit, strokes in drawn("usual", pen).items():
            assert np.array_equal(redraw(strokes, MNIST_FORM), usual[digit])


def test_strokes_survive_the_journey():
    raw = [{"pen": 0.1, "points": [[0.25, 0.5], [0.5, 0.75]]}]
    assert read_strokes(raw) == (Stroke(((0.25, 0.5), (0.5, 0.75)), 0.1),)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "strokes",
        7,
        {},
        [None],
        [{}],
        [{"points": "x"}],
        [{"points": [[1]]}],
        [{"points": [["a", "b"]]}],
        [{"points": [[float("nan"), 0.1]]}],
        [{"points": [[True, 1]]}],
        [{"points": [[10**400, 0.1]]}],
        [{"points": []}],
    ],
)
def test_what_is_no_stroke_is_left_out(raw):
    assert read_strokes(raw) == ()


def test_points_outside_are_moved_to_the_edge_and_pens_into_their_range():
    (stroke,) = read_strokes([{"pen": 99, "points": [[-3, 7]]}])
    assert stroke == Stroke(((0.0, 1.0),), PEN_RANGE[1])


def test_endless_strokes_are_cut_off():
    raw = [{"points": [[0.5, 0.5]] * 1000}] * (MAX_STROKES + 5)
    strokes = read_strokes(raw)
    assert sum(len(stroke.points) for stroke in strokes) == MOST_POINTS
    assert len(read_strokes([{"points": [[0, 0]]}] * 999)) == MAX_STROKES
