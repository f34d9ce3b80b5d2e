"""Attributes of the shape of each image, as Morpho-MNIST defines them, and a few more.

D. C. Castro, J. Tan, B. Kainz, E. Konukoglu and B. Glocker, "Morpho-MNIST: Quantitative assessment
and diagnostics for representation learning", Journal of Machine Learning Research 20 (2019). They
enlarge an image four times and take its medial axis; here it is enlarged twice and thinned, which
takes a hundredth of the time.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import pandas as pd

from engine.shapes.skeleton import lengths, mean_distances, thinned
from engine.transforms.grey_levels import blur_matrix
from engine.transforms.moments import middle, moments, upright

WHITE = 255
CHUNK, THREADS = 1024, 2  # images at a time in each thread
TIMES = 2  # as large, for what follows the strokes; large images stay as they are
LARGE = 40  # pixels of a side
FINE = 4  # parts of a pixel in which edges are looked for
ROUNDING = 1e-5  # of float32, as a share
BEYOND = 0.01  # of the ink may lie beyond each edge of the box
COLUMNS = (
    "ink",
    "area",
    "length",
    "thickness",
    "slant",
    "width",
    "height",
    "pieces",
    "holes",
    "off center",
)


def shape_attributes(images: np.ndarray) -> pd.DataFrame:
    """A row for each image (n, h, w), ``uint8`` ink or floats from 0 on, with `COLUMNS`.

    ``ink`` is the mean pixel, in [0, 1] for uint8. The others are in pixels of the image: ``area``
    of the ink, its pixels of at least half its darkest; ``length`` of the strokes; their mean
    ``thickness``; ``width`` and ``height`` of the parallelogram as slanted as the ink that leaves
    out 1 % of it at each edge; ``off center``, the center of mass from the middle. ``slant`` is in
    degrees, positive to the right. ``pieces`` of ink are what touches at a side or a corner,
    ``holes`` of paper what touches at a side and is closed in. A blank image has 0 everywhere.
    """
    chunks = [images[at : at + CHUNK] for at in range(0, max(len(images), 1), CHUNK)]
    with ThreadPoolExecutor(THREADS) as pool:  # numpy lets another thread run meanwhile
        return pd.concat(pool.map(_few, chunks), ignore_index=True)


def _few(images: np.ndarray) -> pd.DataFrame:
    white = WHITE if images.dtype == np.uint8 else 1
    ink = np.divide(images, white, dtype=np.float32)
    of = moments(ink)
    times = TIMES if max(ink.shape[1:]) <= LARGE else 1
    dark = is_ink(enlarged(ink, times))
    line = thinned(dark)
    off = np.hypot(*(c - middle(side) for c, side in zip(of[:2], ink.shape[1:], strict=True)))
    pieces, holes = counted(is_ink(ink))
    columns = (
        ink.mean(axis=(1, 2), dtype=np.float64),
        dark.sum(axis=(1, 2)) / times**2,
        lengths(line) / times,
        2 * mean_distances(dark, line) / times,
        np.degrees(np.arctan(-of.both / np.where(of.rows > 0, of.rows, 1))),
        extent(upright(ink, slanted=True).sum(axis=1)),
        extent(ink.sum(axis=2)),
        pieces,
        holes,
        off,
    )
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def is_ink(images: np.ndarray) -> np.ndarray:
    """Where a pixel is at least half way from the lightest to the darkest one, and not 0."""
    low, high = (find(images, axis=(1, 2), keepdims=True) for find in (np.min, np.max))
    least = (low + high) / 2 - ROUNDING * high  # an image that is ink all over stays so
    return (images >= least) & (images > 0)


def enlarged(images: np.ndarray, times: int) -> np.ndarray:
    """As many ``times`` as high and wide: cubic interpolation, softened by a third of a pixel."""
    height, width = images.shape[1:]
    return _enlarging(height, times) @ images @ _enlarging(width, times).T


@lru_cache(maxsize=16)
def _enlarging(side: int, times: int) -> np.ndarray:
    """(side · times, side): R. Keys's cubic convolution (1981) and a Gaussian; rows sum to 1."""
    at = (np.arange(side * times) + 0.5) / times - 0.5
    x = np.abs(at[:, None] - np.arange(side))
    near, far = 1.5 * x**3 - 2.5 * x**2 + 1, -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    cubic = np.where(x <= 1, near, np.where(x < 2, far, 0))
    both = blur_matrix(side * times, times / 3) @ cubic
    return (both / both.sum(axis=1, keepdims=True)).astype(np.float32)


def extent(marginals: np.ndarray) -> np.ndarray:
    """From edge to edge of the ink along a side, (n,), of which ``marginals`` is (n, side)."""
    fine = np.clip(marginals @ _enlarging(marginals.shape[1], FINE).T, 0, None).astype(np.float64)
    up_to = np.cumsum(fine, axis=1)
    total = up_to[:, -1:]
    shares = np.pad(up_to / np.where(total > 0, total, 1), ((0, 0), (1, 0)))
    ends = [_where(shares, share) for share in (BEYOND, 1 - BEYOND)]
    return np.where(total[:, 0] > 0, ends[1] - ends[0], 0) / FINE


def _where(shares: np.ndarray, share: float) -> np.ndarray:
    """Where in each row of growing ``shares`` (n, m) this one is reached, between places, too."""
    after = np.clip((shares < share).sum(axis=1), 1, shares.shape[1] - 1)
    rows = np.arange(len(shares))
    low, high = shares[rows, after - 1], shares[rows, after]
    step = np.where(high > low, high - low, 1)
    return after - 1 + np.clip((share - low) / step, 0, 1)


def counted(ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many pieces of ink, and how many holes, each image (n, h, w), bool, has: (n,) each."""
    paper = np.pad(~ink, ((0, 0), (1, 1), (1, 1)), constant_values=True)
    return _regions(ink, corners=True), _regions(paper, corners=False) - 1


def _regions(masks: np.ndarray, corners: bool) -> np.ndarray:
    """How many connected regions each mask has, (n,)."""
    from scipy import ndimage

    touching = np.zeros((3, 3, 3), int)
    touching[1] = ndimage.generate_binary_structure(2, 2 if corners else 1)
    labels, _ = ndimage.label(masks, touching)  # counts on from image to image
    last = np.maximum.accumulate(labels.max(axis=(1, 2), initial=0))
    return np.diff(last, prepend=0)
