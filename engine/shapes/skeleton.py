"""Strokes thinned to lines one pixel wide, how long these are, and how far the paper is from them.

Images are thinned 64 at a time, a bit each: of bool images (n, h, w) the packed form (h, w, words)
has in every word the same pixel of 64 images.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

BITS = 64  # images in a word


def thinned(ink: np.ndarray) -> np.ndarray:
    """The skeleton of each image (n, h, w), bool: as long and connected as its strokes, (n, h, w).

    Z. Guo and R. W. Hall, "Parallel thinning with two-subiteration algorithms", Communications of
    the ACM 32 (1989).
    """
    now = _packed(np.pad(ink, ((0, 0), (1, 1), (1, 1))))
    inner, thinner = now[1:-1, 1:-1], True
    while thinner:
        thinner = False
        for first in (True, False):
            gone = inner & _superfluous(now, first)
            thinner |= bool(gone.any())
            inner &= ~gone
    return _unpacked(inner, len(ink))


def _packed(images: np.ndarray) -> np.ndarray:
    bits = np.moveaxis(np.packbits(images, axis=0), 0, 2)
    return np.pad(bits, ((0, 0), (0, 0), (0, -bits.shape[2] % (BITS // 8)))).view(np.uint64)


def _unpacked(words: np.ndarray, count: int) -> np.ndarray:
    bits = np.moveaxis(np.ascontiguousarray(words).view(np.uint8), 2, 0)
    return np.unpackbits(bits, axis=0, count=count).astype(bool)


def _superfluous(now: np.ndarray, first: bool) -> np.ndarray:
    """Which pixels can go without an end getting shorter or a line breaking."""
    above, middle, below = slice(None, -2), slice(1, -1), slice(2, None)
    ring = [
        now[rows, columns]
        for rows, columns in (
            (above, middle),
            (above, below),
            (middle, below),
            (below, below),
            (below, middle),
            (below, above),
            (middle, above),
            (above, above),
        )
    ]  # the eight around a pixel, clockwise from the one above it
    n, ne, e, se, s, sw, w, nw = ring
    corners = (~n & (ne | e), ~e & (se | s), ~s & (sw | w), ~w & (nw | n))
    some, several, _ = _counted(corners)
    _, left, all_left = _counted((nw | n, ne | e, se | s, sw | w))
    _, right, all_right = _counted((n | ne, e | se, s | sw, w | nw))
    one_side = (n | ne | ~se) & e if first else (s | sw | ~nw) & w
    return some & ~several & left & right & ~(all_left & all_right) & ~one_side


def _counted(masks: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where at least one, at least two and all of them are set."""
    first, *others = masks
    one, two, every = first.copy(), np.zeros_like(first), first.copy()
    for mask in others:
        two |= one & mask
        one |= mask
        every &= mask
    return one, two, every


def lengths(skeletons: np.ndarray) -> np.ndarray:
    """How long the lines are, (n,), in pixels: 1 to the next beside or below, √2 to one across."""

    def meet(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return np.count_nonzero(one & other, axis=(1, 2))

    s = skeletons
    straight = meet(s[:, :, :-1], s[:, :, 1:]) + meet(s[:, :-1], s[:, 1:])
    across = meet(s[:, :-1, :-1], s[:, 1:, 1:]) + meet(s[:, :-1, 1:], s[:, 1:, :-1])
    return straight + np.sqrt(2) * across


def mean_distances(ink: np.ndarray, skeletons: np.ndarray) -> np.ndarray:
    """How far the nearest paper is from a pixel of the skeleton, on average, (n,), in pixels.

    Euclidean, from center to center; beyond the edge there is paper. 0 without a skeleton.
    """
    n, (_, height, width) = len(ink), ink.shape
    reach = min(height, width) // 2 + 1
    around = np.pad(ink, ((0, 0), (reach, reach), (reach, reach)))
    flat, wide = around.ravel(), around.shape[2]
    image, row, column = np.nonzero(skeletons)
    at = (image * around.shape[1] + row + reach) * wide + column + reach
    distance, left = np.zeros(len(at)), np.arange(len(at))
    for squared, steps in _rings(reach):
        inside = np.ones(len(left), bool)
        for down, along in steps:
            inside &= flat[at[left] + down * wide + along]
        distance[left[~inside]] = np.sqrt(squared)
        left = left[inside]
        if not len(left):
            break
    pixels = np.bincount(image, minlength=n)
    return np.bincount(image, distance, n) / np.where(pixels, pixels, 1)


@lru_cache(maxsize=8)
def _rings(reach: int) -> tuple[tuple[int, tuple[tuple[int, int], ...]], ...]:
    """The squared lengths of steps up to ``reach``, the shortest first, each with these steps."""
    steps: dict[int, list[tuple[int, int]]] = {}
    for down in range(-reach, reach + 1):
        for along in range(-reach, reach + 1):
            steps.setdefault(down**2 + along**2, []).append((down, along))
    return tuple((d, tuple(steps[d])) for d in sorted(steps) if 0 < d <= reach**2)
