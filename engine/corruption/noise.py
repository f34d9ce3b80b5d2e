"""Noise, drops and light. Each takes uint8 images (n, h, w) and gives levels from 0 to 255."""

import numpy as np
from scipy import special

from engine.corruption.draws import Draws
from engine.corruption.filters import blurred, scale_of

WHITE = 255
SHORTS = 2**16
MUD = 63  # the level of a drop
DROP = 0.8  # how much of it a pixel has at least


def shot_noise(images: np.ndarray, photons: float, draws: Draws) -> np.ndarray:
    """Counted light: Poisson, with ``photons`` on average where the ink is full."""
    shorts = draws.shorts(images[0].size).reshape(images.shape)
    return _poisson_levels(photons)[images, shorts]


def _poisson_levels(photons: float) -> np.ndarray:
    """(256, 65536) uint8: the level that each level becomes, for each share of the probability."""
    light = np.arange(WHITE + 1)[:, None] * (photons / WHITE)
    most = int(photons)  # as bright as white: more changes nothing
    below = np.rint(special.pdtr(np.arange(most), light) * SHORTS).astype(int)
    counts = np.diff(below, axis=1, prepend=0, append=SHORTS)
    levels = np.rint(np.arange(most + 1) * (WHITE / photons)).astype(np.uint8)
    return np.stack([np.repeat(levels, row) for row in counts])


def impulse_noise(images: np.ndarray, share: float, draws: Draws) -> np.ndarray:
    """This share of the pixels set to no ink or full ink, as many to the one as to the other."""
    shorts = draws.shorts(images[0].size).reshape(images.shape)
    some = round(share / 2 * SHORTS)
    changed = np.where(shorts < some, np.uint8(0), images)
    return np.where(shorts >= SHORTS - some, np.uint8(WHITE), changed)


def brightness(images: np.ndarray, more: float, draws: Draws) -> np.ndarray:
    """Every pixel lighter by this share of full ink."""
    return images + np.float32(more * WHITE)


def spatter(images: np.ndarray, drops: tuple[float, ...], draws: Draws) -> np.ndarray:
    """Grey drops: where blurred normal noise is high, and blurred again.

    ``drops``: mean and deviation of the noise, its blur, the height above which a drop is, and the
    blur of the drop; blurs in pixels.
    """
    mean, deviation, blur, height, soft = drops
    scale = scale_of(images.shape[1:])
    noise = _normal()[draws.shorts(images[0].size)].reshape(images.shape)
    liquid = mean + deviation * scale * blurred(noise, blur * scale)
    drop = blurred((liquid > height).astype(np.float32), soft * scale)
    drop[drop < DROP] = 0
    return images * (1 - drop) + MUD * drop


def _normal() -> np.ndarray:
    """(65536,) standard normal, as many values as there are uint16, all equally likely."""
    return special.ndtri((np.arange(SHORTS) + 0.5) / SHORTS).astype(np.float32)
