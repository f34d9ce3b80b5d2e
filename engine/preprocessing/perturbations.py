"""What if the image were a little different: moved, turned, thicker, blurred, noisy, retouched."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

MOST_SHIFT, MOST_TURN, MOST_WEIGHT, MOST_BLUR, MOST_NOISE = 0.25, 45.0, 2.0, 2.0, 0.5
SIZES = (0.5, 1.5)


@dataclass(frozen=True)
class Edits:
    """All changes at once; the defaults change nothing.

    ``right`` and ``down`` in whole pixels, ``turn`` in degrees clockwise, ``size`` as a factor,
    ``weight`` in pixels of stroke added (negative: taken off) on each side, ``blur`` the standard
    deviation in pixels, ``noise`` that of the grey levels as a share of full ink, drawn with
    ``seed``. ``pixels`` (index, level) are set last; the index counts along the rows.
    """

    right: int = 0
    down: int = 0
    turn: float = 0.0
    size: float = 1.0
    weight: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    seed: int = 0
    pixels: tuple[tuple[int, int], ...] = ()


def edited(image: np.ndarray, edits: Edits) -> np.ndarray:
    """The image ``uint8`` (h, w) after all changes, in the order of `Edits`.

    What leaves the frame is lost and paper comes in. Turning and sizing are about the middle of
    the frame, interpolated bilinearly.
    """
    return retouched(filtered(moved(image, edits), edits), edits.pixels)


def moved(image: np.ndarray, edits: Edits) -> np.ndarray:
    """Shifted, turned and resized in one step, so that the image is interpolated only once."""
    if (edits.right, edits.down, edits.turn, edits.size) == (0, 0, 0, 1):
        return image
    angle, (rows, columns) = math.radians(edits.turn), image.shape
    cosine, sine = math.cos(angle) / edits.size, math.sin(angle) / edits.size
    x, y = columns / 2, rows / 2  # Pillow counts from the corner of the first pixel
    back_x, back_y = x + edits.right, y + edits.down
    matrix = (
        *(cosine, sine, x - cosine * back_x - sine * back_y),
        *(-sine, cosine, y + sine * back_x - cosine * back_y),
    )
    return np.asarray(
        Image.fromarray(image).transform(
            (columns, rows), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR
        )
    )


def filtered(image: np.ndarray, edits: Edits) -> np.ndarray:
    """Thickened or thinned, blurred, and with noise."""
    if edits.weight:
        image = weighted(image, edits.weight)
    if edits.blur:
        wide = np.pad(image, 8)  # so that ink at the border blurs into paper, not into itself
        blurred = Image.fromarray(wide).filter(ImageFilter.GaussianBlur(edits.blur))
        image = np.asarray(blurred)[8:-8, 8:-8]
    if edits.noise:
        grain = np.random.default_rng(edits.seed).normal(0, 255 * edits.noise, image.shape)
        image = np.clip(np.round(image + grain), 0, 255).astype(np.uint8)
    return image


def weighted(image: np.ndarray, weight: float) -> np.ndarray:
    """Strokes thicker by ``weight`` pixels on each side, or thinner when it is negative.

    Whole pixels are grey dilations (erosions) with a cross of 3 × 3; the rest is a mixture of the
    last two.
    """
    from scipy import ndimage

    grow = ndimage.grey_dilation if weight > 0 else ndimage.grey_erosion
    cross = ndimage.generate_binary_structure(2, 1)
    whole, part = divmod(abs(weight), 1)
    for _ in range(int(whole)):
        image = grow(image, footprint=cross, mode="constant")  # beyond the frame is paper
    if part:
        more = grow(image, footprint=cross, mode="constant")
        image = np.round((1 - part) * image + part * more).astype(np.uint8)
    return image


def retouched(image: np.ndarray, pixels: tuple[tuple[int, int], ...]) -> np.ndarray:
    """The image with single pixels set."""
    image = image.copy()
    for index, level in pixels:
        image.flat[index] = level
    return image


def read_pixels(raw: object, size: int) -> tuple[tuple[int, int], ...]:
    """Single pixels from what a browser sent: ``[[index, level], …]``; anything else is left out.

    Indices are from 0 to ``size`` - 1, levels from 0 to 255, at most one pair a pixel.
    """
    found = {}
    for pair in raw[: 4 * size] if isinstance(raw, list) else []:
        whole = isinstance(pair, list | tuple) and len(pair) == 2
        if whole and all(type(number) is int for number in pair):
            index, level = pair
            if 0 <= index < size and 0 <= level <= 255:
                found[index] = level
    return tuple(sorted(found.items()))
