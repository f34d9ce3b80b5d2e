"""What the confusion matrix says: of a cell, a row, a column, and of the digits one by one."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from dashboard.text.markdown import one, plain, several, trues
from dashboard.text.numbers import count, rate
from engine.datasets.dataset import class_noun
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.filters import ANY
from engine.io.numbers import percent
from engine.report import conclusion


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
    return Summary(*said, conclusion.extremes(scores))


def sink(scores: pd.DataFrame) -> str:
    """`engine.report.conclusion.sink` with the names escaped; '' when nothing is wrong."""
    return conclusion.sink(_escaped(scores))


def best_and_worst(scores: pd.DataFrame) -> str:
    """`engine.report.conclusion.best_and_worst` with the names escaped."""
    return conclusion.best_and_worst(_escaped(scores), class_noun(scores["digit"]))


def baseline(evaluation: Evaluation) -> str:
    """`engine.report.conclusion.baseline` with the name escaped."""
    return conclusion.baseline(evaluation, plain)


def _escaped(scores: pd.DataFrame) -> pd.DataFrame:
    return scores.assign(digit=[plain(name) for name in scores["digit"]])


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
        return _row(counts, names, names.index(true), class_noun(classes))
    if true == ANY:
        return _column(counts, names, names.index(predicted))
    return cell(counts, classes, *(classes[names.index(side)] for side in (true, predicted)))


def _row(counts: np.ndarray, names: list[str], place: int, noun: str) -> str:
    row = counts[place]
    if not row.sum():
        return _no_image(names[place])
    sentence = f"{row[place]:,} of {row.sum():,} {plain(trues(names[place]))} are right"
    sentence += f" ({rate(row[place], row.sum())})"
    errors = np.delete(row, place)
    if not errors.sum():
        return f"{sentence}; none is taken for another {noun}."
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
