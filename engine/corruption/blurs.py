"""Blurs that are no plain filter. Each takes uint8 images (n, h, w) and gives levels to 255."""

import numpy as np

from engine.corruption.draws import Draws
from engine.corruption.filters import gaussian, scale_of

DEGREES = 45  # that a motion is from level, to either side
LEAST = 0.001  # of the weight in the middle: what is less cannot be seen


def glass_blur(images: np.ndarray, glass: tuple[float, int, int], draws: Draws) -> np.ndarray:
    """Blurred, pixels swapped with ones nearby, and blurred again.

    ``glass``: the blur in pixels, how far a pixel may go, and how often each has its turn. From the
    last row and column on, each is swapped by the toss of a coin. MNIST-C blurs downwards only.
    """
    blur, reach, turns = glass
    scale = scale_of(images.shape[1:])
    reach, down = max(round(reach * scale), 1), gaussian(images.shape[1], blur * scale)
    soft = (down.astype(np.float32) @ images).astype(np.uint8)
    swapped = _swapped(soft, *_partners(soft.shape, reach, turns, draws))
    return down.astype(np.float32) @ swapped


def _partners(
    shape: tuple[int, ...], reach: int, turns: int, draws: Draws
) -> tuple[np.ndarray, np.ndarray]:
    """The pixels in their turns, (m,), and which each is swapped with in each image, (m, n).

    A pixel goes up to ``reach`` back and less than ``reach`` on, in each direction, or stays.
    """
    count, height, width = shape
    rows, columns = (np.arange(side - reach, reach, -1) for side in (height, width))
    places = np.tile((rows[:, None] * width + columns).ravel(), turns)
    toss = draws.bytes(2 * len(places)).reshape(count, 2, -1).transpose(1, 2, 0)
    down, along = ((toss & 127).astype(np.int32) * (2 * reach) >> 7) - reach
    return places, places[:, None] + np.where(toss[0] < 128, down * width + along, 0)


def _swapped(images: np.ndarray, places: np.ndarray, partners: np.ndarray) -> np.ndarray:
    count = len(images)
    pixels = np.ascontiguousarray(images.reshape(count, -1).T)
    flat, image = pixels.ravel(), np.arange(count)
    for place, partner in zip(places, partners * count + image, strict=True):
        here = pixels[place].copy()
        pixels[place] = flat[partner]
        flat[partner] = here
    return pixels.T.reshape(images.shape)


def motion_blur(images: np.ndarray, motion: tuple[int, float], draws: Draws) -> np.ndarray:
    """Drawn out in one direction, at most 45 degrees from level: half a Gaussian of its pixels.

    ``motion``: how many pixels it reaches on either side of the middle, and its deviation. The
    angle is a whole number of degrees.
    """
    scale = scale_of(images.shape[1:])
    taps = np.arange(2 * int(np.ceil(motion[0] * scale)) + 1)
    weights = np.exp(-(taps**2) / (2 * (motion[1] * scale) ** 2))
    taps, weights = (some[weights > LEAST] for some in (taps, weights))
    weights = (weights / weights.sum()).astype(np.float32)
    turn = draws.uniform(1)[:, 0] * (2 * DEGREES + 1)
    degrees = turn.astype(int) - DEGREES
    moved = np.empty(images.shape, np.float32)
    for angle in np.unique(degrees):
        some = degrees == angle
        moved[some] = _drawn_out(images[some], taps, weights, np.radians(angle))
    return moved


def _drawn_out(
    images: np.ndarray, taps: np.ndarray, weights: np.ndarray, angle: float
) -> np.ndarray:
    """The sum of the images shifted by each of ``taps`` along ``angle``, the edge repeated."""
    (height, width), most = images.shape[1:], int(taps[-1])
    wide = np.pad(images, ((0, 0), (most, most), (most, most)), "edge").astype(np.float32)
    total = np.zeros(images.shape, np.float32)
    for tap, weight in zip(taps, weights, strict=True):
        down, along = (
            most + int(np.ceil(tap * share - 0.5)) for share in (np.sin(angle), np.cos(angle))
        )
        total += weight * wide[:, down : down + height, along : along + width]
    return total
