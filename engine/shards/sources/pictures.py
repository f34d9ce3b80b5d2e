"""Shards of encoded pictures: a block of the grey images of one size, and which cannot be used."""

from collections.abc import Sequence

import numpy as np

from engine.importers.image_folder import FORMATS
from engine.importers.resize import at_most, fitted
from engine.preprocessing import decode
from engine.preprocessing.foreground import luminance
from engine.runtime.errors import Refused
from engine.shards.sources.labels import NO_LABEL, told
from engine.shards.sources.shard import Block, Shard, Unread


def picture_block(
    shard: Shard,
    at: int,
    contents: Sequence[bytes | None],
    labels: Sequence[str],
    testing: np.ndarray | None = None,
    size: tuple[int, int] | None = None,
) -> Block:
    """The block of these pictures, the first of which has place ``at``.

    Pictures of another ``size``, by default that of the first, and those without a label are
    unread. Colour becomes grey by luminance (ITU-R 601); larger ones than are taken are scaled.
    """
    names, there = told(np.array(labels, dtype=str))
    images, kept, unread = [], [], []
    for place, content in enumerate(contents):
        image, why = _image(content, images[0].shape if images and size is None else size)
        why = why if there[place] else NO_LABEL
        if why:
            unread.append(Unread(shard.name, at + place, why))
        else:
            images.append(image)
            kept.append(place)
    together = np.stack(images) if images else np.empty((0, *(size or (0, 0))), np.uint8)
    sides = None if testing is None else testing[kept]
    index = at + np.array(kept, dtype=int)
    return Block(index, together, names[kept], sides, tuple(unread))


def _image(content: bytes | None, size: tuple | None) -> tuple[np.ndarray | None, str]:
    """The grey image and '', or None and why there is none."""
    try:
        picture = decode.decode(content or b"", FORMATS)
    except Refused as refusal:
        return None, str(refusal)
    image = fitted(luminance(picture), at_most(picture.shape[:2]))
    if size is not None and image.shape != size:
        return None, size_said(image.shape, size)
    return image, ""


def size_said(found: tuple, wanted: tuple) -> str:
    """What is said of an image of another size than the first."""
    sizes = ["×".join(map(str, size)) for size in (found, wanted)]
    return f"Found {sizes[0]} pixels; wanted {sizes[1]}, as the first image has."
