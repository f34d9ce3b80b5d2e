"""From images and class names to a dataset: the rules that all formats share."""

from collections.abc import Sequence

import numpy as np

from engine.datasets.dataset import Dataset, Skipped, Split, is_digits
from engine.datasets.labels import class_labels, lookalikes, settled
from engine.importers.readings import choose
from engine.preprocessing.digit_shapes import TURNS, look_like_digits, orientation
from engine.preprocessing.grey_levels import ink_bright
from engine.runtime.errors import Refused
from engine.runtime.limits import (
    MIN_IMAGES_PER_CLASS,
)

TESTING = {
    "training": False,
    "train": False,
    "testing": True,
    "test": True,
}  # what splits are called
AS_THEY_CAME = "as they came"
TEST_SHARE, SEED = 0.2, 0  # of a set that comes in one piece


def assemble(
    name: str,
    images: np.ndarray,
    names: list[str],
    files: np.ndarray,
    testing: np.ndarray | None,
    skipped: Sequence[Skipped] = (),
    done: Sequence[str] = (),
) -> Dataset:
    """The dataset of uint8 ``images`` (n, h, w) with the ``names`` of their classes;
    ``testing`` (n,) bool, None to split them here.

    A fifth of each class, at least one image, is then held out for testing, always the same. Images
    without a label are left out, and those on bright paper are turned into ink. ``done`` is said
    of the dataset, with what is done here. Images keep the order in which they are given: an
    index is a place in the data as they came. Raises Refused when a class has too few images, or
    is in the test images only.
    """
    names, keep, said = settled(names)
    done = [*done, *said]
    if not keep.all():
        images, files = images[keep], files[keep]
        names = [name for name, kept in zip(names, keep, strict=True) if kept]
        testing = None if testing is None else testing[keep]
    labels = class_labels(names)
    done += lookalikes(np.unique(labels).astype(str).tolist())
    if testing is None:
        testing = _split(labels)
        done.append(
            f"They came in one piece: {testing.sum():,} of {len(testing):,}, as near to a fifth of "
            "each class as can be, are held out for testing, always the same ones."
        )
    _judge(labels, testing)
    images, turned = ink_bright(images)
    images, upright = _upright(images, labels, ~testing)
    labels, called = _called(images, labels, ~testing)
    done += turned + upright + called
    parts = ~testing, testing
    splits = [Split(images[part], labels[part], files[part]) for part in parts]
    return Dataset(name, *splits, skipped=tuple(skipped), done=tuple(done))


def _upright(
    images: np.ndarray, labels: np.ndarray, training: np.ndarray
) -> tuple[np.ndarray, list[str]]:
    """The images, turned if that was chosen, and a sentence where they do not look upright."""
    turn = orientation(images[training], labels[training])
    if turn is None:
        return images, []
    turned = f"turned upright, by {turn}"
    if choose("How do the images lie?", {AS_THEY_CAME: False, turned: True}, AS_THEY_CAME):
        return np.ascontiguousarray(TURNS[turn](images)), [f"They were {turned}, as was chosen."]
    return images, [
        f"They were left as they came, but do not look upright: {turn} would make them look much "
        "more like digits, as EMNIST's published files need. Until then, upright digits on "
        "Classify are not understood."
    ]


def _called(
    images: np.ndarray, labels: np.ndarray, training: np.ndarray
) -> tuple[np.ndarray, list[str]]:
    """The labels, as text where they are 0 to 9 but no digits, and a sentence that says so."""
    if not is_digits(np.unique(labels)):
        return labels, []
    known, names = images[training], labels[training]
    if look_like_digits(known, names) or orientation(known, names) is not None:
        return labels, []
    return labels.astype(str), [
        "The classes are called 0 to 9, but their images do not look like these digits, so "
        "nothing is called a digit; the names of the classes can say that they are."
    ]


def _split(labels: np.ndarray) -> np.ndarray:
    from sklearn.model_selection import train_test_split

    _judge(labels, np.zeros(len(labels), dtype=bool), alone=True)
    each = np.arange(len(labels))
    n_classes = len(np.unique(labels))
    share = max(round(TEST_SHARE * len(labels)), n_classes)
    _, chosen = train_test_split(each, test_size=share, stratify=labels, random_state=SEED)
    return np.isin(each, chosen)


def _judge(labels: np.ndarray, testing: np.ndarray, alone: bool = False) -> None:
    classes, counts = np.unique(labels[~testing], return_counts=True)
    least = MIN_IMAGES_PER_CLASS + alone
    few = counts < least
    if few.any():
        what = ("image" if alone else "training image") + "s" * int(counts[few][0] != 1)
        found = f"The class {str(classes[few][0])!r} has {counts[few][0]} {what}"
        raise Refused(f"{found}; wanted at least {least} of each class.")
    unknown = sorted(set(labels[testing].tolist()) - set(classes.tolist()))
    if unknown:
        raise Refused(f"The class {str(unknown[0])!r} is in the test images only.")
    if not alone and not testing.any():
        raise Refused("There are no test images.")
