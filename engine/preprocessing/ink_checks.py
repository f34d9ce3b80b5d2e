"""Why a picture's ink is not one digit: blank, faint, only grain, a dot, several, too wide."""

from enum import Enum, auto

import numpy as np

from engine.preprocessing import foreground, size_normalization
from engine.preprocessing.size_normalization import Form

LEAST_SHARE = 0.05  # ink shorter than this share of the picture's longer side is only a dot
BESIDE = 0.22  # a second piece this large, wholly beside the first, is a second digit
ABOVE = 0.7  # a second piece this large, wholly above or below, is one, too
WIDER = 1.15  # wider than the widest training image by this factor is no single digit


class Rejection(Enum):
    """Why no answer is due. The last two compare with a dataset: `engine.inference.rejection`."""

    BLANK = auto()
    FAINT = auto()
    GRAINY = auto()
    DOT = auto()
    SEVERAL = auto()
    WIDE = auto()
    FAR = auto()
    UNFAMILIAR = auto()


def reject_ink(
    before: np.ndarray, cleaned: np.ndarray, form: Form, clean: bool, in_pieces: bool = False
) -> Rejection | None:
    """Why this ink is not one digit, or None; what is no digit may be ``in_pieces``.

    ``before`` is bright ink on even paper, ``cleaned`` the same with paper exactly 0, both
    ``uint8`` (rows, columns).
    """
    strongest, grain = foreground.peak(before, clean)
    if not before.any():
        return Rejection.BLANK
    if strongest < max(foreground.FAINT_PEAK, foreground.FAINT_NOISE * grain):
        return Rejection.GRAINY if grain >= foreground.SPECKS else Rejection.FAINT
    top, left, bottom, right = size_normalization.ink_box(
        cleaned, round(255 * size_normalization.FAINT_EDGE)
    )
    if max(bottom - top, right - left) <= LEAST_SHARE * max(cleaned.shape):
        return Rejection.DOT
    cut = cleaned[top:bottom, left:right]
    if not in_pieces and is_several(cut):
        return Rejection.SEVERAL
    return Rejection.WIDE if cut.shape[1] / cut.shape[0] > WIDER * form.widest else None


def is_several(cut: np.ndarray) -> bool:
    """Whether the ink falls into two pieces that are each large enough to be a digit.

    The second largest piece counts when it lies wholly beside the largest, is half as tall and has
    22 % of its area, or wholly above or below and 70 %: digits written in several strokes, such as
    a 5 with its roof set off, have smaller ones.
    """
    labels, sizes = foreground.pieces(foreground.small_mask(cut))
    if len(sizes) < 2:
        return False
    first, second = (1 + np.argsort(sizes)[::-1][:2]).tolist()
    share = sizes[second - 1] / sizes[first - 1]
    one, other = (
        size_normalization.ink_box((labels == label).astype(np.uint8)) for label in (first, second)
    )
    beside = one.right <= other.left or other.right <= one.left
    stacked = one.bottom <= other.top or other.bottom <= one.top
    tall = other.bottom - other.top >= (one.bottom - one.top) / 2
    return bool((beside and tall and share >= BESIDE) or (stacked and share >= ABOVE))
