"""Pixels of any range become 0…255, ink bright."""

import numpy as np

from engine.runtime.errors import Refused

BRIGHT = 127  # a border whose median is brighter is paper, and what is on it dark ink
EVEN = 32  # grey levels that the border of one sheet of paper differs by
SHEETS = 0.9  # share of images with an even border from which each is judged by its own
FEW = 16  # up to this largest whole number pixels are counted in steps of their own, as 0…16


def as_bytes(images: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """The images (n, h, w) as uint8 0…255, and a sentence where their range was another.

    0…1, −1…1, whole numbers up to 16, and 16 bits are stretched; with negative ones, whatever
    their range is. Raises Refused for other numbers, and where every pixel is the same.
    """
    low, high = images.min(), images.max()
    if not np.isfinite([low, high]).all():
        raise Refused(f"A pixel is {low if not np.isfinite(low) else high}; wanted numbers.")
    if low == high:
        raise Refused(f"Every pixel of every image is {low:g}; wanted images that can be seen.")
    bottom, top = _range(images, float(low), float(high))
    if (bottom, top) == (0, 255):
        return images.astype(np.uint8, copy=False), []
    bands = [
        _stretched(some, bottom, top) for some in np.array_split(images, len(images) // 1000 + 1)
    ]
    said = f"{bottom:.4g}…{top:,.5g}".replace("-", "−")
    return np.concatenate(bands), [f"Their pixels run from {said}, which became 0…255."]


def _range(images: np.ndarray, low: float, high: float) -> tuple[float, float]:
    """What stands for black and white in numbers from ``low`` to ``high``."""
    if low < 0:
        symmetric = low >= -1 and high <= 1 and (low < -0.9 or high > 0.9)
        return (-1.0, 1.0) if symmetric else (low, high)
    if high <= 1:
        return 0.0, 1.0
    if images.dtype.kind == "f" and (fraction := _fraction(images)) is not None:
        raise Refused(f"A pixel is {fraction:g}, a fraction; wanted whole numbers from 0 to 255.")
    if high <= FEW:
        return 0.0, high
    if high <= 255:
        return 0.0, 255.0
    if images.dtype == np.uint16:
        return 0.0, 65535.0
    raise Refused(f"A pixel is {high:g}, no number from 0 to 255.")


def _fraction(images: np.ndarray) -> float | None:
    return next((some[some % 1 != 0][0] for some in images if (some % 1 != 0).any()), None)


def _stretched(some: np.ndarray, bottom: float, top: float) -> np.ndarray:
    return np.round((some.astype(float) - bottom) * (255 / (top - bottom))).astype(np.uint8)


def ink_bright(images: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """The images with ink brighter than paper, and a sentence where some were inverted.

    All or none, by the median of all border pixels; then those that still have bright paper, each
    by its own border, where nearly all have one as even as a sheet of paper.
    """
    borders, said = _borders(images), []
    if (border := np.median(borders)) > BRIGHT:
        images, borders = 255 - images, 255 - borders
        said.append(
            f"They are dark on bright paper (the median of their border pixels is {border:.0f} of "
            "255) and were inverted, so that ink is bright as in MNIST."
        )
    each = np.median(borders, axis=1)
    even = np.mean(np.abs(borders - each[:, None]) <= EVEN, axis=1) >= SHEETS
    others = even & (each > BRIGHT)
    if not others.any() or even.mean() < SHEETS:
        return images, said
    images = images.copy()
    images[others] = 255 - images[others]
    turned = int((~others).sum() if said else others.sum())
    return images, [
        f"{turned:,} of {len(images):,} are dark on bright paper, by the border of each, and were "
        "inverted, so that ink is bright as in the others."
    ]


def _borders(images: np.ndarray) -> np.ndarray:
    """The border pixels of each image, (n, pixels) int16."""
    edges = images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]
    return np.concatenate(edges, axis=1).astype(np.int16)
