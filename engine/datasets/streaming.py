"""Images from a file that need not fit into memory, a few at a time."""

import math
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROWS = 8192  # images at a time, 6.4 MB of MNIST's; so many of a class are added up at once


def image_blocks(path: Path, size: tuple[int, int], rows: int = ROWS) -> Iterator[np.ndarray]:
    """The uint8 images (h, w) of a .npy file or of one that holds nothing but their pixels.

    Each block is (m, h, w) with m ≤ ``rows``, and is overwritten by the next: the memory taken is
    that of one block. Raises ValueError for another type or size, an image cut short, or another
    number of images than a .npy file says.

    >>> for images in image_blocks(Path("many.u8"), (28, 28)):  # doctest: +SKIP
    ...     model.partial_fit(images, next(labels))
    """
    buffer = np.empty((rows, *size), np.uint8)
    image = buffer[0].nbytes
    with path.open("rb", buffering=0) as file:
        if file.read(6) == np.lib.format.MAGIC_PREFIX:
            _check_npy(file, size)
        else:
            file.seek(0)
        while count := _fill(file, buffer):
            if count % image:
                raise ValueError(f"{path.name} ends within an image of {size[0]}×{size[1]} pixels")
            yield buffer[: count // image]


def _fill(file, buffer: np.ndarray) -> int:
    """How many bytes were read; fewer than the buffer has at the end of the file only."""
    view, done = memoryview(buffer).cast("B"), 0
    while done < len(view) and (more := file.readinto(view[done:])):
        done += more
    return done


def _check_npy(file, size: tuple[int, int]) -> None:
    """Leaves the file where the pixels begin."""
    file.seek(0)
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0
    if version != (1, 0):
        read = np.lib.format.read_array_header_2_0
    shape, by_column, dtype = read(file)
    if dtype != np.uint8 or by_column or shape[1:] != tuple(size):
        raise ValueError(f"holds {dtype} of {shape}, wanted uint8 images of {size[0]}×{size[1]}")
    found, wanted = os.fstat(file.fileno()).st_size - file.tell(), math.prod(shape)
    if found != wanted:
        raise ValueError(f"has {found:,} bytes of pixels; its header says {wanted:,}")
