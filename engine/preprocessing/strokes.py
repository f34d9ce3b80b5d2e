"""Draws a pen's strokes, kept as points in a square from 0 to 1, as a picture of bright ink."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from engine.preprocessing.size_normalization import Form, ink_box
from engine.runtime.limits import MAX_STROKES, MOST_POINTS

PAD_SIDE = 280  # pixels of the drawing as a picture
PEN = 20 / 280  # the pen's usual width as a share of the pad: MNIST's ink at MNIST's size
PEN_RANGE = (0.02, 0.2)  # narrower is lost at 28 pixels, wider fills the loops of an 8
DRAWN, FINE = 3, 8  # painted this many times larger, then reduced: Pillow's lines have hard edges

Point = tuple[float, float]


@dataclass(frozen=True)
class Stroke:
    """One pen-down to pen-up: its points (x, y) in 0..1 and the pen's width in the same unit."""

    points: tuple[Point, ...]
    pen: float = PEN


def read_strokes(raw: object) -> tuple[Stroke, ...]:
    """Strokes from what a browser sent: ``[{"pen": 0.07, "points": [[x, y], …]}, …]``.

    Anything may arrive here. Points outside are moved to the edge; points that are no numbers,
    strokes without points and everything past 200 strokes or 6,000 points are left out.
    """
    strokes, room = [], MOST_POINTS
    for item in raw[:MAX_STROKES] if isinstance(raw, list) else []:
        if not isinstance(item, dict) or not isinstance(item.get("points"), list):
            continue
        points = tuple(point for each in item["points"][:room] if (point := _point(each)))
        if points:
            room -= len(points)
            strokes.append(Stroke(points, _number(item.get("pen"), *PEN_RANGE) or PEN))
    return tuple(strokes)


def left_out(raw: object) -> str:
    """What `read_strokes` leaves out of a drawing that is too long, in a sentence; '' for none."""
    lines = [item for item in raw if isinstance(item, dict)] if isinstance(raw, list) else []
    points = sum(len(one["points"]) for one in lines if isinstance(one.get("points"), list))
    if len(lines) <= MAX_STROKES and points <= MOST_POINTS:
        return ""
    return (
        f"The drawing has {len(lines):,} strokes and {points:,} points; of these the first "
        f"{MAX_STROKES} strokes and {MOST_POINTS:,} points are taken."
    )


def _point(raw: object) -> Point | None:
    """A point moved into the square, or None when it is no pair of finite numbers."""
    if not isinstance(raw, list | tuple) or len(raw) != 2:
        return None
    x, y = (_number(value, 0.0, 1.0) for value in raw)
    return None if x is None or y is None else (x, y)


def _number(raw: object, least: float, most: float) -> float | None:
    """A finite number held between two others, or None."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    return min(max(float(raw), least), most) if abs(raw) < 1e6 else None  # NaN fails this, too


def draw(strokes: tuple[Stroke, ...], side: int = PAD_SIDE) -> np.ndarray:
    """The strokes as they lie on the pad: ``uint8`` (side, side), ink 255 on 0."""
    lines = [(np.array(stroke.points) * side, stroke.pen * side) for stroke in strokes]
    return _paint(lines, side, side, DRAWN)


def redraw(strokes: tuple[Stroke, ...], form: Form) -> np.ndarray:
    """The strokes fitted into the box with the pen the dataset was written with.

    A small drawing enlarged as pixels has fat lines, a large one thin lines. Points enlarge
    without that: every line is ``form.pen`` wide, whatever pen was set. Returns only the rectangle
    with the ink, at most ``form.box`` on its longer side.
    """
    pen = min(form.pen, form.box / 3)
    every = np.array([point for stroke in strokes for point in stroke.points])
    low, extent = every.min(axis=0), np.ptp(every, axis=0)
    scale = (form.box - pen) / max(extent.max(), PEN)  # a single dot stays a dot
    lines = [((np.array(stroke.points) - low) * scale + pen / 2, pen) for stroke in strokes]
    columns, rows = (math.ceil(size * scale + pen - 1e-9) for size in extent)
    ink = _paint(lines, rows, columns, FINE)
    top, left, bottom, right = ink_box(ink)
    return ink[top:bottom, left:right]


def _paint(lines: list[tuple[np.ndarray, float]], rows: int, columns: int, fine: int) -> np.ndarray:
    """Round-capped lines with soft edges; points (count, 2) and widths are in pixels."""
    picture = Image.new("L", (columns * fine, rows * fine))
    pen = ImageDraw.Draw(picture)
    for points, width in lines:
        dots = [tuple(dot) for dot in (points * fine).tolist()]
        pen.line(dots, fill=255, width=max(1, round(width * fine)), joint="curve")
        radius = width * fine / 2
        for x, y in (dots[0], dots[-1]):
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(picture.reduce(fine))
