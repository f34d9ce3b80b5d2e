"""What stands in a picture beside the digit: the edge of a desk, a bar, a printed box."""

import numpy as np
from PIL import Image

from engine.preprocessing import foreground
from engine.preprocessing.size_normalization import ink_box

ALONG_BORDER = 0.2  # a piece along this share of the picture's border is its surroundings
SPANS = 0.8  # and so is one that touches the border and is this share of a side long,
SCRAP = 0.2  # or that has less than this share of the area of the largest piece within
AS_DARK = 0.65  # of the ink's contrast: a desk has at least this, a shadow less
FRAME_SIDE = 0.8  # each side of a printed box is inked along this share of its length
FRAME_BAND = 0.08  # and this share of its size is as far as its lines may stray
ENOUGH_INK = 0.003  # of the picture: less ink than this is not worth taking other ink away for


def without_surroundings(ink: np.ndarray) -> np.ndarray:
    """The ink without what comes in from the picture's border, and without a box round other ink.

    ``ink`` is ``uint8`` (rows, columns), paper 0. It comes back untouched where nothing else would
    be left.
    """
    from scipy import ndimage

    labels, sizes = foreground.pieces(foreground.small_mask(ink))
    parts = [labels == label for label in range(1, len(sizes) + 1)]
    inside = [size for part, size in zip(parts, sizes, strict=True) if not _edge(part).any()]
    largest = max(inside, default=0)
    drop = [part for part in parts if _is_surroundings(part, largest) or _is_frame(part, labels)]
    drop += [_lines_of_frame(part) for part in parts if _has_digit_at_frame(part)]
    gone = np.any(drop, axis=0) if drop else np.zeros(labels.shape, bool)
    keep = (labels > 0) & ~gone
    if not drop or keep.sum() < ENOUGH_INK * keep.size:
        return ink
    near = ndimage.binary_dilation(keep, np.ones((3, 3))) & ~gone  # soft edges belong to it
    return foreground.masked(ink, near)


def without_desk(bright: np.ndarray) -> np.ndarray:
    """The picture with the dark desk round a sheet filled up with the sheet's own level.

    ``bright`` is ``uint8`` (rows, columns), bright ink on darker paper. It comes back untouched
    unless something nearly as bright as the ink lies along the border and ink lies apart from it.
    """
    from scipy import ndimage

    small = foreground.small_copy(bright)
    inked = small > (np.quantile(small, 0.05) + np.quantile(small, 0.995)) / 2
    labels, sizes = foreground.pieces(inked)
    parts = [labels == label for label in range(1, len(sizes) + 1)]
    desk = [part for part in parts if _edge(part).mean() >= ALONG_BORDER]
    within = inked & ~np.any(desk, axis=0) if desk else np.zeros_like(inked)
    if within.sum() < ENOUGH_INK * inked.size or inked.all():
        return bright
    around, paper = np.any(desk, axis=0), np.median(small[~inked])
    if np.median(small[around]) - paper < AS_DARK * (np.quantile(small[within], 0.9) - paper):
        return bright
    wide = Image.fromarray(ndimage.binary_dilation(around, np.ones((5, 5))))
    return np.where(np.asarray(wide.resize(bright.shape[::-1])), np.uint8(paper), bright)


def _edge(part: np.ndarray) -> np.ndarray:
    return np.concatenate([part[0], part[-1], part[:, 0], part[:, -1]])


def _is_surroundings(part: np.ndarray, largest: int) -> bool:
    """Whether a piece that touches the border is too long or too small for the digit."""
    along = _edge(part).mean()
    if not along or not largest:
        return False
    top, left, bottom, right = ink_box(part)
    long = max((bottom - top) / part.shape[0], (right - left) / part.shape[1])
    return bool(along >= ALONG_BORDER or long >= SPANS or part.sum() < SCRAP * largest)


def _is_frame(part: np.ndarray, labels: np.ndarray) -> bool:
    """Whether the piece is a rectangle of lines with other ink, and none of its own, within."""
    within = _within_frame(part)
    if within is None or part[within].any():
        return False
    return bool(labels[within].any())


def _has_digit_at_frame(part: np.ndarray) -> bool:
    """Whether the piece is such a rectangle with a digit's ink that touches it from within."""
    within = _within_frame(part)
    return within is not None and part[within].sum() >= ENOUGH_INK * part.size


def _lines_of_frame(part: np.ndarray) -> np.ndarray:
    lines = part.copy()
    lines[_within_frame(part)] = False
    return lines


def _within_frame(part: np.ndarray) -> tuple[slice, slice] | None:
    """The rows and columns within a piece with a line along each of its four sides, or None."""
    top, left, bottom, right = ink_box(part)
    cut = part[top:bottom, left:right]
    band = max(2, round(FRAME_BAND * max(cut.shape)))
    sides = [end.any(axis=0) for lines in (cut, cut.T) for end in (lines[:band], lines[-band:])]
    if min(cut.shape) <= 4 * band or min(side.mean() for side in sides) < FRAME_SIDE:
        return None
    return slice(top + band, bottom - band), slice(left + band, right - band)
