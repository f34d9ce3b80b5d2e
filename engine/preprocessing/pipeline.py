"""Brings any picture of a digit into a dataset's form the way MNIST was made, step by step."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.preprocessing import as_prepared, clutter, foreground, size_normalization
from engine.preprocessing.ink_checks import Rejection, reject_ink
from engine.preprocessing.size_normalization import Form
from engine.preprocessing.strokes import Stroke, redraw

WORKING_SIDE = 280  # pixels: larger pictures are reduced to this first

CAME, GREY = "As it came", "Grey"
INVERTED, FLATTENED, CLEANED = "Inversion", "Even paper", "Full contrast"
CROPPED, STEADY, FITTED, CENTRED = "Cropped", "Steady pen", "Fitted", "Centred"
STEPS = (INVERTED, FLATTENED, CLEANED, CROPPED, STEADY, FITTED, CENTRED)

OFF = "left out"
ALREADY = "already in the data set's form"


@dataclass(frozen=True)
class Step:
    """One step: its name, the picture after it (``uint8``), what was done, and if it is on."""

    name: str
    picture: np.ndarray
    said: str
    on: bool = True


@dataclass(frozen=True)
class Prepared:
    """The steps in order, the last picture in the dataset's form, and what speaks against it.

    ``rejection`` is None when this may be one digit; else no answer is due.
    """

    steps: tuple[Step, ...]
    image: np.ndarray
    rejection: Rejection | None = None


def prepare(
    picture: np.ndarray,
    form: Form,
    without: Collection[str] = (),
    strokes: tuple[Stroke, ...] = (),
    in_pieces: bool = False,
    came: tuple[int, int] | None = None,
) -> Prepared:
    """The picture in the dataset's form, with every step on the way.

    ``picture`` is ``uint8`` (rows, columns) or (rows, columns, 3), at least one pixel. ``without``
    names steps of ``STEPS`` to leave out; without any of them this is a plain resize. ``strokes``
    are those the picture was drawn from, if it was: they can be fitted without fattening the pen.
    ``in_pieces`` says that one thing may have several large pieces, as a digit has not. ``came``
    are the rows and columns of the picture's file, where it was reduced since.
    """
    reduced = _reduced(as_prepared.reduced_exactly(picture, form))
    steps = [Step(CAME, reduced, _came(came or picture.shape[:2], reduced))]
    now, said = foreground.to_grey(reduced)
    if picture.ndim == 3:
        steps.append(Step(GREY, now, f"{said} only"))
    if not without and not strokes and as_prepared.is_prepared(now, form):
        bright, said = _bright(now, clean=True, drawn=False)
        steps.append(Step(INVERTED, bright, said))
        image = as_prepared.without_ringing(bright)
        return Prepared((*steps, Step(CENTRED, image, ALREADY)), image)
    clean, drawn = foreground.is_clean(now), bool(strokes)
    for name in (INVERTED, FLATTENED, CLEANED):
        before, said, wanted = now, OFF, name not in without
        if wanted:
            now, said = _LIGHT[name](now, clean, drawn)
        steps.append(Step(name, now, said, wanted))
    if FLATTENED in without:
        before = foreground.subtract_paper(before, clean)
    rejection = reject_ink(before, now, form, clean, in_pieces)
    steps += _framed(now, form, without, strokes)
    return Prepared(tuple(steps), steps[-1].picture, rejection)


def _reduced(picture: np.ndarray) -> np.ndarray:
    """The picture at 280 pixels a side at most."""
    longest = max(picture.shape[:2])
    if longest <= WORKING_SIDE:
        return picture
    rows, columns = (max(1, round(side * WORKING_SIDE / longest)) for side in picture.shape[:2])
    return np.asarray(Image.fromarray(picture).resize((columns, rows), Image.Resampling.BOX))


def _size(picture: np.ndarray) -> str:
    return f"{picture.shape[1]} × {picture.shape[0]} pixels"


def _came(size: tuple[int, int], reduced: np.ndarray) -> str:
    """The size as it came, and what it was reduced to."""
    if size == reduced.shape[:2]:
        return _size(reduced)
    return f"{size[1]} × {size[0]} pixels, reduced to {reduced.shape[1]} × {reduced.shape[0]}"


def _bright(grey: np.ndarray, clean: bool, drawn: bool) -> tuple[np.ndarray, str]:
    """Bright ink on dark, and whether that took an inversion."""
    if foreground.is_dark_ink(grey):
        return 255 - grey, "dark ink: inverted"
    return grey, "already bright on dark"


def _even(grey: np.ndarray, clean: bool, drawn: bool) -> tuple[np.ndarray, str]:
    """The ink without its paper, and how much that took away."""
    flat = foreground.subtract_paper(grey if clean else clutter.without_desk(grey), clean)
    if np.array_equal(flat, grey):
        return grey, "paper already even"
    return flat, f"{np.mean(grey.astype(int) - flat):.0f} of 255 taken away on average"


def _contrast(flat: np.ndarray, clean: bool, drawn: bool) -> tuple[np.ndarray, str]:
    """Full-strength ink on paper of exactly 0, and what that took.

    What is ``drawn`` on the pad has nothing around it: a scribble is no printed box.
    """
    strong = foreground.stretch(flat, clean)
    strong = strong if drawn else clutter.without_surroundings(strong)
    if strong is flat:
        return flat, "ink already strong"
    return strong, f"ink of {foreground.peak(flat, clean)[0]:.0f} stretched to 255"


_LIGHT = {INVERTED: _bright, FLATTENED: _even, CLEANED: _contrast}


def _framed(
    now: np.ndarray, form: Form, without: Collection[str], strokes: tuple[Stroke, ...]
) -> list[Step]:
    """The four steps of the frame: cropped, redrawn with a steady pen, fitted, centred."""
    steps, frame = [], (form.rows, form.columns)
    if cropped := CROPPED not in without:
        now = size_normalization.crop(now, form)
    steps.append(Step(CROPPED, now, _size(now) if cropped else OFF, cropped))
    fitted, drawn = FITTED not in without, bool(strokes) and cropped
    steady = drawn and fitted and STEADY not in without
    if strokes:
        now = redraw(strokes, form) if steady else now
        said = f"lines {form.pen:.1f} pixels wide" if steady else OFF
        steps.append(Step(STEADY, now, said, STEADY not in without))
    now = size_normalization.fit(now, form) if fitted else size_normalization.resize(now, *frame)
    said = f"{_size(now)}, box of {form.box}" if fitted else f"stretched to {_size(now)}"
    steps.append(Step(FITTED, now, said, fitted))
    centred = CENTRED not in without
    placed = size_normalization.place(now, form, by_mass=centred)
    down, right = size_normalization.middle(placed)
    said = f"centre of mass at {down:.1f} down, {right:.1f} right" if centred else OFF
    return [*steps, Step(CENTRED, placed, said, centred)]
