"""Arrays that are mapped from a file: how to give their memory back while nobody reads them."""

import mmap

import numpy as np


def give_back(array: np.ndarray) -> None:
    """Frees the memory of an array that is mapped read-only; the next look reads the file again.

    An array that is not mapped, or a system that cannot do so, is left as it is.
    """
    owner = array
    while isinstance(owner, np.ndarray):
        owner = owner.base
    if isinstance(owner, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        owner.madvise(mmap.MADV_DONTNEED)
