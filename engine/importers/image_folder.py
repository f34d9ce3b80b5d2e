"""A tree of image files: one folder a class, in two splits or in one piece."""

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import numpy as np

from engine.datasets.dataset import Dataset, Reason, Skipped
from engine.importers.build import assemble
from engine.importers.files import Source
from engine.importers.folder_layout import Layout, layout
from engine.importers.resize import at_most, fitted, sizes_said
from engine.preprocessing import decode
from engine.preprocessing.foreground import luminance
from engine.preprocessing.grey_levels import as_bytes
from engine.runtime.errors import Refused
from engine.runtime.limits import Limits
from engine.runtime.progress import Phase, Progress, no_progress

REPORT_EVERY = 500
FORMATS = (*decode.FORMATS, "TIFF", "GIF", "PPM")  # of datasets; PPM is PGM and PBM too
IMAGES = (
    *(".png", ".jpg", ".jpeg", ".bmp", ".webp", ".gif", ".tif", ".tiff"),
    *(".pgm", ".ppm", ".pbm", ".pnm"),
)


def read_tree(
    source: Source, name: str, limits: Limits, progress: Progress = no_progress
) -> Dataset:
    """The images of ``source`` by the folder each is in, its class, in the natural order of paths.

    Above the class may be a folder training, train, testing or test; without both, a fifth is
    kept for testing. Colour becomes grey by luminance (ITU-R 601), 16 bits become 8, and images
    of other sizes than the most frequent one are fitted into it, keeping their proportions. Files
    that are no pictures are named in ``skipped``. Raises Refused.
    """
    images = _images(source)
    if not images:
        n = len(source.files)
        raise Refused(f"No image was found in {n:,} files; wanted one folder a class.")
    plan = layout(source, images)
    found = _decoded(source, set(images), plan, limits, progress)
    if not found.images:
        raise Refused(f"No image was found in {len(source.files):,} files; {found.skipped[0]}")
    size = at_most(found.sizes.most_common(1)[0][0])
    images, ranged = as_bytes(np.stack([fitted(image, size) for image in found.images]))
    done = [*plan.done, *sizes_said(found.sizes, images.shape[1:]), *ranged]
    if found.colours:
        share = f"{found.colours:,} of {len(images):,}"
        done.append(f"{share} are in colour and became grey by luminance (ITU-R 601).")
    files = np.array([plan.paths[place] for place in found.places])
    labels = [plan.classes[place] for place in found.places]
    sides = plan.testing and np.array([plan.testing[place] for place in found.places])
    return assemble(name, images, labels, files, sides, found.skipped, done)


def _images(source: Source) -> list[str]:
    """The files that are called pictures, and those without an ending that begin as such.

    Where nothing is called so, whatever begins as a picture does.
    """
    named = [path for path in source.files if path.lower().endswith(IMAGES)]
    others = [path for path in source.files if not named or not PurePosixPath(path).suffix]
    called = set(named)
    return named + [
        path
        for path in others
        if path not in called and decode.looks_like_picture(source.read(path)[:12])
    ]


@dataclass
class _Found:
    """What was decoded: grey images, their places in the layout and sizes; and the rest."""

    skipped: list[Skipped]
    places: list[int] = field(default_factory=list)
    images: list[np.ndarray] = field(default_factory=list)
    sizes: Counter = field(default_factory=Counter)
    colours: int = 0


def _decoded(
    source: Source, images: set[str], plan: Layout, limits: Limits, progress: Progress
) -> _Found:
    pixels, paths = 0, plan.paths
    found = _Found(list(source.skipped))
    found.skipped += [
        Skipped(path[:120], Reason.NO_PICTURE)
        for path in source.files
        if path not in images and path not in plan.label_files
    ]
    began = time.monotonic()
    for number, path in enumerate(paths):
        if time.monotonic() - began > limits.seconds:
            part = f"{number:,} of {len(paths):,} files were read in {limits.seconds:.0f} seconds"
            raise Refused(f"Only {part}; wanted all of them.")
        if number % REPORT_EVERY == 0:
            progress(Phase.DECODING, number, len(paths))
        content = source.read(path)
        size = decode.size_of(content, FORMATS)
        pixels += size[0] * size[1]
        if pixels > limits.pixels:
            raise Refused(f"The images have more than {limits.pixels:,} pixels in all.")
        try:
            picture = decode.decode(content, FORMATS)
        except Refused as error:
            found.skipped.append(Skipped(path[:120], Reason.UNREADABLE, str(error)))
            continue
        upright = (
            size if (size[0] < size[1]) == (picture.shape[0] < picture.shape[1]) else size[::-1]
        )
        found.places.append(number)
        # Small at once: all pictures as they come may take more memory than the server has.
        found.images.append(fitted(luminance(picture), at_most(picture.shape[:2])))
        found.sizes[upright] += 1
        found.colours += decode.is_coloured(picture)
    return found
