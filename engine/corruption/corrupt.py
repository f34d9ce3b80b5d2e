"""Corrupted images, made from a seed."""

import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from engine.corruption.draws import Draws
from engine.corruption.kinds import KINDS, SEVERITIES

CHUNK_PIXELS, THREADS = 1_000_000, 2  # pixels at a time in each thread


def corrupted(
    images: np.ndarray, kind: str, severity: int, seed: int = 0, index: np.ndarray | None = None
) -> np.ndarray:
    """The uint8 images (n, h, w) under one of `KINDS` at a severity from 1 to 5: uint8 (n, h, w).

    ``index`` (n,) are their places in the dataset, by default 0, 1, …: an image at a place becomes
    the same under one seed, whichever others come with it. Its random numbers are those of its
    place and the kind, so that of two severities one has the same noise, only more of it. Raises
    KeyError for another kind, ValueError for another severity or other images.
    """
    if severity not in SEVERITIES:
        raise ValueError(f"severity must be one of {SEVERITIES}, got {severity!r}")
    if images.dtype != np.uint8 or images.ndim != 3:
        raise ValueError(f"wanted uint8 (n, h, w), got {images.dtype} {images.shape}")
    change, strength = KINDS[kind].change, KINDS[kind].strengths[severity - 1]
    index = np.arange(len(images)) if index is None else np.asarray(index)
    key = seed, zlib.crc32(kind.encode())
    changed = np.empty_like(images)

    def few(part: slice) -> None:
        made = change(images[part], strength, Draws(key, index[part]))
        changed[part] = made if made.dtype == np.uint8 else np.rint(made.clip(0, 255))

    parts = _parts(images) if images.size else []
    if len(parts) < 2:
        for part in parts:
            few(part)
        return changed
    with ThreadPoolExecutor(THREADS) as pool:  # numpy lets another thread run meanwhile
        list(pool.map(few, parts))
    return changed


def _parts(images: np.ndarray) -> list[slice]:
    step = max(CHUNK_PIXELS // images[0].size, 1)
    return [slice(at, at + step) for at in range(0, len(images), step)]
