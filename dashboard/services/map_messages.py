"""What the map's browser part is sent, packed once for all: its points, and their small images."""

import hashlib
import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from dashboard.services import maps, shapes
from dashboard.services.stores import PerDataset
from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import places
from engine.projection.region import View
from engine.runtime.limits import MAX_CACHED_MAPS, MAX_MAP_PIXELS

STEPS = 65535  # of a coordinate, from one end of its axis to the other
SHADES = 255  # steps of a scale of colours
LEVELS = 16  # of grey, which a hint needs
AT_ONCE = 4096  # images reduced at a time: floats of all would be large
ANSWER, TRUE, PREDICTED = "right or wrong", "true class", "predicted class"
BY = (ANSWER, TRUE, PREDICTED)

_sheets = PerDataset("images of the map", MAX_CACHED_MAPS)


class Colored(NamedTuple):
    """``hue`` (n,) uint8: the place in groups of so many ``counts``, or in a scale of ``ends``."""

    hue: np.ndarray
    counts: tuple[int, ...]
    ends: tuple[float, float] | None


class Message(NamedTuple):
    """``content`` for the browser, which keeps it under its ``name``."""

    name: str
    content: bytes


def colored(
    evaluation: Evaluation, view: View, pair: tuple[int, int], by: str, both: tuple[int, int]
) -> Colored:
    """The colours of `maps.points` by `BY` or a shape attribute, which must have been measured.

    Groups: wrong and right answers; the classes at the places ``both``, and all others.
    """
    return maps.of_map(evaluation, _colored, view, pair, by, both)


def _colored(
    evaluation: Evaluation, view: View, pair: tuple[int, int], by: str, both: tuple[int, int]
) -> Colored:
    table = evaluation.table.iloc[maps.points(evaluation, view, pair).rows]
    if by not in BY:
        values = shapes.known(evaluation.dataset)[by].to_numpy(dtype=float)[table["index"]]
        low, high = _most(values)
        shade = _steps(values.clip(low, high), (low, high), SHADES)
        return Colored(shade.astype(np.uint8), (), (low, high))
    if by == ANSWER:
        hue, n = table["right"].to_numpy().astype(np.uint8), 2
    else:
        names = evaluation.classes[list(both)]
        of = table["true" if by == TRUE else "predicted"].to_numpy()
        hue, n = np.select([of == names[0], of == names[1]], [0, 1], 2).astype(np.uint8), 3
    return Colored(hue, tuple(np.bincount(hue, minlength=n).tolist()), None)


def points(
    evaluation: Evaluation, view: View, pair: tuple[int, int], by: str, both: tuple[int, int]
) -> Message:
    """The points of that view in these colours."""
    return maps.of_map(evaluation, _points, view, pair, by, both)


def _points(
    evaluation: Evaluation, view: View, pair: tuple[int, int], by: str, both: tuple[int, int]
) -> Message:
    shown = maps.points(evaluation, view, pair)
    hue = colored(evaluation, view, pair, by, both)
    table = evaluation.table.iloc[shown.rows]
    ends = [_ends(values) for values in (shown.x, shown.y)]
    arrays = [
        *(_steps(v, e, STEPS).astype("<u2") for v, e in zip((shown.x, shown.y), ends, strict=True)),
        table["index"].to_numpy().astype("<u4"),
        *(
            places(table[side], evaluation.classes).astype(np.uint8)
            for side in ("true", "predicted")
        ),
        shown.third.astype(np.uint8),
        hue.hue,
    ]
    about = {"kind": "points", "x": ends[0], "y": ends[1], "groups": bool(hue.counts)}
    return _message(about, [array.tobytes() for array in arrays])


def sheet(dataset: Dataset) -> Message:
    """The test images in a few levels of grey, one after the other.

    As large as they are, or a whole number of times smaller where they are many.
    """
    return _sheets.get(dataset, "test", lambda: _sheet(dataset.testing.images))


def _sheet(images: np.ndarray) -> Message:
    n, height, width = images.shape
    times = int(np.ceil(np.sqrt(n * height * width / MAX_MAP_PIXELS)))
    times = min(max(times, 1), height, width)
    down, across = height // times, width // times
    packer, parts = zlib.compressobj(4), []
    for start in range(0, n, AT_ONCE):
        few = images[start : start + AT_ONCE, : down * times, : across * times]
        if times > 1:
            few = few.reshape(len(few), down, times, across, times).mean(axis=(2, 4))
        grey = few.astype(np.uint8) // LEVELS * (255 // (LEVELS - 1))
        parts.append(packer.compress(grey.tobytes()))
    about = {"kind": "sheet", "width": across, "height": down}
    return _message(about, [b"".join([*parts, packer.flush()])])


def _message(about: Mapping[str, Any], parts: list[bytes]) -> Message:
    """The length of what it is ``about``, that as JSON, and each part from a multiple of 4 on."""
    digest = hashlib.sha256(json.dumps(about).encode())
    for part in parts:
        digest.update(part)
    name = digest.hexdigest()[:16]
    head = json.dumps({**about, "name": name, "lengths": [len(part) for part in parts]}).encode()
    head += b" " * (-len(head) % 4)
    padded = [part + bytes(-len(part) % 4) for part in parts]
    return Message(name, b"".join([struct.pack("<I", len(head)), head, *padded]))


def _ends(values: np.ndarray) -> tuple[float, float]:
    return (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)


def _most(values: np.ndarray) -> tuple[float, float]:
    """Where 96 of 100 values lie: a few that are far off would take the whole scale of colours."""
    low, high = np.quantile(values, (0.02, 0.98)).tolist() if len(values) else (0.0, 1.0)
    return (low, high) if low < high else _ends(values)


def _steps(values: np.ndarray, ends: tuple[float, float], most: int) -> np.ndarray:
    """Values between these ends as whole steps from 0 to ``most``, (n,)."""
    low, high = ends
    return np.round((values - low) / ((high - low) or 1) * most)
