"""What a dataset of digits is: two splits of small grey images, their labels and file names."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np

from engine.runtime.limits import MAX_PATH_CHARACTERS


def class_noun(classes: Sequence) -> str:
    """What a class of these is called in a sentence: "digit" if `is_digits`, or "class"."""
    return "digit" if is_digits(classes) else "class"


def is_digits(classes: Sequence) -> bool:
    """Whether all of these classes are the digits 0 to 9, as numbers; true of no classes.

    Classes that are called "0" to "9" but are no digits have these names as text.
    """
    return all(isinstance(name, int | np.integer) and 0 <= name <= 9 for name in classes)


class Reason(StrEnum):
    """Why a file of a dataset was not used."""

    MISSING = "is missing or empty"
    UNREADABLE = "cannot be read"
    FOREIGN = "is no folder of a digit, and ignored"
    HIDDEN = "is hidden, and ignored"
    LINK = "is a link"
    OUTSIDE = "leads out of the archive"
    TWICE = "is there a second time"
    LONG = f"has a path of more than {MAX_PATH_CHARACTERS} characters"
    NO_PICTURE = "is no picture"
    NO_DATA = "is neither a table nor a picture"


@dataclass(frozen=True)
class Skipped:
    """A file that was found and not used; ``detail`` says more of what is `Reason.UNREADABLE`."""

    file: str
    reason: Reason
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.detail or self.reason}"


@dataclass(frozen=True, eq=False)
class Split:
    """``images`` (n, h, w) uint8, 0 paper to 255 ink; ``labels`` (n,) digits, or other classes
    by whole numbers or by names; ``files`` (n,) names.

    Index i means the same image in all three. The arrays are read-only, because every viewer of
    the server shares them.
    """

    images: np.ndarray
    labels: np.ndarray
    files: np.ndarray

    def __post_init__(self) -> None:
        lengths = len(self.images), len(self.labels), len(self.files)
        if len(set(lengths)) != 1:
            raise ValueError(f"images, labels and files must be equally many, got {lengths}")
        for array in (self.images, self.labels, self.files):
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.images)

    def part(self, index: np.ndarray) -> "Split":
        """The images at these places, copied."""
        return Split(self.images[index], self.labels[index], self.files[index])


@dataclass(frozen=True, eq=False)
class Dataset:
    """A dataset: ``training`` makes the templates, ``testing`` judges them.

    ``skipped`` names each file that was found but could not be used, with the reason; ``done``
    says, a sentence each, what was done to the images that were. ``totals`` is there where there
    are more images than these: all of each class are counted, as by `summary.class_counts`.
    """

    name: str
    training: Split
    testing: Split
    skipped: tuple[Skipped, ...] = ()
    done: tuple[str, ...] = ()
    totals: Any = None

    @property
    def is_sample(self) -> bool:
        """Whether it has only some of its images here; counts are of all of them all the same."""
        return self.totals is not None

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of every image, in pixels."""
        return self.training.images.shape[1:]

    @property
    def nbytes(self) -> int:
        """Bytes of all its arrays in memory."""
        splits = self.training, self.testing
        return sum(array.nbytes for s in splits for array in (s.images, s.labels, s.files))

    @cached_property
    def key(self) -> str:
        """Short name of exactly these images and labels; equal datasets have equal keys."""
        digest = hashlib.sha256(self.name.encode())
        for split in (self.training, self.testing):
            digest.update(repr(split.images.shape).encode())
            digest.update(np.ascontiguousarray(split.images))
            digest.update(np.ascontiguousarray(split.labels))
        return digest.hexdigest()[:16]

    def remember_key(self, key: str) -> None:
        """Spares computing ``key`` when it was kept with exactly these images and labels."""
        self.__dict__["key"] = key  # where cached_property looks; a changed copy starts without
