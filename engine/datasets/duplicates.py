"""Training images that are nearly test images: a classifier may have learned them by heart."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from engine.datasets.dataset import Dataset
from engine.datasets.summary import identical_pairs
from engine.runtime.limits import MAX_DUPLICATE_MULTIPLICATIONS
from engine.runtime.progress import Progress, no_progress

TEST_BLOCK, TRAINING_BLOCK = 1000, 4000  # images compared at a time: 16 MB of distances


def nearest_training(dataset: Dataset, progress: Progress = no_progress) -> pd.DataFrame:
    """For test images the nearest training image: ``test``, ``training`` (indices), ``apart``.

    ``apart`` is the Euclidean distance of the two as a share of the test image's own length (the
    root of its summed squares): 0 for equal pixels, 0.1 where a hundredth of its ink's energy
    differs, about 1 for images without anything in common. Sorted by it.

    Where all would take more than `MAX_DUPLICATE_MULTIPLICATIONS`, every second, third … test image
    is looked at. Memory: a block of distances, whatever the size of the data.
    """
    training = dataset.training.images.reshape(len(dataset.training), -1)
    looked_at = np.arange(len(dataset.testing))[:: _step(dataset)]
    parts = []
    for start in range(0, len(looked_at), TEST_BLOCK):
        some = looked_at[start : start + TEST_BLOCK]
        progress("Comparing test with training images", start, len(looked_at))
        tests = dataset.testing.images[some].reshape(len(some), -1).astype(np.float32)
        parts.append(_nearest(tests, training))
    nearest = np.concatenate(parts) if parts else np.empty(0, int)
    for test, first in identical_pairs(
        dataset
    ):  # exact, where rounding may find a near one instead
        nearest[looked_at == test] = first
    apart = _apart(dataset, looked_at, nearest)
    table = pd.DataFrame({"test": looked_at, "training": nearest, "apart": apart})
    return table.sort_values("apart", kind="stable", ignore_index=True)


def _step(dataset: Dataset) -> int:
    work = 2.0 * len(dataset.testing) * len(dataset.training) * np.prod(dataset.size)
    return max(1, int(np.ceil(work / MAX_DUPLICATE_MULTIPLICATIONS)))


def _nearest(tests: np.ndarray, training: np.ndarray) -> np.ndarray:
    """The index of the nearest row of ``training`` for each of a few ``tests``, (n,)."""
    best, index = np.full(len(tests), np.inf, np.float32), np.zeros(len(tests), int)
    for at, block in _blocks(training):
        # |a - b|² without |a|², which is the same for all b; scikit-learn's
        # pairwise_distances_argmin_min took 2.7 times the processor time for it
        apart = (block**2).sum(axis=1) - 2 * (tests @ block.T)
        place = apart.argmin(axis=1)
        least = apart[np.arange(len(tests)), place]
        nearer = least < best
        best[nearer], index[nearer] = least[nearer], at + place[nearer]
    return index


def _blocks(images: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    for at in range(0, len(images), TRAINING_BLOCK):
        yield at, images[at : at + TRAINING_BLOCK].astype(np.float32)


def _apart(dataset: Dataset, tests: np.ndarray, nearest: np.ndarray) -> np.ndarray:
    """Exactly how far each pair is apart, (n,), with a blank image's length taken as 1."""
    apart = np.zeros(len(tests))
    for place, (one, other) in enumerate(zip(tests, nearest, strict=True)):
        image = dataset.testing.images[one].astype(float)
        difference = image - dataset.training.images[other]
        apart[place] = np.linalg.norm(difference) / max(np.linalg.norm(image), 1.0)
    return apart


def pairs(dataset: Dataset, nearest: pd.DataFrame, most: float) -> pd.DataFrame:
    """The rows of `nearest_training` at most ``most`` apart, with both labels and both files.

    ``identical`` tells those whose pixels are equal; ``same label`` whether the labels are.
    """
    close = nearest[nearest["apart"] <= most]
    tests, trainings = close["test"].to_numpy(int), close["training"].to_numpy(int)
    of_test, of_training = dataset.testing.labels[tests], dataset.training.labels[trainings]
    return close.assign(
        **{
            "identical": close["apart"].to_numpy() == 0,
            "test label": of_test,
            "training label": of_training,
            "same label": of_test == of_training,
            "test file": dataset.testing.files[tests],
            "training file": dataset.training.files[trainings],
        }
    )
