"""Fog: a random landscape of light over each image."""

from functools import lru_cache

import numpy as np

from engine.corruption.draws import Draws
from engine.corruption.filters import scale_of

SIDE = 32  # points of the landscape a side, which is endless: its edges meet
APART = 8  # pixels between two of them: what happens in between is 2 % of the whole at most
ROUGH = 100.0  # squared, the height of its largest hills


def fog(images: np.ndarray, weather: tuple[float, float], draws: Draws) -> np.ndarray:
    """Light of up to ``weather[0]`` times full ink on each image, made as bright as before.

    The landscape is made by the diamond-square algorithm, A. Fournier, D. Fussell and L. Carpenter,
    "Computer rendering of stochastic models", 1982; from level to level its hills become lower by
    the square of ``weather[1]``.
    """
    thick, decay = weather
    height, width = images.shape[1:]
    rows, columns = (_between(side, scale_of((height, width))) for side in (height, width))
    light = rows @ landscapes(draws.uniform(SIDE * SIDE), decay) @ columns.T
    full = images.max(axis=(1, 2), keepdims=True).astype(np.float32)
    return (images + 255 * thick * light) * full / (full + 255 * thick)


def landscapes(uniform: np.ndarray, decay: float) -> np.ndarray:
    """(n, 32, 32) heights from 0 to 1, of as many numbers in [0, 1); the corner begins at 0."""
    noise = (2 * uniform - 1).reshape(-1, SIDE, SIDE)
    land, step, rough = np.zeros_like(noise), SIDE, ROUGH
    while step >= 2:
        half = step // 2
        high, chance = np.float32(rough**2), noise
        corners = land[:, ::step, ::step]
        mean = _around(corners, -1, 1, -1, 2)
        land[:, half::step, half::step] = mean + high * chance[:, half::step, half::step]
        middle = land[:, half::step, half::step]
        beside = corners + np.roll(corners, -1, 2) + middle + np.roll(middle, 1, 1)
        land[:, ::step, half::step] = beside / 4 + high * chance[:, ::step, half::step]
        beside = corners + np.roll(corners, -1, 1) + middle + np.roll(middle, 1, 2)
        land[:, half::step, ::step] = beside / 4 + high * chance[:, half::step, ::step]
        step, rough = half, rough / decay
    land -= land.min(axis=(1, 2), keepdims=True)
    return land / land.max(axis=(1, 2), keepdims=True)


def _around(corners: np.ndarray, shift: int, axis: int, other_shift: int, other: int) -> np.ndarray:
    """The mean of the four corners of each square."""
    two = corners + np.roll(corners, shift, axis)
    return (two + np.roll(two, other_shift, other)) / 4


@lru_cache(maxsize=16)
def _between(side: int, scale: float) -> np.ndarray:
    """(side, 32): pixels from the points of the landscape, linearly, from its corner on."""
    at = np.arange(side) / (APART * scale)
    low, part = np.floor(at).astype(int), at % 1
    weights = np.zeros((side, SIDE), np.float32)
    np.add.at(weights, (np.arange(side), low % SIDE), 1 - part)
    np.add.at(weights, (np.arange(side), (low + 1) % SIDE), part)
    return weights
