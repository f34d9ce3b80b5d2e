"""What the confusion matrix says: of a cell, a row, a column, and of the digits one by one."""

import numpy as np
import pandas as pd

from dashboard.names import plain, several, trues
from dashboard.words import count, percent, rate
from engine import evaluation
from engine.digits import noun
from engine.selection import ANY


def sink(scores: pd.DataFrame) -> str:
    """The digit that draws most wrong answers to itself, in a sentence; '' when nothing is wrong.

    ``scores`` is `engine.evaluation.per_digit`.
    """
    place = evaluation.sink(scores)
    if place is None:
        return ""
    wrong, worst = scores["called"] - scores["right"], scores.loc[place]
    share = wrong.max() / wrong.sum()
    behind = worst["precision"] < worst["recall"]
    precision, recall = percent(worst["precision"]), percent(worst["recall"])
    return (
        f"{_digit(worst)} draws the most wrong answers: {worst['called']:,.0f} images are "
        f"called {_digit(worst)}; {worst['images']:,.0f} are. Its precision is "
        + (f"only {precision} behind a recall of {recall}, " if behind else f"{precision}, ")
        + f"and {percent(share, 0)} of all errors go there."
    )


def best_and_worst(scores: pd.DataFrame) -> str:
    """Which digit is recognised most and least often, with both rates."""
    known = scores.dropna(subset="recall")
    if known.empty:
        return ""
    if known["recall"].nunique() == 1 and len(known) > 1:
        each = f"Each {noun(known['digit'])} is recognised equally often"
        return f"{each}: {percent(known['recall'].iloc[0])} of its images are right."
    best, worst = known.loc[known["recall"].idxmax()], known.loc[known["recall"].idxmin()]
    return (
        f"Easiest is {_digit(best)} ({rate(best['right'], best['images'])}), "
        f"hardest {_digit(worst)} ({rate(worst['right'], worst['images'])})."
    )


def _digit(row: pd.Series) -> str:
    """The class of a row; whole numbers become floats where a row holds rates as well."""
    digit = row["digit"]
    return plain(digit) if isinstance(digit, str) else f"{digit:.0f}"


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
    return f"{sentence}; they are {percent(here / of_predicted)} of all that is called {name}."


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
        return f"{sentence}; none is taken for another {noun(names)}."
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
