"""A tree of image files: one folder a class, in two splits or in one piece."""

import io
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import numpy as np
from PIL import Image

from engine.datasets.dataset import Dataset
from engine.importers.build import TESTING, assemble
from engine.importers.files import Source
from engine.importers.grey_levels import as_bytes
from engine.importers.resize import at_most, fitted, sizes_said
from engine.io.file_names import natural_order
from engine.preprocessing import decode
from engine.preprocessing.foreground import to_grey
from engine.runtime.errors import Refused
from engine.runtime.limits import Limits
from engine.runtime.progress import Phase, Progress, no_progress

REPORT_EVERY = 500


def read_tree(
    source: Source, name: str, limits: Limits, progress: Progress = no_progress
) -> Dataset:
    """The images of ``source`` by the folder each is in, its class, in the natural order of paths.

    Above the class may be a folder training, train, testing or test; without both, a fifth is
    kept for testing. Colour becomes grey by luminance (ITU-R 601), 16 bits become 8, and images
    of other sizes than the most frequent one are fitted into it, keeping their proportions. Files
    that are no pictures are named in ``skipped``. Raises Refused.
    """
    found = _decoded(source, limits, progress)
    if not found.paths:
        n = len(source.files)
        raise Refused(f"No image was found in {n:,} files; wanted one folder a class.")
    size = at_most(found.sizes.most_common(1)[0][0])
    images, ranged = as_bytes(np.stack([fitted(image, size) for image in found.images]))
    paths = [PurePosixPath(path).parts for path in found.paths]
    labels = [parts[-2] for parts in paths]
    done = [*sizes_said(found.sizes, images.shape[1:]), *ranged]
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
    found, pixels, paths = _Found(list(source.skipped)), 0, sorted(source.files, key=natural_order)
    began = time.monotonic()
    for number, path in enumerate(paths):
        if time.monotonic() - began > limits.seconds:
            part = f"{number:,} of {len(paths):,} files were read in {limits.seconds:.0f} seconds"
            raise Refused(f"Only {part}; wanted all of them.")
        if number % REPORT_EVERY == 0:
            progress(Phase.DECODING, number, len(paths))
        content = source.read(path)
        size = _size(content)
        pixels += size[0] * size[1]
        if pixels > limits.pixels:
            raise Refused(f"The images have more than {limits.pixels:,} pixels in all.")
        try:
            if "/" not in path:
                raise Refused("It is in no folder, so its class is not known.")
            picture = decode.decode(content)
        except Refused as error:
            found.skipped.append(f"{path[:120]}: {error}")
            continue
        upright = (
            size if (size[0] < size[1]) == (picture.shape[0] < picture.shape[1]) else size[::-1]
        )
        found.paths.append(path)
        # Small at once: all pictures as they come may take more memory than the server has.
        found.images.append(fitted(to_grey(picture), at_most(picture.shape[:2])))
        found.sizes[upright] += 1
        found.colours += picture.ndim == 3
    return found


def _size(content: bytes) -> tuple[int, int]:
    """Rows and columns that the header speaks of; (0, 0) for what is no picture."""
    try:
        with Image.open(io.BytesIO(content), formats=decode.FORMATS) as image:
            return image.height, image.width
    except Exception:  # judged again, and named, where it is decoded
        return 0, 0


def _testing(paths: list[tuple[str, ...]]) -> np.ndarray | None:
    """Which images are for testing, (n,); None when the tree does not say."""
    sides = [TESTING.get(parts[-3].lower()) if len(parts) > 2 else None for parts in paths]
    if None in sides:
        if set(sides) != {None}:
            at = sides.index(None)
            raise Refused(f"{'/'.join(paths[at])[:120]!r} is neither in training nor in testing.")
        return None
    return np.array(sides) if len(set(sides)) == 2 else None
