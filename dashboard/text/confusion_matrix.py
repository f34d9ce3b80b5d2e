"""What the confusion matrix says: of a cell, a row, a column, and of the digits one by one."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from dashboard.text.markdown import plain, several, trues
from dashboard.text.numbers import count, rate
from engine.datasets.dataset import class_noun
from engine.evaluation import metrics
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.filters import ANY
from engine.io.numbers import percent


class Summary(NamedTuple):
    """What pages repeat of an evaluation: two sentences, and the rows behind the first."""

    best_and_worst: str
    sink: str
    extremes: dict[str, dict[str, Any]]


def summary(evaluation: Evaluation) -> Summary:
    """`best_and_worst`, `sink` and `extremes` of it, for `evaluations.of_evaluation`."""
    scores = evaluation.scores
    return Summary(best_and_worst(scores), sink(scores), extremes(scores))


def sink(scores: pd.DataFrame) -> str:
    """The digit that draws most wrong answers to itself, in a sentence; '' when nothing is wrong.

    ``scores`` is `engine.evaluation.metrics.per_digit`.
    """
    place = metrics.sink(scores)
    if place is None:
        return ""
    worst = _row_of(scores, place)
    wrong = scores["called"].to_numpy() - scores["right"].to_numpy()
    share = wrong.max() / wrong.sum()
    behind = worst["precision"] < worst["recall"]
    precision, recall = (percent(worst[name], 1) for name in ("precision", "recall"))
    return (
        f"{plain(worst['digit'])} draws the most wrong answers: "
        f"{count(worst['called'], 'image is', 'images are')} "
        f"called {plain(worst['digit'])}; {worst['images']:,} really "
        f"{'is' if worst['images'] == 1 else 'are'}. Its precision is "
        + (f"only {precision}, against a recall of {recall}, " if behind else f"{precision}, ")
        + f"and {percent(share, 0)} of all errors go there."
    )


def best_and_worst(scores: pd.DataFrame) -> str:
    """Which digit is recognised most and least often, with both rates."""
    known = scores.dropna(subset="recall")
    if known.empty:
        return ""
    found = extremes(scores)
    if not found and len(known) > 1:
        each = f"Each {class_noun(known['digit'])} is recognised equally often"
        return f"{each}: {percent(known['recall'].iloc[0], 1)} of its images are right."
    best, worst = found.values() if found else (_row_of(known, 0), _row_of(known, 0))
    return (
        f"Easiest is {plain(best['digit'])} ({rate(best['right'], best['images'])}), "
        f"hardest {plain(worst['digit'])} ({rate(worst['right'], worst['images'])})."
    )


def extremes(scores: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The rows of the digits that are recognised most and least often: "Easiest", "Hardest".

    The first of several alike; nothing when none is easier than another.
    """
    recall = scores["recall"]
    if recall.nunique() < 2:
        return {}
    return {
        "Easiest": _row_of(scores, recall.argmax()),
        "Hardest": _row_of(scores, recall.argmin()),
    }


def _row_of(scores: pd.DataFrame, place: int) -> dict[str, Any]:
    """A row by column; each figure keeps its type, which a row of pandas takes from whole ones."""
    return {name: column.iloc[place] for name, column in scores.items()}


def cell(counts: np.ndarray, classes: np.ndarray, true: int | str, predicted: int | str) -> str:
    """What one cell of the confusion matrix means, with both denominators."""
    row, column = list(classes).index(true), list(classes).index(predicted)
    here, of_true, of_predicted = counts[row, column], counts[row].sum(), counts[:, column].sum()
    called = "are rightly called" if true == predicted else "are called"
    name = plain(predicted)
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
    sentence = f"{row[place]:,} of {row.sum():,} {plain(trues(names[place]))} are right"
    sentence += f" ({rate(row[place], row.sum())})"
    errors = np.delete(row, place)
    if not errors.sum():
        return f"{sentence}; none is taken for another {class_noun(names)}."
    worst = np.where(np.arange(len(row)) == place, -1, row).argmax()
    return f"{sentence}; most of the others are called {plain(names[worst])} ({row[worst]:,})."


def _column(counts: np.ndarray, names: list[str], place: int) -> str:
    column = counts[:, place]
    if not column.sum():
        return f"Nothing is called {plain(names[place])}."
    sentence = f"{count(column.sum(), 'image')} called {plain(names[place])}; "
    sentence += f"{column[place]:,} of them are"
    sentence += f" ({rate(column[place], column.sum())})"
    others = np.where(np.arange(len(column)) == place, -1, column)
    if not (others > 0).any():
        return f"{sentence}."
    most = plain(several(names[others.argmax()]))
    return f"{sentence}; most of the others are {most} ({others.max():,})."
