"""Figures as words: counts, rates with their interval, and sentences computed from tables."""

import re

import numpy as np
import pandas as pd

from engine.evaluation import wilson


def plain(text: str) -> str:
    """``text`` with every mark of Markdown escaped, so that it shows as it is written."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~:$&])", r"\\\1", text)


def small(distance: float) -> str:
    """A distance with four decimals; '<0.0001' where these would all be 0, and '0' for none."""
    if 0 < distance < 0.0001:
        return "<0.0001"
    return f"{distance:.4f}" if distance else "0"


def count(number: int, noun: str, plural: str = "") -> str:
    """'1 image', '1,234 images'."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def percent(share: float, digits: int = 1) -> str:
    """'66.9 %' for 0.66851; a dash when there is no share."""
    return "–" if np.isnan(share) else f"{100 * share:.{digits}f} %"


def rate(part: int, whole: int, digits: int = 1) -> str:
    """'43.2 %, 95 % interval 40.2–46.3 %' of part in whole, by Wilson; 'no images' of none."""
    if not whole:
        return "no images"
    low, high = wilson(part, whole)
    ends = f"{100 * low:.{digits}f}–{100 * high:.{digits}f} %"
    return f"{percent(part / whole, digits)}, 95 % interval {ends}"


def headline(n_right: int, n_images: int) -> str:
    """'6,685 of 10,000 test images are right (66.9 %, 95 % interval …)'."""
    return f"{n_right:,} of {n_images:,} test images are right ({rate(n_right, n_images, 2)})"


def sink(scores: pd.DataFrame) -> str:
    """The digit that draws most wrong answers to itself, in a sentence; '' when nothing is wrong.

    ``scores`` is `engine.evaluation.per_digit`.
    """
    wrong = scores["called"] - scores["right"]
    if not wrong.sum():
        return ""
    worst = scores.loc[wrong.idxmax()]
    share = wrong.max() / wrong.sum()
    return (
        f"{worst['digit']:.0f} draws the most wrong answers: {worst['called']:,.0f} images are "
        f"called {worst['digit']:.0f}, {worst['images']:,.0f} are. Its precision is only "
        f"{percent(worst['precision'])} behind a recall of {percent(worst['recall'])}, "
        f"and {percent(share, 0)} of all errors go there."
    )


def best_and_worst(scores: pd.DataFrame) -> str:
    """Which digit is recognised most and least often, with both rates."""
    known = scores.dropna(subset="recall")
    if known.empty:
        return ""
    best, worst = known.loc[known["recall"].idxmax()], known.loc[known["recall"].idxmin()]
    return (
        f"Easiest is {best['digit']:.0f} ({rate(best['right'], best['images'])}), "
        f"hardest {worst['digit']:.0f} ({rate(worst['right'], worst['images'])})."
    )


def cell(counts: np.ndarray, classes: np.ndarray, true: int, predicted: int) -> str:
    """What one cell of the confusion matrix means, with both denominators."""
    row, column = list(classes).index(true), list(classes).index(predicted)
    here, of_true, of_predicted = counts[row, column], counts[row].sum(), counts[:, column].sum()
    called = "are rightly called" if true == predicted else "are called"
    sentence = f"{here:,} of {of_true:,} true {true}s ({rate(here, of_true)}) {called} {predicted}"
    if not of_predicted:
        return f"{sentence}; nothing is called {predicted}."
    return f"{sentence}; they are {percent(here / of_predicted)} of all that is called {predicted}."


def selection(n: int, table: pd.DataFrame, true: str, predicted: str, answers: str) -> str:
    """How many images a filter leaves, of how many, and what the filter was."""
    what = {"wrong": "wrong answers", "right": "right answers", "all": "answers"}[answers]
    of = "" if true == "any" else f" on true {true}s"
    called = "" if predicted == "any" else f" that say {predicted}"
    return f"**{n:,}** {what}{of}{called}, of {count(len(table), 'test image')}."


def least_ink(templates: np.ndarray, classes: np.ndarray, counts: np.ndarray) -> str:
    """Which template has the least ink, and how much more often than it should it is the answer."""
    place = int(templates.mean(axis=(1, 2)).argmin())
    called, there = counts[:, place].sum(), counts[place].sum()
    return (
        f"The template of {classes[place]} asks for the least; it is the answer for "
        f"{count(called, 'image')}, and right would be {there:,}."
    )
