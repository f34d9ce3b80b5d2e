"""The digits that are always there: the 8×8 ones that come with scikit-learn."""

import numpy as np

from engine.datasets.dataset import Dataset, Split

GREYS = 16  # load_digits counts ink from 0 to 16
TEST_SHARE = 1 / 3
SEED = 0


def load_sklearn_digits() -> Dataset:
    """scikit-learn's 1,797 real handwritten digits, a third of each digit kept for testing.

    Ink is rescaled from 0…16 to 0…255. The split is stratified and fixed, so every start and every
    machine sees the same images under the same index: no other programme has this split, so they
    are counted by digit.
    Source: Alpaydin and Kaynak, Optical Recognition of Handwritten Digits (UCI, 1998).
    """
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    source = load_digits()
    images = np.round(source.images * (255 / GREYS)).astype(np.uint8)
    files = np.array([f"load_digits/{index}" for index in range(len(images))])
    training, testing = train_test_split(
        np.arange(len(images)), test_size=TEST_SHARE, stratify=source.target, random_state=SEED
    )
    splits = [
        Split(images[chosen], source.target[chosen].astype(np.int64), files[chosen])
        for chosen in (in_order(training, source.target), in_order(testing, source.target))
    ]
    return Dataset("Embedded digits", *splits)


def in_order(chosen: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Sorted by digit, then by place in the source: the order a folder per digit would give."""
    return chosen[np.lexsort((chosen, labels[chosen]))]
