"""The sums of the images of each class, added to in parts: all that mean templates need."""

import numpy as np

WHITE = 255  # a uint8 pixel p stands for p / 255
ABREAST = 4  # images side by side in one long row: few long rows are added faster than many short
ROWS = 256 * ABREAST  # images at a time: the sum of 256 uint8 pixels fits into 16 bits, the fastest
BUFFER = 3136  # pixels that numpy widens to 16 bits at a time: with the sums, they fit the L1 cache


class ClassSums:
    """``counts`` (k,) images and ``sums`` (k, …) of their pixels, for the sorted ``classes`` (k,).

    Of uint8 images the sums are whole grey levels in 64 bits, exact for any number of images; of
    floats they are floats. A class is there from its first image on.
    """

    def __init__(self, images: np.ndarray, labels: np.ndarray) -> None:
        """From images (n, …), n ≥ 1, and their labels (n,)."""
        self.exact = images.dtype == np.uint8
        self.classes, self.counts = labels[:0], np.zeros(0, np.int64)
        self.sums = np.zeros((0, *images.shape[1:]), np.uint64 if self.exact else np.float64)
        self.add(images, labels)

    def add(self, images: np.ndarray, labels: np.ndarray) -> None:
        """Adds images. Raises ValueError when only some are uint8: their levels are others."""
        if (images.dtype == np.uint8) != self.exact:
            wanted = "uint8" if self.exact else "no uint8"
            raise ValueError(f"got {images.dtype} images, wanted {wanted} as before")
        found, rows_of_each = _by_class(labels)
        self._make_room(found)
        places = np.searchsorted(self.classes, found)
        for place, rows in zip(places, rows_of_each, strict=True):
            self.counts[place] += len(rows)
            for at in range(0, len(rows), ROWS):
                self.sums[place] += self._sum(images, rows[at : at + ROWS])

    def __add__(self, other: "ClassSums") -> "ClassSums":
        """The sums of both, for any order and grouping the same where they are whole numbers.

        Classes that are numbers in one and names in the other become names. Raises ValueError for
        images of another size or kind.
        """
        if (self.exact, self.sums.shape[1:]) != (other.exact, other.sums.shape[1:]):
            raise ValueError(f"images are {other.sums.shape[1:]}, wanted {self.sums.shape[1:]}")
        labels = np.concatenate(as_one_kind(self.classes, other.classes))
        classes, places = np.unique(labels, return_inverse=True)
        counts = np.zeros(len(classes), np.int64)
        sums = np.zeros((len(classes), *self.sums.shape[1:]), self.sums.dtype)
        np.add.at(counts, places, np.concatenate([self.counts, other.counts]))
        for place, one in zip(places, [*self.sums, *other.sums], strict=True):
            sums[place] += one
        return ClassSums.restored(classes, counts, sums)

    @classmethod
    def restored(cls, classes: np.ndarray, counts: np.ndarray, sums: np.ndarray) -> "ClassSums":
        """Those that had these attributes."""
        made = cls.__new__(cls)
        made.exact = sums.dtype == np.uint64
        made.classes, made.counts, made.sums = classes, counts, sums
        return made

    def means(self) -> np.ndarray:
        """The mean image of each class, (k, …) float64; in [0, 1] for uint8 images."""
        white = WHITE if self.exact else 1
        return (self.sums.T / (self.counts * white)).T  # the classes are the first axis

    def _sum(self, images: np.ndarray, rows: range | np.ndarray) -> np.ndarray:
        """The sum of a few images; neighbours are not copied first, others the quickest way."""
        neighbours = rows[-1] - rows[0] == len(rows) - 1
        some = images[rows[0] : rows[-1] + 1] if neighbours else images.take(rows, axis=0)
        return _sum_of_bytes(some) if self.exact else np.add.reduce(some, axis=0, dtype=np.float64)

    def _make_room(self, found: np.ndarray) -> None:
        """Classes that are new get their place among the others."""
        new = np.setdiff1d(found, self.classes)
        if len(new):
            places = np.searchsorted(self.classes, new)
            self.counts = np.insert(self.counts, places, 0)
            self.sums = np.insert(self.sums, places, 0, axis=0)
            self.classes = np.union1d(self.classes, new)


def as_one_kind(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both as they are, or as text where only one of them is."""
    if (one.dtype.kind == "U") == (other.dtype.kind == "U"):
        return one, other
    return one.astype(str), other.astype(str)


def _by_class(labels: np.ndarray) -> tuple[np.ndarray, list[range] | list[np.ndarray]]:
    """The sorted classes (k,) and the rows of each; to find them is quick if they lie by class."""
    starts = np.flatnonzero(np.append(True, labels[1:] != labels[:-1])[: len(labels)])
    found, first = np.unique(labels[starts], return_index=True)
    if len(found) < len(starts):
        return found, [np.flatnonzero(labels == label) for label in found]
    runs = list(map(range, starts, [*starts[1:], len(labels)]))
    return found, [runs[place] for place in first]


def _sum_of_bytes(images: np.ndarray) -> np.ndarray:
    """The sum (…) of 1 to ROWS uint8 images, in 64 bits."""
    size = images[0].size
    abreast = len(images) // ABREAST * ABREAST
    long = images[:abreast].reshape(-1, ABREAST * size)
    with np.errstate():  # at its end numpy has the size of before
        np.setbufsize(BUFFER)
        four = np.add.reduce(long, axis=0, dtype=np.uint16).reshape(ABREAST, size)
    sums = np.add.reduce(four, axis=0, dtype=np.uint64)
    if abreast < len(images):
        sums += np.add.reduce(images[abreast:].reshape(-1, size), axis=0, dtype=np.uint16)
    return sums.reshape(images.shape[1:])
