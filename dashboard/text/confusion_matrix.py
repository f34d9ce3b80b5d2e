"""What the confusion matrix says: of a cell, a row, a column, and of the digits one by one."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from dashboard.text.markdown import one, plain, several, trues
from dashboard.text.numbers import count, rate
from engine.datasets.dataset import class_noun
from engine.evaluation import metrics
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.filters import ANY
from engine.io.numbers import percent

ENOUGH = 10  # of a class in the test set, to call it the easiest or the hardest


class Summary(NamedTuple):
    """What pages repeat of an evaluation: three sentences, and the rows behind the first."""

    best_and_worst: str
    sink: str
    baseline: str
    extremes: dict[str, dict[str, Any]]


def summary(evaluation: Evaluation) -> Summary:
    """`best_and_worst`, `sink`, `baseline` and `extremes`, for `evaluations.of_evaluation`."""
    scores = evaluation.scores
    said = best_and_worst(scores), sink(scores), baseline(evaluation)
    return Summary(*said, extremes(scores))


def sink(scores: pd.DataFrame) -> str:
    """The digit that draws most wrong answers to itself, in a sentence; '' when nothing is wrong.

    ``scores`` is `engine.evaluation.metrics.per_digit`.
    """
    place = metrics.sink(scores)
    if place is None:
        return ""
    wrong = scores["called"].to_numpy() - scores["right"].to_numpy()
    most, total = int(wrong.max()), int(wrong.sum())
    tied = [plain(name) for name in scores["digit"][wrong == most]]
    if len(tied) > 1:
        some = " and ".join(tied) if len(tied) == 2 else count(len(tied), "class", "classes")
        return f"The largest groups of errors are predicted as {some} ({most:,} of {total:,} each)."
    worst = _row_of(scores, place)
    name, really = plain(worst["digit"]), plain(several(worst["digit"]))
    largest = "Most errors are" if 2 * most > total else "The largest group of errors is"
    largest = "The only error is" if total == 1 else largest
    only = "but only " if worst["called"] > worst["images"] else ""
    are = "image is" if worst["images"] == 1 else "images are"
    sentence = (
        f"{largest} predicted as {name} ({most:,} of {total:,}): "
        f"{count(worst['called'], 'prediction')} of {name}, {only}{worst['images']:,} {are} "
        f"{plain(one(worst['digit'])) if worst['images'] == 1 else really}."
    )
    if not worst["images"]:
        return sentence
    precision, recall = (percent(worst[name], 1) for name in ("precision", "recall"))
    return f"{sentence} Precision {precision}, recall {recall}."


def best_and_worst(scores: pd.DataFrame) -> str:
    """Which digit is recognised most and least often, with both rates."""
    known, noun = _judged(scores), class_noun(scores["digit"])
    if len(known) < 2:
        return ""
    if known["recall"].nunique() == 1:
        each = f"Each {noun} is recognised equally often"
        share = percent(known["recall"].iloc[0], 1)
        return f"{each}: {share} of its images are right.{_few_left_out(scores)}"
    found = extremes(scores)
    if found:
        best, worst = (_with_rate(found[label]) for label in ("Easiest", "Hardest"))
        return f"Easiest {noun}: {best}. Hardest: {worst}.{_few_left_out(scores)}"
    low, high = (known["recall"] == end for end in (known["recall"].min(), known["recall"].max()))
    ends = " to ".join(_alike(known[which]) for which in (low, high))
    why = "" if low.sum() > 1 or high.sum() > 1 else "; their 95 % intervals overlap"
    return f"Recall goes from {ends}{why}.{_few_left_out(scores)}"


def extremes(scores: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The rows of the digits that are recognised most and least often: "Easiest", "Hardest".

    Of the classes with `ENOUGH` test images or more. Nothing where several are alike, or where the
    95 % intervals of the two overlap.
    """
    known = _judged(scores)
    best, worst = (known[known["recall"] == end] for end in _ends(known["recall"]))
    if len(best) != 1 or len(worst) != 1:
        return {}
    if not best["recall low"].iloc[0] > worst["recall high"].iloc[0]:
        return {}
    return {"Easiest": _row_of(best, 0), "Hardest": _row_of(worst, 0)}


def _judged(scores: pd.DataFrame) -> pd.DataFrame:
    """The rows with images enough to be compared."""
    return scores[scores["images"] >= ENOUGH]


def _few_left_out(scores: pd.DataFrame) -> str:
    n = int(scores["images"].between(1, ENOUGH - 1).sum())
    if not n:
        return ""
    return f" Not compared: {count(n, 'class', 'classes')} with under {ENOUGH} test images."


def _ends(values: pd.Series) -> tuple[float, float]:
    return values.max(), values.min()


def _with_rate(row: dict[str, Any]) -> str:
    return f"{plain(row['digit'])} ({rate(row['right'], row['images'])})"


def _alike(rows: pd.DataFrame) -> str:
    """'93.1 % (4)', '100 % (0 and 6)', '100 % (7 classes)': a recall and whose it is."""
    names = [plain(name) for name in rows["digit"]]
    whose = " and ".join(names) if len(names) < 3 else count(len(names), "class", "classes")
    return f"{percent(rows['recall'].iloc[0], 1)} ({whose})"


def baseline(evaluation: Evaluation) -> str:
    """What the accuracy stands beside where the test classes are unequal; '' where they are not.

    The rate of always answering the commonest training class, and the balanced accuracy, which is
    the mean recall of the classes.
    """
    scores = evaluation.scores
    if scores["images"].nunique() < 2:
        return ""
    labels, n = np.unique(evaluation.dataset.training.labels, return_counts=True)
    common = labels[n.argmax()]
    images = int(scores["images"][scores["digit"] == common].iloc[0])
    always = percent(images / evaluation.n_images, 1)
    return (
        f"Always answering {plain(common)}, the commonest class in training, would be right for "
        f"{always}. Balanced accuracy (the mean recall): {percent(scores['recall'].mean(), 1)}."
    )


def _row_of(scores: pd.DataFrame, place: int) -> dict[str, Any]:
    """A row by column; each figure keeps its type, which a row of pandas takes from whole ones."""
    return {name: column.iloc[place] for name, column in scores.items()}


def cell(counts: np.ndarray, classes: np.ndarray, true: int | str, predicted: int | str) -> str:
    """What one cell of the confusion matrix means, with both denominators."""
    row, column = list(classes).index(true), list(classes).index(predicted)
    here, of_true, of_predicted = counts[row, column], counts[row].sum(), counts[:, column].sum()
    called = "are rightly called" if true == predicted else "are called"
    name = plain(predicted)
    if not of_true:
        return _no_image(true)
    sentence = f"{here:,} of {of_true:,} {plain(trues(true))} ({rate(here, of_true)}) "
    sentence += f"{called} {name}"
    if not of_predicted:
        return f"{sentence}; nothing is called {name}."
    return f"{sentence}; they are {percent(here / of_predicted, 1)} of all that is called {name}."


def group(counts: np.ndarray, classes: np.ndarray, true: str, predicted: str) -> str:
    """What a chosen cell, row or column of the matrix is; '' when nothing is chosen.

    ``true`` and ``predicted`` are classes as text, or "any".
    """
    names = [str(digit) for digit in classes]
    if true == predicted == ANY:
        return ""
    if predicted == ANY:
        return _row(counts, names, names.index(true))
    if true == ANY:
        return _column(counts, names, names.index(predicted))
    return cell(counts, classes, *(classes[names.index(side)] for side in (true, predicted)))


def _row(counts: np.ndarray, names: list[str], place: int) -> str:
    row = counts[place]
    if not row.sum():
        return _no_image(names[place])
    sentence = f"{row[place]:,} of {row.sum():,} {plain(trues(names[place]))} are right"
    sentence += f" ({rate(row[place], row.sum())})"
    errors = np.delete(row, place)
    if not errors.sum():
        return f"{sentence}; none is taken for another {class_noun(names)}."
    others = np.where(np.arange(len(row)) == place, 0, row)
    called = [f"called {plain(name)}" for name in names]
    return f"{sentence}; {_largest(others, called, called)}."


def _column(counts: np.ndarray, names: list[str], place: int) -> str:
    column = counts[:, place]
    if not column.sum():
        return f"Nothing is called {plain(names[place])}."
    sentence = f"{count(column.sum(), 'image')} called {plain(names[place])}; "
    sentence += f"{column[place]:,} of them are"
    sentence += f" ({rate(column[place], column.sum())})"
    others = np.where(np.arange(len(column)) == place, 0, column)
    if not others.any():
        return f"{sentence}."
    some, single = ([plain(how(name)) for name in names] for how in (several, one))
    return f"{sentence}; {_largest(others, some, single)}."


def _no_image(name: int | str) -> str:
    return f"No test image is {plain(one(name))}."


def _largest(others: np.ndarray, names: list[str], singular: list[str]) -> str:
    """Which of these counts is the largest, and whether it is most of them.

    'most of the others are 2s (446 of 800)'; 'the largest group of the others: 2s (446 of 2,145)';
    'the largest groups of the others: 2s and 4s (3 of 8 each)'.
    """
    most, total = others.max(), others.sum()
    tied = [name for name, n in zip(names, others, strict=True) if n == most]
    if total == 1:
        return f"the other is {singular[others.argmax()]}"
    if most == total:
        return f"all {total:,} others are {tied[0]}"
    if len(tied) > 3:
        return f"the largest {len(tied)} groups of the others have {most:,} of {total:,} each"
    if len(tied) > 1:
        some = " and ".join(tied)
        return f"the largest groups of the others: {some} ({most:,} of {total:,} each)"
    some = "most of the others are" if 2 * most > total else "the largest group of the others:"
    return f"{some} {tied[0]} ({most:,} of {total:,})"
