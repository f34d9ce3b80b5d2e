"""A tree of image files: one folder a class, in two splits or in one piece."""

import io
from collections import Counter
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


def read_tree(
    source: Source, name: str, limits: Limits, progress: Progress = no_progress
) -> Digits:
    """The images of ``source`` by the folder each is in, its class, in the order of their paths.

    Above the class may be a folder training, train, testing or test; without both, a fifth is
    kept for testing. Colour becomes grey by luminance (ITU-R 601), 16 bits become 8, and images
    of other sizes than the most frequent one are fitted into it, keeping their proportions. Files
    that are no pictures are named in ``skipped``. Raises Refused.
    """
    skipped, found, pixels = list(source.skipped), [], 0
    paths = sorted(source.files)
    for number, path in enumerate(paths):
        if number % REPORT_EVERY == 0:
            progress("Decoding images", number, len(paths))
        parts = PurePosixPath(path).parts
        content = source.files[path]()
        pixels += _pixels(content)
        if pixels > limits.pixels:
            raise Refused(f"The images have more than {limits.pixels:,} pixels in all.")
        try:
            if len(parts) < 2:
                raise Refused("It is in no folder, so its class is not known.")
            found.append((path, parts, as_grey(intake.decode(content))))
        except Refused as error:
            skipped.append(f"{path[:120]}: {error}")
    if not found:
        raise Refused(f"No image was found in {len(paths):,} files; wanted one folder a class.")
    images = same_size([image for *_, image in found])
    testing = _testing([parts for _, parts, _ in found])
    labels = class_labels([parts[-2] for _, parts, _ in found])
    files = np.array([path for path, *_ in found])
    return assemble(name, images, labels, files, testing, skipped)


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


def _pixels(content: bytes) -> int:
    """How many the header speaks of; 0 for what is no picture."""
    try:
        with Image.open(io.BytesIO(content), formats=intake.FORMATS) as image:
            return image.width * image.height
    except Exception:  # judged again, and named, where it is decoded
        return 0


def _testing(paths: list[tuple[str, ...]]) -> np.ndarray | None:
    """Which images are for testing, (n,); None when the tree does not say."""
    sides = [SPLITS.get(parts[-3].lower()) if len(parts) > 2 else None for parts in paths]
    if None in sides:
        if set(sides) != {None}:
            at = sides.index(None)
            raise Refused(f"{'/'.join(paths[at])[:120]!r} is neither in training nor in testing.")
        return None
    return np.array(sides) if len(set(sides)) == 2 else None
