"""Pictures that are in a dataset's form already: enlarged without a change, or saved with loss."""

import numpy as np

from engine.preprocessing.size_normalization import Form, ink_box, middle

EVEN = 40  # of 255: how far lossy compression may move a pixel of black or white paper
STRONG = 80  # of 255: ink that no compression makes up
TRACES = 0.03  # of the pixels at least are faint ink away from strokes in a compressed image
BOX_SLACK, CENTRE_SLACK = 3, 1.0  # pixels: of the box and of the centre of mass


def reduced_exactly(picture: np.ndarray, form: Form) -> np.ndarray:
    """The image of the form's size that this picture shows enlarged, pixel by pixel.

    ``picture`` is (rows, columns) or (rows, columns, 3). It comes back untouched unless it is a
    whole number of times as large as the frame and each pixel is a block of one value.
    """
    rows, columns = picture.shape[:2]
    times = rows // form.rows
    if times < 2 or (rows, columns) != (times * form.rows, times * form.columns):
        return picture
    small = picture[::times, ::times]
    again = small.repeat(times, axis=0).repeat(times, axis=1)
    return small if np.array_equal(again, picture) else picture


def without_ringing(ink: np.ndarray) -> np.ndarray:
    """The ink without the traces that lossy compression leaves away from every stroke.

    An image with fewer of them than compression leaves comes back untouched.
    """
    from scipy import ndimage

    near = ndimage.binary_dilation(ink > STRONG, np.ones((3, 3)))
    traces = ~near & (ink > 0) & (ink <= EVEN)
    return ink if traces.mean() < TRACES else np.where(traces, 0, ink).astype(np.uint8)


def is_prepared(grey: np.ndarray, form: Form) -> bool:
    """Whether ``grey`` (rows, columns) is one of the dataset's images, perhaps saved as a JPEG.

    It has the frame's size, near-black or near-white paper all along its border, and its ink has
    the form's box and centre.
    """
    if grey.shape != (form.rows, form.columns):
        return False
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]).astype(int)
    paper = 255 if np.median(border) > 127 else 0
    if np.mean(np.abs(border - paper) <= EVEN) < 0.9:
        return False
    ink = 255 - grey if paper else grey
    top, left, bottom, right = ink_box(ink, STRONG)
    if not form.box - BOX_SLACK <= max(bottom - top, right - left) <= form.box + 1:
        return False
    off = np.subtract(middle(np.where(ink > EVEN, ink, 0)), form.centre)
    return bool(np.abs(off).max() <= CENTRE_SLACK)
