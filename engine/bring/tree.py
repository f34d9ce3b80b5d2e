"""A tree of image files: one folder a class, in two splits or in one piece."""

import io
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import numpy as np
from PIL import Image

from engine import intake
from engine.bring.assemble import assemble, class_labels
from engine.bring.source import Source
from engine.digits import Digits, Progress, no_progress
from engine.limits import MOST_SIDE, Limits, Refused

SPLITS = {"training": False, "train": False, "testing": True, "test": True}
REPORT_EVERY = 500
NAMED_SIZES = 4  # of mixed sizes, the most frequent


def read_tree(
    source: Source, name: str, limits: Limits, progress: Progress = no_progress
) -> Digits:
    """The images of ``source`` by the folder each is in, its class, in the order of their paths.

    Above the class may be a folder training, train, testing or test; without both, a fifth is
    kept for testing. Colour becomes grey by luminance (ITU-R 601), 16 bits become 8, and images
    of other sizes than the most frequent one are fitted into it, keeping their proportions. Files
    that are no pictures are named in ``skipped``. Raises Refused.
    """
    found = _decoded(source, limits, progress)
    if not found.paths:
        n = len(source.files)
        raise Refused(f"No image was found in {n:,} files; wanted one folder a class.")
    images = same_size(found.images)
    paths = [PurePosixPath(path).parts for path in found.paths]
    labels = class_labels([parts[-2] for parts in paths])
    done = sizes_said(found.sizes, images.shape[1:])
    if found.colours:
        share = f"{found.colours:,} of {len(paths):,}"
        done.append(f"{share} are in colour and became grey by luminance (ITU-R 601).")
    files, testing = np.array(found.paths), _testing(paths)
    return assemble(name, images, labels, files, testing, found.skipped, done)


@dataclass
class _Found:
    """What was decoded: grey images with their paths, the sizes they came in, and the rest."""

    skipped: list[str]
    paths: list[str] = field(default_factory=list)
    images: list[np.ndarray] = field(default_factory=list)
    sizes: Counter = field(default_factory=Counter)
    colours: int = 0


def _decoded(source: Source, limits: Limits, progress: Progress) -> _Found:
    found, pixels, paths = _Found(list(source.skipped)), 0, sorted(source.files)
    began = time.monotonic()
    for number, path in enumerate(paths):
        if time.monotonic() - began > limits.seconds:
            part = f"{number:,} of {len(paths):,} files were read in {limits.seconds:.0f} seconds"
            raise Refused(f"Only {part}; wanted all of them.")
        if number % REPORT_EVERY == 0:
            progress("Decoding images", number, len(paths))
        content = source.files[path]()
        size = _size(content)
        pixels += size[0] * size[1]
        if pixels > limits.pixels:
            raise Refused(f"The images have more than {limits.pixels:,} pixels in all.")
        try:
            if "/" not in path:
                raise Refused("It is in no folder, so its class is not known.")
            picture = intake.decode(content)
        except Refused as error:
            found.skipped.append(f"{path[:120]}: {error}")
            continue
        found.paths.append(path)
        found.images.append(as_grey(picture))
        found.sizes[size] += 1
        found.colours += picture.ndim == 3
    return found


def sizes_said(found: Counter, size: tuple[int, int]) -> list[str]:
    """Which sizes (rows, columns) the images came in and what was done; nothing if all fitted."""
    others = found.total() - found.get(size, 0)
    if not others:
        return []
    first = found.most_common(NAMED_SIZES)
    named = [f"{n:,} of {rows}×{columns}" for (rows, columns), n in first]
    rest = found.total() - sum(n for _, n in first)
    named += [f"{rest:,} of others"] * (rest > 0)
    sizes = f"{len(found)} size{'s' * (len(found) > 1)}"
    return [
        f"They came in {sizes}: {', '.join(named)} (rows × columns, in pixels). {others:,} were "
        f"scaled to fit {size[0]}×{size[1]}, keeping their proportions, and centred on the grey of "
        "their border."
    ]


def as_grey(picture: np.ndarray) -> np.ndarray:
    """(rows, columns) uint8; colour becomes luminance as ITU-R 601 weighs it."""
    return picture if picture.ndim == 2 else np.asarray(Image.fromarray(picture).convert("L"))


def same_size(images: list[np.ndarray]) -> np.ndarray:
    """All in the most frequent size, at most 64 pixels a side: (n, h, w).

    Others are scaled to fit, keeping their proportions, and centred on their own border's grey.
    """
    size = Counter(image.shape for image in images).most_common(1)[0][0]
    scale = min(1, MOST_SIDE / max(size))
    size = tuple(max(1, round(side * scale)) for side in size)
    return np.stack([image if image.shape == size else _fitted(image, size) for image in images])


def _fitted(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    scale = min(size[0] / image.shape[0], size[1] / image.shape[1])
    rows, columns = (max(1, round(side * scale)) for side in image.shape)
    small = Image.fromarray(image).resize((columns, rows), Image.Resampling.BOX)
    border = np.concatenate([image[[0, -1]].ravel(), image[:, [0, -1]].ravel()])
    canvas = np.full(size, np.median(border).astype(np.uint8))
    top, left = (size[0] - rows) // 2, (size[1] - columns) // 2
    canvas[top : top + rows, left : left + columns] = small
    return canvas


def _size(content: bytes) -> tuple[int, int]:
    """Rows and columns that the header speaks of; (0, 0) for what is no picture."""
    try:
        with Image.open(io.BytesIO(content), formats=intake.FORMATS) as image:
            return image.height, image.width
    except Exception:  # judged again, and named, where it is decoded
        return 0, 0


def _testing(paths: list[tuple[str, ...]]) -> np.ndarray | None:
    """Which images are for testing, (n,); None when the tree does not say."""
    sides = [SPLITS.get(parts[-3].lower()) if len(parts) > 2 else None for parts in paths]
    if None in sides:
        if set(sides) != {None}:
            at = sides.index(None)
            raise Refused(f"{'/'.join(paths[at])[:120]!r} is neither in training nor in testing.")
        return None
    return np.array(sides) if len(set(sides)) == 2 else None
