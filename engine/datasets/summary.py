"""What a dataset holds: how many images of each class, and how evenly."""

import numpy as np
import pandas as pd

from engine.datasets.dataset import Dataset, Split


def class_counts(dataset: Dataset) -> pd.DataFrame:
    """One row a class of either split: ``digit``, and its images in ``training``, ``testing``."""
    if dataset.is_sample:
        return dataset.totals
    splits = {"training": dataset.training.labels, "testing": dataset.testing.labels}
    classes = np.unique(np.concatenate(list(splits.values())))
    columns = {name: [int((labels == c).sum()) for c in classes] for name, labels in splits.items()}
    return pd.DataFrame({"digit": classes, **columns})


def some_of(split: Split, label: object, most: int) -> np.ndarray:
    """Indices of at most ``most`` images of that label, evenly spread over their order."""
    places = np.flatnonzero(split.labels == label)
    return places[np.linspace(0, len(places) - 1, min(most, len(places))).astype(int)]


def identical_pairs(dataset: Dataset) -> list[tuple[int, int]]:
    """Test images that are, pixel for pixel, training images too: (test, first training) indices.

    A classifier may have learned them by heart, so they flatter it.
    """
    first = {}
    for index, image in enumerate(dataset.training.images):
        first.setdefault(image.tobytes(), index)
    tests = enumerate(image.tobytes() for image in dataset.testing.images)
    return [(index, first[pixels]) for index, pixels in tests if pixels in first]


def identical_table(dataset: Dataset, identical: list[tuple[int, int]]) -> pd.DataFrame:
    """`identical_pairs` with both files and both labels, which may differ."""
    tests, trainings = (list(side) for side in zip(*identical, strict=True))
    testing, training = dataset.testing, dataset.training
    return pd.DataFrame(
        {
            "test image": tests,
            "test file": testing.files[tests],
            "test label": testing.labels[tests],
            "training image": trainings,
            "training file": training.files[trainings],
            "training label": training.labels[trainings],
        }
    )
