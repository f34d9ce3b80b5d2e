"""Datasets whose classes have awkward names: marks of Markdown, of spreadsheets, other scripts."""

import io

import numpy as np

from engine.datasets.dataset import Dataset, Split

MARKED = [
    "*a*", "<b>x</b>", "![x](http://127.0.0.1:9/a.png)", "a|b", "$x$", ":material/home:", "C#",
    '"quoted"', "a.b[0]:c", "`x` \\ _y_",
]  # fmt: skip
FOREIGN = ["0", "00", "=1+1", "ñandú", "قطة", "don't", "a -> b", "-- x --", "😀 cat", "&amp; 100 %"]
AWKWARD = [*MARKED, *FOREIGN]


def renamed(dataset: Dataset, names: list[str]) -> Dataset:
    """The same images with these ten names for their classes, in the order of the digits."""
    splits = [
        Split(split.images, np.array(names)[split.labels], split.files)
        for split in (dataset.training, dataset.testing)
    ]
    return Dataset("awkward names", *splits)


def packed(dataset: Dataset) -> bytes:
    """The dataset as an NPZ file, as a viewer may bring it."""
    file, (one, other) = io.BytesIO(), (dataset.training, dataset.testing)
    np.savez(file, x_train=one.images, y_train=one.labels, x_test=other.images, y_test=other.labels)
    return file.getvalue()
