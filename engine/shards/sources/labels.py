"""The labels of a block: whole numbers or names, and which images have one."""

import numpy as np

from engine.datasets.labels import NONE, WHOLE, as_names
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_CLASSES

NO_LABEL = "has no label"


def told(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The labels (n,) as int64, or as text where one is no whole number; and which there are, bool.

    As in `engine.datasets.labels.settled` 5.0 and "5" are 5, and −1, nan or nothing are no label.
    Raises Refused for fractions and for more classes than are taken.
    """
    if labels.dtype.kind in "iub":
        numbers = labels.astype(np.int64)
        judge_classes(np.unique(numbers))
        return numbers, numbers != -1
    found, places = np.unique(_plain(labels), return_inverse=True)
    judge_classes(found)
    names = as_names(found)
    whole = all(name in NONE or WHOLE.fullmatch(name) for name in names)
    there = np.array([not (name in NONE if whole else not name) for name in names], dtype=bool)
    called = np.array([_number(name) for name in names]) if whole else np.array(names, dtype=str)
    return called[places], there[places]


def judge_classes(classes: np.ndarray) -> None:
    """Raises Refused for more classes than are taken."""
    if len(classes) > MAX_CLASSES:
        found = f"{len(classes):,} classes, among them {str(classes[0])[:40]!r}"
        raise Refused(f"Found {found}; wanted at most {MAX_CLASSES}.")


def alike(labels: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """The labels as text where the classes are text."""
    return labels.astype(str) if classes.dtype.kind == "U" and labels.dtype.kind != "U" else labels


def _plain(labels: np.ndarray) -> np.ndarray:
    """Labels that can be sorted: of objects their text."""
    if labels.dtype.kind != "O":
        return labels
    return np.array(["" if one is None else str(one) for one in labels.tolist()], dtype=str)


def _number(name: str) -> int:
    return -1 if name in NONE else int(WHOLE.fullmatch(name)[1])
