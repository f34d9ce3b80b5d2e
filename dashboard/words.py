"""Figures as words: counts, rates with their interval, and sentences computed from tables.

Sentences are Markdown with names escaped; `dashboard.names.as_text` gives them as text. No line
breaks between a figure and its unit.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dashboard.names import one, plain, several, trues
from engine import evaluation
from engine.background import Report
from engine.comparison import Paired
from engine.contrast import Contrast, Flip
from engine.digits import noun
from engine.evaluation import wilson
from engine.selection import ANY, Filters
from engine.study import Study
from engine.wording import JOIN, PER_CENT

NOTHING_YET = "nothing of it has arrived yet"


def small(distance: float) -> str:
    """A distance with four decimals; '<0.0001' where these would all be 0, and '0' for none."""
    if 0 < distance < 0.0001:
        return "<0.0001"
    return f"{distance:.4f}" if distance else "0"


def minus(text: str) -> str:
    """The text of a number with the sign for minus in place of a hyphen."""
    return text.replace("-", "−")


def signed(amount: float) -> str:
    """'+0.0123' or '−0.0123'."""
    return minus(f"{amount:+.4f}")


def count(number: int, noun: str, plural: str = "") -> str:
    """'1 image', '1,234 images'."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def percent(share: float, digits: int = 1) -> str:
    """'66.9 %' for 0.66851; a dash when there is no share."""
    return "–" if np.isnan(share) else f"{100 * share:.{digits}f}{PER_CENT}"


def arrived(report: Report) -> str:
    """How much of a download is here: '12 % of it has arrived', or MB where the whole is unknown.

    'nothing of it has arrived yet' below one part in a hundred, or a tenth of a megabyte.
    """
    if report.share >= 0.01:
        return f"{percent(report.share, 0)} of it has arrived"
    megabytes = report.done / 1e6 if not report.total else 0
    return f"{megabytes:.1f}{JOIN}MB of it have arrived" if megabytes >= 0.1 else NOTHING_YET


def rate(part: int, whole: int, digits: int = 1) -> str:
    """'43.2 %, 95 % interval 40.2–46.3 %' of part in whole, by Wilson; 'no images' of none."""
    if not whole:
        return "no images"
    ends = interval(part, whole, digits)
    return f"{percent(part / whole, digits)}, 95{PER_CENT} interval {ends}"


def interval(part: int, whole: int, digits: int = 1) -> str:
    """'40.2–46.3 %': the 95 % interval of part in whole, by Wilson."""
    low, high = wilson(part, whole)
    return f"{100 * low:.{digits}f}–{100 * high:.{digits}f}{PER_CENT}"


def headline(n_right: int, n_images: int) -> str:
    """'6,685 of 10,000 test images are right (66.9 %, 95 % interval …)'."""
    return f"{n_right:,} of {n_images:,} test images are right ({rate(n_right, n_images, 2)})"


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


def _digit(row: pd.Series) -> str:
    """The class of a row; whole numbers become floats where a row holds rates as well."""
    digit = row["digit"]
    return plain(digit) if isinstance(digit, str) else f"{digit:.0f}"


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


def selection(n: int, n_all: int, chosen: Filters, called: str = "digit") -> str:
    """How many images a filter leaves, of how many, and what the filter was.

    ``called`` is the `engine.digits.noun` of the classes.
    """
    what = {"wrong": "wrong answer", "right": "right answer", "all": "answer"}[chosen.answers]
    parts = [f"**{n:,}** {what if n == 1 else what + 's'}"]
    if chosen.true != ANY:
        parts.append(f"on {plain(trues(chosen.true))}")
    if chosen.predicted != ANY:
        parts.append(f"that say {plain(chosen.predicted)}")
    if chosen.rank != ANY:
        parts.append(f"with the true {called} in place {chosen.rank}")
    if chosen.low > 0 or np.isfinite(chosen.high):
        parts.append(f"with a margin {_between(chosen.low, chosen.high)}")
    return " ".join(parts) + f", of {count(n_all, 'test image')}."


def _between(low: float, high: float) -> str:
    return f"from {low:.3f} up" if not np.isfinite(high) else f"from {low:.3f} to {high:.3f}"


def image(row: pd.Series, classes: np.ndarray) -> str:
    """What one image is, what it is called and by how much; ``row`` is one of `outcomes`."""
    margin = f"The runner-up is {small(row['margin'])} behind the winner."
    true, predicted = plain(one(row["true"], "A")), plain(row["predicted"])
    if row["right"]:
        return f"**{true}, rightly called {predicted}.** {margin}"
    return (
        f"**{true}, called {predicted}.** {margin} The true {noun(classes)} comes in place "
        f"{row['rank']} of {len(classes)}, {small(row['gap'])} behind."
    )


def sorts(orders: Mapping[str, str]) -> str:
    """A list of the orders and what each of them means, in Markdown."""
    return "\n".join(f"- **{name}**: {meaning}" for name, meaning in orders.items())


def another(study: Study, other: Study, name: str) -> str:
    """How many of the same images the model of that name gets right, and how many more."""
    more = other.n_right - study.n_right
    than = f"{abs(more):,} {'more' if more > 0 else 'fewer'}" if more else "as many"
    return (
        f"**{name}**, where the answer is the {noun(other.classes)} {other.model.rule}, gets "
        f"{other.n_right:,} of the same {count(other.n_images, 'image')} right: {than}."
    )


def least_ink(templates: np.ndarray, classes: np.ndarray, counts: np.ndarray) -> str:
    """Which template has the least ink, and how much more often than it should it is the answer."""
    place = int(templates.mean(axis=(1, 2)).argmin())
    called, there = counts[:, place].sum(), counts[place].sum()
    return (
        f"The template of {plain(classes[place])} asks for the least; it is the answer for "
        f"{count(called, 'image')}, and right would be {there:,}."
    )


def nearest_templates(templates: np.ndarray, classes: np.ndarray) -> str:
    """Which two templates are nearest to each other, and how far the pairs are in the middle."""
    rows, columns = np.triu_indices(len(classes), 1)
    if not len(rows):
        return ""
    apart = np.abs(templates[rows] - templates[columns]).mean(axis=(1, 2))
    near = int(apart.argmin())
    first, second = (plain(classes[places[near]]) for places in (rows, columns))
    return (
        f"The nearest two are {first} and {second}: {apart[near]:.3f} a pixel, where half of all "
        f"pairs are more than {np.median(apart):.3f} apart."
    )


def balance(counts: pd.DataFrame) -> str:
    """The largest and the smallest class of `engine.inventory.class_counts`, in training."""
    training = counts["training"]
    most, least = counts.loc[training.idxmax()], counts.loc[training.idxmin()]
    if most["training"] == least["training"]:
        return f"Each has {count(most['training'], 'training image')}."
    times = most["training"] / least["training"] if least["training"] else float("inf")
    return (
        f"The most training images are of {plain(most['digit'])} ({most['training']:,}), the "
        f"fewest of {plain(least['digit'])} ({least['training']:,}): {times:.2f} times as many."
    )


def twins(n: int, n_tests: int) -> str:
    """How many test images are training images as well."""
    if not n:
        return "No test image is, pixel for pixel, a training image as well."
    verb = "is" if n == 1 else "are"
    return f"{count(n, 'test image')} of {n_tests:,} {verb}, pixel for pixel, in training as well:"


def near(found: pd.DataFrame, compared: pd.DataFrame, n_tests: int, most: int) -> str:
    """How many test images have a near training image, and of how many the labels differ.

    ``found`` is `engine.near_duplicates.pairs` of at most ``most`` per cent; ``compared`` all of
    them.
    """
    looked, nearest = count(len(compared), "test image"), percent(compared["apart"].min())
    if len(compared) < n_tests:
        looked += f" looked at, of {n_tests:,}"
    if found.empty:
        none = f"Of {looked} none has a training image within {most}{PER_CENT}"
        return f"{none}; the nearest is {nearest} apart."
    same = int(found["identical"].sum())
    differ = len(found) - int(found["same label"].sum())
    sentence = f"Of {looked}, **{len(found):,}** {'has' if len(found) == 1 else 'have'} a training "
    sentence += f"image within {most}{PER_CENT}: {same:,} identical, {len(found) - same:,} near."
    if not differ:
        return f"{sentence} Both labels are always the same."
    return f"{sentence} In {count(differ, 'pair')} the labels differ: one of them may be wrong."


def share(part: int, whole: int) -> str:
    """'16.6 % (15.9–17.4)': a share with its 95 % interval by Wilson."""
    low, high = wilson(part, whole)
    return f"{percent(part / whole)} ({100 * low:.1f}–{100 * high:.1f})"


def changes(first: str, second: str) -> dict[str, str]:
    """What each group of `engine.comparison.CHANGES` is, in a sentence."""
    return {
        "fixed": f"{first} is wrong, {second} is right",
        "broken": f"{first} is right, {second} is wrong",
        "both right": "right by both models",
        "both wrong": "wrong by both models, perhaps not with the same answer",
    }


def shown_as(change: str, first: str, second: str) -> str:
    """Whose answers the pictures of a group carry, and in what order they come."""
    if change == "both right":
        return "The clearest first. Click an image for its reasons."
    order = "the farthest from the truth first" if change == "both wrong" else "the clearest first"
    whose = first if change == "fixed" else second
    margin = f" and the margin of {second}" if change == "fixed" else ""
    return f"With the wrong answer of {whose}{margin}, {order}. Click an image for its reasons."


def paired(found: Paired, first: str, second: str, picked: bool = False) -> str:
    """Who is right how often, the difference with its interval, and McNemar's test.

    Images ``picked`` by what ``first`` gets wrong favour one side: then there is no test.
    """
    n, (low, high) = found.images, found.interval
    points = minus(f"{100 * found.difference:+.2f} percentage points")
    ends = minus(f"{100 * low:+.2f} to {100 * high:+.2f}")
    test = found.mcnemar
    how = "exact binomial" if test.chi2 is None else f"chi-squared {test.chi2:,.0f}"
    if picked:
        chance = f"They were picked by how {first} fares, so this is no test of which is better."
    elif not found.fixed + found.broken:
        chance = "No answer turns from right to wrong or back, so there is nothing to test."
    elif test.p < 0.05:
        chance = f"Chance alone would not do this (McNemar, {how}, p {p_value(test.p)})."
    else:
        chance = f"This may well be chance (McNemar, {how}, p {p_value(test.p)})."
    return (
        f"Of {count(n, 'test image')}, **{first}** gets {found.before:,} right and **{second}** "
        f"{found.after:,}: **{points}** (95{PER_CENT} interval {ends}). {chance}"
    )


def p_value(p: float) -> str:
    """'= 0.031', or '< 0.0001' for anything smaller."""
    return "< 0.0001" if p < 0.0001 else f"= {p:.2g}" if p < 0.1 else f"= {p:.2f}"


def no_templates(model: str) -> str:
    """Why panels that take an answer apart, pixel by pixel, are not there."""
    return (
        f"{model} has no templates, so its answers are no sum over pixels: choose a model with "
        "templates in the sidebar to see the exact reasons."
    )


def parts(found: Contrast) -> tuple[str, str]:
    """What ink that is there and ink that is missing add to the margin, as '+0.0256'.

    Rounded so that the two add up to the margin as it is printed.
    """
    there = round(float(found.there.sum()), 4) + 0.0  # no zero below zero
    return signed(there), signed(round(round(found.margin, 4) - there, 4) + 0.0)


def why(found: Contrast, winner: int | str, other: int | str, deciding: int) -> str:
    """By how much the winner is nearer, and how few pixels carry how much of it."""
    strongest = found.deciding(deciding)
    all_of_it = np.abs(found.parts).sum()
    share = strongest["part"].abs().sum() / all_of_it if all_of_it else np.nan
    there, missing = parts(found)
    nearer = "nearer than" if found.margin > 0 else "no nearer than"
    return (
        f"The template of **{plain(winner)}** is {nearer} that of **{plain(other)}** by "
        f"{small(abs(found.margin))}: {there} from ink that is there and "
        f"{missing} from ink that is missing. "
        f"The {count(len(strongest), 'strongest pixel')} of {found.parts.size} carry "
        f"{percent(share, 0)} of all that speaks for either."
    )


def flip(found: Flip, n_pixels: int) -> str:
    """How many pixels turn the answer, and whether a third class then wins."""
    n = len(found.steps)
    target, winner, answer = map(plain, (found.target, found.winner, found.answer))
    if not n:
        return f"**{target}** is already nearer than {winner}; nothing needs to change."
    sentence = (
        f"Changing **{count(n, 'pixel')}** of {n_pixels} is enough, and fewer are not, for "
        f"**{target}** to beat {winner}."
    )
    if found.third_wins:
        return f"{sentence} But then **{answer}** is nearer than both."
    return f"{sentence} The answer is then {answer}."
