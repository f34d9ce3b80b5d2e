"""Judges predictions: the confusion matrix, rates with their intervals, and a row an image."""

from enum import StrEnum

import numpy as np
import pandas as pd

from engine.datasets.dataset import Split, class_noun

Z95 = 1.959963984540054  # standard normal quantile of a two-sided 95 % interval


def wilson(successes: np.ndarray | int, trials: np.ndarray | int) -> tuple[np.ndarray, np.ndarray]:
    """The 95 % interval (low, high) of a rate, in [0, 1]; nan for no trials.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    JASA 22 (1927).
    """
    k, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = k / n
        middle = rate + Z95**2 / (2 * n)
        half = Z95 * np.sqrt(rate * (1 - rate) / n + Z95**2 / (4 * n**2))
        low, high = ((middle + sign * half) / (1 + Z95**2 / n) for sign in (-1, 1))
    # At its ends the interval is exactly 0 and 1; the floats above miss them by a hair.
    low = np.where((k == 0) & (n > 0), 0.0, np.clip(low, 0, 1))
    return low, np.where((k == n) & (n > 0), 1.0, np.clip(high, 0, 1))


def matrix(
    true: np.ndarray, predicted: np.ndarray, classes: np.ndarray, images: np.ndarray | int = 1
) -> np.ndarray:
    """Counts (k, k): row the true digit, column the predicted one, both as in ``classes``.

    Each row stands for so many ``images``. Raises KeyError for a label that is not in ``classes``.
    """
    counts = np.zeros((len(classes), len(classes)), dtype=int)
    np.add.at(counts, (places(true, classes), places(predicted, classes)), images)
    return counts


IMAGES = "images"  # a column of tables whose rows stand for so many images each


def images_of(table: pd.DataFrame) -> np.ndarray:
    """How many images each row stands for, (n,): one, unless a column of the table says more."""
    return table[IMAGES].to_numpy() if IMAGES in table else np.ones(len(table), dtype=int)


def places(labels: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Where each label stands in ``classes``, (n,). Raises KeyError for one that does not."""
    place_of = {digit: place for place, digit in enumerate(classes)}
    return np.array([place_of[label] for label in labels], dtype=int)


def per_digit(counts: np.ndarray, classes: np.ndarray) -> pd.DataFrame:
    """One row a digit of a confusion matrix: precision, recall, F1 and support.

    Recall is the digit's accuracy: of its images, the share that is called it. ``recall low`` to
    ``recall high`` (``precision …`` likewise) is the Wilson 95 % interval. A rate without images
    is nan, F1 without either is nan.
    """
    right, support, called = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    with np.errstate(invalid="ignore"):
        recall, precision, f1 = right / support, right / called, 2 * right / (support + called)
    low, high = wilson(right, support)
    low_precision, high_precision = wilson(right, called)
    return pd.DataFrame(
        {
            "digit": classes,
            "images": support,
            "right": right,
            "called": called,
            "recall": recall,
            "recall low": low,
            "recall high": high,
            "precision": precision,
            "precision low": low_precision,
            "precision high": high_precision,
            "F1": f1,
        }
    )


def sink(scores: pd.DataFrame) -> int | None:
    """The row of `per_digit` whose digit draws most wrong answers; None when nothing is wrong.

    On a tie the first.
    """
    wrong = scores["called"].to_numpy() - scores["right"].to_numpy()
    return int(wrong.argmax()) if wrong.any() else None


NEAREST = "nearest"  # a column of `outcomes` of models that compare with training images


def outcomes(
    split: Split,
    distance: np.ndarray,
    classes: np.ndarray,
    answers: np.ndarray | None = None,
    scored: bool = True,
) -> pd.DataFrame:
    """One row an image: what it is, what it is called, and by how much.

    ``index``, ``file``, ``true``, ``predicted``, ``right``; ``margin``: the runner-up's distance
    minus the winner's, never negative; ``gap``: the true digit's distance minus the winner's, 0
    when right; ``rank``: the place of the true digit from 1, missing where another one is at the
    same distance; ``distance to d`` for each digit, in the unit of ``distance`` (n, k). Equal
    distances go to the smaller digit, or to ``answers`` (n,), places in ``classes``, if they are
    among the nearest. Distances that are not ``scored`` tell the answer only: whatever else would
    follow from them is missing.
    """
    order = np.argsort(distance, axis=1, kind="stable")
    if answers is not None:
        others = np.arange(len(classes)) != np.asarray(answers)[:, None]
        order = np.lexsort((others, distance), axis=1)
    own = places(split.labels, classes)
    each = np.arange(len(split))
    best = distance[each, order[:, 0]]
    table = pd.DataFrame(
        {
            "index": each,
            "file": split.files,
            "true": split.labels,
            "predicted": classes[order[:, 0]],
            "right": order[:, 0] == own,
            "margin": distance[each, order[:, 1]] - best,
            "gap": distance[each, own] - best,
            "rank": _ranks(distance, own),
        }
    )
    measures = pd.DataFrame(distance, columns=[f"distance to {digit}" for digit in classes])
    table = table.join(measures)
    return table if scored else _without_scores(table)


def _without_scores(table: pd.DataFrame) -> pd.DataFrame:
    """The table without whatever follows from distances that are no scores."""
    measures = [name for name in table if name.startswith("distance to ")]
    table[["margin", "gap", *measures]] = np.nan
    table["rank"] = pd.array([pd.NA] * len(table), dtype="Int64")
    return table


def _ranks(distance: np.ndarray, own: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """The place of each row's ``own`` column from 1, missing where it is not the only one there."""
    of_own = distance[np.arange(len(own)), own][:, None]
    ranks = pd.array((distance < of_own).sum(axis=1) + 1, dtype="Int64")
    ranks[(distance == of_own).sum(axis=1) > 1] = pd.NA
    return ranks


def misclassified(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `outcomes` that are wrong."""
    return table[~table["right"]]


def most_confused(counts: np.ndarray, classes: np.ndarray) -> pd.DataFrame:
    """Every confusion that happens, the most frequent first: true, predicted, images.

    ``share of true`` and ``share of predicted`` are the two honest denominators, in [0, 1].
    """
    rows, columns = np.nonzero(counts - np.diag(counts.diagonal()))
    found = counts[rows, columns]
    table = pd.DataFrame(
        {
            "true": classes[rows],
            "predicted": classes[columns],
            "images": found,
            "share of true": found / counts.sum(axis=1)[rows],
            "share of predicted": found / counts.sum(axis=0)[columns],
        }
    )
    return table.sort_values("images", ascending=False, kind="stable", ignore_index=True)


class Order(StrEnum):
    """The orders of the classes of a confusion matrix."""

    DIGIT = "digit"
    ERRORS = "errors"
    SIMILARITY = "similarity"


def class_order(counts: np.ndarray, by: str) -> np.ndarray:
    """Places of the digits (k,) in the order wanted of a confusion matrix.

    "digit": as they are; "errors": most errors of its own first; "similarity": digits often taken
    for each other side by side, by average linkage with optimal leaves on the sum of the shares of
    both that are taken for the other, at most 1. Raises ValueError for another order.
    """
    by = Order(by)
    if by is Order.DIGIT or not counts.sum():
        return np.arange(len(counts))
    if by is Order.ERRORS:
        return np.argsort(counts.diagonal() - counts.sum(axis=1), kind="stable")
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    of_true = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    apart = 1 - np.clip(of_true + of_true.T, 0, 1)
    np.fill_diagonal(apart, 0)
    return leaves_list(linkage(squareform(apart), "average", optimal_ordering=True))


def matrix_frame(counts: np.ndarray, classes: np.ndarray) -> pd.DataFrame:
    """The confusion matrix with its sums, rows and columns named as a reader would."""
    names = [f"true {digit}" for digit in classes]
    table = pd.DataFrame(counts, index=names, columns=[f"called {digit}" for digit in classes])
    table["all"] = table.sum(axis=1)
    table.loc["all"] = table.sum()
    return table.rename_axis(class_noun(classes))
