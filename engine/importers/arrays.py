"""Images that come as arrays with their labels: what the formats that bring such have in common."""

from collections import Counter

import numpy as np

from engine.datasets.dataset import Dataset
from engine.datasets.labels import as_names
from engine.importers.build import assemble
from engine.importers.resize import at_most, fitted, sizes_said
from engine.preprocessing.grey_levels import as_bytes
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_IMAGE_SIDE, Limits


def judge_pair(
    images: np.ndarray, labels: np.ndarray, one: str, other: str, limits: Limits
) -> None:
    """Refuses what is not images (n, h, w), n ≥ 1, and as many labels; both by their names."""
    if len(images) > limits.images:
        raise Refused(f"{one!r} holds {len(images):,} images; at most {limits.images:,} are taken.")
    if labels.ndim != 1 or len(images) != len(labels):
        found = f"{len(images):,} images and labels {labels.shape}"
        raise Refused(f"{one!r} and {other!r} hold {found}; wanted as many labels as images.")
    if images.ndim != 3 or min(images.shape[1:]) < 1 or not len(images):
        raise Refused(f"{one!r} is {images.shape}; wanted images (n, h, w), at least one.")


def joined(
    name: str,
    images: list[np.ndarray],
    labels: list[np.ndarray],
    testing: list | None,
    done: list[str] | None = None,
    files: np.ndarray | None = None,
) -> Dataset:
    """The dataset of pairs; ``testing`` has a mask for each, None to split them here.

    Pixels may have any range `as_bytes` knows. ``done`` was done before. Raises Refused.
    """
    sizes = {part.shape[1:] for part in images}
    if len(sizes) > 1:
        raise Refused(f"The images come in several sizes: {', '.join(map(str, sorted(sizes)))}.")
    together, ranged = as_bytes(np.concatenate(images))
    came = Counter({together.shape[1:]: len(together)})
    if max(together.shape[1:]) > MAX_IMAGE_SIDE:
        size = at_most(together.shape[1:])
        together = np.stack([fitted(image, size) for image in together])
    names = [name for part in labels for name in as_names(part)]
    if files is None:
        files = np.array([f"image {place}" for place in range(len(names))])
    where = None if testing is None else np.concatenate(testing)
    said = [*(done or []), *sizes_said(came, together.shape[1:]), *ranged]
    return assemble(name, together, names, files, where, done=said)
