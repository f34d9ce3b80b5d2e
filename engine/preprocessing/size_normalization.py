"""Puts ink into a dataset's frame: cropped, fitted into a box, centre of mass on one pixel."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PIL import Image

SAMPLE = 2_000  # training images looked at, evenly spread, to learn a dataset's form
STROKE_BOXES = 2.4  # a digit's strokes are about this many boxes long, so ink / length = pen width
FAINT_EDGE = 0.3  # of full ink: where a resized photograph's ink begins when its box is looked for


@dataclass(frozen=True)
class Form:
    """How a dataset's images were made: frame, box, centre, stroke width and widest shape.

    ``rows`` and ``columns`` of the frame; ``box`` is the longer side of the ink in pixels;
    ``centre`` is the (row, column) index of the centre of mass; ``pen`` the average stroke width in
    pixels; ``widest`` the largest width / height of any image looked at. MNIST measures
    28, 28, 20, (14, 14), its authors' own recipe (LeCun, Cortes and Burges, 1998).
    """

    rows: int
    columns: int
    box: int
    centre: tuple[float, float]
    pen: float
    widest: float


MNIST_FORM = Form(28, 28, 20, (14.0, 14.0), 2.1, 2.5)


def form_of(images: np.ndarray) -> Form:
    """The form of images ``uint8`` (count, rows, columns), measured on 2,000 spread evenly.

    Blank images are left out. With none left, MNIST's form scaled to the frame is returned.
    """
    _, rows, columns = images.shape
    sample = images[:: max(1, len(images) // SAMPLE)]
    sample = sample[sample.any(axis=(1, 2))]
    if not len(sample):
        return scaled_form(rows, columns)
    heights, widths = _extent(sample.any(axis=2)), _extent(sample.any(axis=1))
    box = int(np.median(np.maximum(heights, widths)))
    mass = sample.sum(axis=(1, 2), dtype=np.int64)
    down = (sample.sum(axis=2, dtype=np.int64) * np.arange(rows)).sum(axis=1) / mass
    right = (sample.sum(axis=1, dtype=np.int64) * np.arange(columns)).sum(axis=1) / mass
    centre = tuple(float(round(2 * np.median(middle)) / 2) for middle in (down, right))
    pen = float(mass.mean() / 255 / (STROKE_BOXES * box))
    return Form(rows, columns, box, centre, pen, float((widths / heights).max()))


def scaled_form(rows: int, columns: int) -> Form:
    """MNIST's form at another frame size: everything in proportion to the shorter side."""
    scale = min(rows, columns) / MNIST_FORM.rows
    box = max(1, round(MNIST_FORM.box * scale))
    return Form(rows, columns, box, (rows / 2, columns / 2), MNIST_FORM.pen * scale, 2.5)


def _extent(any_ink: np.ndarray) -> np.ndarray:
    """Length from the first to the last True along the last axis."""
    length = any_ink.shape[-1]
    return length - any_ink.argmax(axis=-1) - any_ink[..., ::-1].argmax(axis=-1)


class Box(NamedTuple):
    """A part of a picture; ``bottom`` and ``right`` lie just outside."""

    top: int
    left: int
    bottom: int
    right: int


def ink_box(ink: np.ndarray, faintest: int = 1) -> Box:
    """The box of all ink at least ``faintest``; the whole picture when none is."""
    marked = ink >= faintest
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    if not len(rows):
        return Box(0, 0, *ink.shape)
    return Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)


def crop(ink: np.ndarray, form: Form) -> np.ndarray:
    """The smallest rectangle with all the ink.

    A picture at most twice as large as the frame counts its faintest pixel as ink, as MNIST does;
    in a large one the soft edges of strokes are not allowed to widen the box.
    """
    small = max(ink.shape) <= 2 * max(form.rows, form.columns)
    top, left, bottom, right = ink_box(ink, 1 if small else round(255 * FAINT_EDGE))
    return ink[top:bottom, left:right]


def fit(ink: np.ndarray, form: Form) -> np.ndarray:
    """The ink with its longer side ``form.box`` pixels, aspect kept, anti-aliased.

    Ink that already has the size comes back untouched, bit for bit.
    """
    scale = form.box / max(ink.shape)
    size = [max(1, round(side * scale)) for side in ink.shape]
    return resize(ink, *size)


def resize(ink: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """The picture at another size by area-weighted (bilinear, anti-aliased) resampling."""
    if ink.shape == (rows, columns):
        return ink
    return np.asarray(Image.fromarray(ink).resize((columns, rows), Image.Resampling.BILINEAR))


def middle(ink: np.ndarray) -> tuple[float, float]:
    """Centre of mass as (row, column) index; the geometric middle for a blank picture."""
    from scipy import ndimage

    if not ink.any():
        return (ink.shape[0] - 1) / 2, (ink.shape[1] - 1) / 2
    down, right = ndimage.center_of_mass(ink)
    return float(down), float(right)


def place(ink: np.ndarray, form: Form, by_mass: bool = True) -> np.ndarray:
    """The ink in the dataset's frame: by its centre of mass, or by the middle of its rectangle.

    The shift is rounded to whole pixels (half to even) and then held back so that no ink leaves
    the frame: a top-heavy 7 would otherwise lose its foot.
    """
    frame = np.zeros((form.rows, form.columns), np.uint8)
    ink = ink[: form.rows, : form.columns]
    offsets = []
    for at, size, room, goal in zip(middle(ink), ink.shape, frame.shape, form.centre, strict=True):
        wanted = goal - at if by_mass else (room - size) / 2
        offsets.append(int(np.clip(np.round(wanted), 0, room - size)))
    top, left = offsets
    frame[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return frame
