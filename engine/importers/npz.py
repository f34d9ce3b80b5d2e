"""Images and labels in NumPy's arrays: NPZ files, and .npy files that are brought together."""

import math
import re
from pathlib import PurePosixPath
from typing import NamedTuple

import numpy as np

from engine.datasets.dataset import Dataset
from engine.datasets.labels import one_a_image
from engine.importers.arrays import joined, judge_pair
from engine.importers.readings import choose
from engine.io.side_names import TEST, TRAIN, by_side, side_of
from engine.runtime.errors import Refused
from engine.runtime.limits import Limits

IMAGES = {"x", "image", "images", "img", "imgs", "data", "features", "input", "inputs", "pixels"}
LABELS = {"y", "t", "label", "labels", "target", "targets", "class", "classes", "digit", "digits"}
WANTED = "x_train, y_train, x_test and y_test, or images and labels"
COLOURS = np.array([19595, 38470, 7471])  # ITU-R 601 in 16 bits, rounded as Pillow does


class Part(NamedTuple):
    """What an array holds; ``side`` is None where one is all there is, ``kind`` "images" or
    "labels"."""

    side: str | None
    kind: str


def from_npz(arrays: dict[str, np.ndarray], name: str, limits: Limits) -> Dataset:
    """x_train, y_train, x_test and y_test, or images and labels, by any usual names.

    Images are (n, h, w), with their channel 1 or 3 first or last, or (n, side²), in any range that
    `as_bytes` knows; labels (n,), (n, 1) or one-hot. What else is there is left out, and said.
    Raises Refused.
    """
    parts = parts_of(arrays)
    sides = {
        side for side, _ in parts if {Part(side, "images"), Part(side, "labels")} <= parts.keys()
    }
    if not sides:
        raise Refused(f"The file holds {', '.join(sorted(arrays))[:200]}; wanted {WANTED}.")
    used, done = by_side(sides)
    others = [one for part, one in parts.items() if part.side not in sides]
    others += sorted(set(arrays) - set(parts.values()))
    done += [
        f"The array {one[:40]!r} is not images or their labels, and was left out." for one in others
    ]
    images, labels, testing = [], [], []
    for side, test in used.items():
        one, other = parts[Part(side, "images")], parts[Part(side, "labels")]
        images.append(grey_array(arrays[one], one))
        labels.append(one_a_image(arrays[other], other))
        judge_pair(images[-1], labels[-1], one, other, limits)
        testing.append(np.full(len(images[-1]), test))
    return joined(name, images, labels, testing if len(used) == 2 else None, done)


def parts_of(arrays: dict[str, np.ndarray]) -> dict[Part, str]:
    """Which array is which, by its name; nameless ones, as arr_0, by their shapes in order."""
    if all(re.fullmatch(r"arr_\d", name) for name in arrays):
        return _nameless(arrays)
    found: dict[Part, list[str]] = {}
    for name in arrays:
        side, rest = side_of(PurePosixPath(name).name)
        words = set(re.findall("[a-z]+", rest.lower()))
        kinds = ["images"] * bool(words & IMAGES) + ["labels"] * bool(words & LABELS)
        if len(kinds) == 1:
            found.setdefault(Part(side, *kinds), []).append(name)
    return {part: _one_of(names, *part, arrays) for part, names in found.items()}


def _one_of(names: list[str], side: str | None, kind: str, arrays: dict[str, np.ndarray]) -> str:
    """The array that is meant where several could be, as two of images of one length."""
    alike = [name for name in names if arrays[name].shape[:1] == arrays[names[0]].shape[:1]]
    if len(alike) == 1:
        return alike[0]
    question = f"Which array holds the {f'{side} ' if side else ''}{kind}?"
    ways = {f"{kind} in {name[:40]!r}": name for name in alike}
    return choose(question, ways, next(iter(ways)))


def _nameless(arrays: dict[str, np.ndarray]) -> dict[Part, str]:
    """Images have more dimensions or wider rows; of two pairs the first is for training."""
    names = sorted(arrays)
    wide = [name for name in names if math.prod(arrays[name].shape[1:]) > 10]
    narrow = [name for name in names if name not in wide]
    if len(wide) != len(narrow) or len(wide) not in (1, 2):
        return {}
    sides = [None] if len(wide) == 1 else [TRAIN, TEST]
    return {
        Part(side, kind): name
        for kind, some in (("images", wide), ("labels", narrow))
        for side, name in zip(sides, some, strict=True)
    }


def grey_array(images: np.ndarray, name: str) -> np.ndarray:
    """The images as (n, h, w), of the numbers they had; colour becomes grey."""
    found = f"{name!r} is {images.dtype} {images.shape}"
    images = images.view(np.uint8) if images.dtype.kind == "b" else images  # ink or none
    wanted = "numbers (n, h, w), with 1 or 3 channels, or (n, side × side)"
    if images.dtype.kind not in "uif" or images.ndim not in (2, 3, 4) or not images.size:
        raise Refused(f"{found}; wanted {wanted}.")
    if images.ndim == 2:
        side = math.isqrt(images.shape[1])
        if side**2 != images.shape[1]:
            raise Refused(f"{found}; wanted {wanted}.")
        return images.reshape(-1, side, side)
    if images.ndim == 3:
        return images
    if images.shape[3] not in (1, 3):
        if images.shape[1] not in (1, 3):
            raise Refused(f"{found}; wanted {wanted}.")
        images = np.moveaxis(images, 1, 3)
    return images[..., 0] if images.shape[3] == 1 else _without_colour(images)


def _without_colour(images: np.ndarray) -> np.ndarray:
    if images.dtype == np.uint8:
        return np.stack([(some @ COLOURS + 0x8000 >> 16).astype(np.uint8) for some in images])
    if images.dtype.kind == "f":
        return np.stack([some @ (COLOURS / 65536) for some in images]).astype(np.float32)
    return np.stack([np.round(some @ (COLOURS / 65536)) for some in images]).astype(images.dtype)
