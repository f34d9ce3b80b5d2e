"""Images of several sizes become images of one."""

from collections import Counter

import numpy as np
from PIL import Image

from engine.runtime.limits import MAX_IMAGE_SIDE

NAMED_SIZES = 4  # of mixed sizes, the most frequent


def sizes_said(found: Counter, size: tuple[int, int]) -> list[str]:
    """Which sizes (rows, columns) the images came in and what was done; nothing if all fitted."""
    others = found.total() - found.get(size, 0)
    if not others:
        return []
    first = found.most_common(NAMED_SIZES)
    named = [f"{n:,} of {rows}×{columns}" for (rows, columns), n in first]
    rest = found.total() - sum(n for _, n in first)
    if rest:
        named.append(f"{rest:,} of others")
    sizes = "1 size" if len(found) == 1 else f"{len(found)} sizes"
    return [
        f"They came in {sizes}: {', '.join(named)} (rows × columns, in pixels). {others:,} were "
        f"scaled to fit {size[0]}×{size[1]}, keeping their proportions, and centred on the grey of "
        "their border."
    ]


def at_most(size: tuple[int, int]) -> tuple[int, int]:
    """The size itself or, of the same proportions, one of 64 pixels on the longer side."""
    scale = min(1, MAX_IMAGE_SIDE / max(size))
    return tuple(max(1, round(side * scale)) for side in size)


def fitted(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The image in that size: scaled to fit, and centred on its own border's grey."""
    if image.shape == size:
        return image
    scale = min(size[0] / image.shape[0], size[1] / image.shape[1])
    rows, columns = (max(1, round(side * scale)) for side in image.shape)
    small = Image.fromarray(image).resize((columns, rows), Image.Resampling.BOX)
    border = np.concatenate([image[[0, -1]].ravel(), image[:, [0, -1]].ravel()])
    canvas = np.full(size, np.median(border).astype(np.uint8))
    top, left = (size[0] - rows) // 2, (size[1] - columns) // 2
    canvas[top : top + rows, left : left + columns] = small
    return canvas
