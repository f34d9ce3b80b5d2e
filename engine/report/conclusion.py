"""What an evaluation or a comparison comes to, in sentences without Markdown.

Class names stand in them as they are given: who shows them as Markdown escapes them before.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd

from engine.datasets.dataset import class_noun
from engine.datasets.summary import class_counts
from engine.evaluation import metrics
from engine.evaluation.comparison import Paired
from engine.evaluation.evaluation import Evaluation
from engine.io.numbers import PER_CENT, number, percent, percent_decimals, signed
from engine.report.words import count, headline, one, rate, several

ENOUGH = 10  # of a class in the test set, to call it the easiest or the hardest
LEVEL = 0.05  # of significance


def conclusion(evaluation: Evaluation) -> list[str]:
    """The sentences one would send: accuracy, where the errors go, which classes suffer."""
    scores = evaluation.scores
    said = [f"{headline(evaluation)}.", baseline(evaluation), sink(scores), best_and_worst(scores)]
    return [sentence for sentence in said if sentence]


def sink(scores: pd.DataFrame) -> str:
    """The digit that draws most wrong answers to itself, in a sentence; '' when nothing is wrong.

    ``scores`` is `engine.evaluation.metrics.per_digit`.
    """
    place = metrics.sink(scores)
    if place is None:
        return ""
    wrong = scores["called"].to_numpy() - scores["right"].to_numpy()
    most, total = int(wrong.max()), int(wrong.sum())
    tied = [str(name) for name in scores["digit"][wrong == most]]
    if len(tied) > 1:
        some = " and ".join(tied) if len(tied) == 2 else count(len(tied), "class", "classes")
        return f"The largest groups of errors are predicted as {some} ({most:,} of {total:,} each)."
    worst = _row_of(scores, place)
    name, really = worst["digit"], several(worst["digit"])
    largest = "Most errors are" if 2 * most > total else "The largest group of errors is"
    largest = "The only error is" if total == 1 else largest
    only = "but only " if worst["called"] > worst["images"] else ""
    are = "image is" if worst["images"] == 1 else "images are"
    sentence = (
        f"{largest} predicted as {name} ({most:,} of {total:,}): "
        f"{count(worst['called'], 'prediction')} of {name}, {only}{worst['images']:,} {are} "
        f"{one(worst['digit']) if worst['images'] == 1 else really}."
    )
    if not worst["images"]:
        return sentence
    precision, recall = (percent(worst[name], 1) for name in ("precision", "recall"))
    return f"{sentence} Precision {precision}, recall {recall}."


def best_and_worst(scores: pd.DataFrame, noun: str = "") -> str:
    """Which digit is recognised most and least often, with both rates.

    ``noun`` is the `class_noun` of the classes, where ``scores`` has their names in another form.
    """
    known, noun = _judged(scores), noun or class_noun(scores["digit"])
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
    return f"{row['digit']} ({rate(row['right'], row['images'])})"


def _alike(rows: pd.DataFrame) -> str:
    """'93.1 % (4)', '100 % (0 and 6)', '100 % (7 classes)': a recall and whose it is."""
    names = [str(name) for name in rows["digit"]]
    whose = " and ".join(names) if len(names) < 3 else count(len(names), "class", "classes")
    return f"{percent(rows['recall'].iloc[0], 1)} ({whose})"


def baseline(evaluation: Evaluation, named: Callable[[object], str] = str) -> str:
    """What the accuracy stands beside where the test classes are unequal; '' where they are not.

    The rate of always answering the commonest training class, and the balanced accuracy, which is
    the mean recall of the classes. ``named`` writes a class.
    """
    scores = evaluation.scores
    if scores["images"].nunique() < 2:
        return ""
    counts = class_counts(evaluation.dataset)
    common = counts["digit"].iloc[int(counts["training"].argmax())]
    images = int(scores["images"][scores["digit"] == common].iloc[0])
    always = percent(images / evaluation.n_images, 1)
    return (
        f"Always answering {named(common)}, the commonest class in training, would be right for "
        f"{always}. Balanced accuracy (the mean recall): {percent(scores['recall'].mean(), 1)}."
    )


def _row_of(scores: pd.DataFrame, place: int) -> dict[str, Any]:
    """A row by column; each figure keeps its type, which a row of pandas takes from whole ones."""
    return {name: column.iloc[place] for name, column in scores.items()}


def paired(found: Paired, first: str, second: str, picked: bool = False) -> str:
    """Who is right how often, the difference with its interval, and McNemar's test.

    Images ``picked`` by what ``first`` answers favour one side: then there is no test.
    """
    n, (low, high) = found.images, found.interval
    exact = percent_decimals([found.difference, low, high], 2)
    points, start, end = (signed(100 * share, exact) for share in (found.difference, low, high))
    test = found.mcnemar
    how = f"chi-squared {number(test.chi2)}"
    if picked:
        chance = f"They were picked by what {first} answers, so this is no test of which is better."
    elif not found.fixed + found.broken:
        chance = "No answer turns from right to wrong or back, so there is nothing to test."
    elif test.p < LEVEL:
        chance = f"Statistically significant (McNemar, {how}, p {p_value(test.p)})."
    else:
        chance = f"This may well be chance (McNemar, {how}, p {p_value(test.p)})."
    return (
        f"Of {count(n, 'test image')}, {first} gets {found.before:,} right and {second} "
        f"{found.after:,}: {points} percentage points "
        f"(95{PER_CENT} interval {start} to {end}). {chance}"
    )


def p_value(p: float) -> str:
    """'= 0.031', or '< 0.0001' for anything smaller; '= 0.0497' where 0.05 would be on its side."""
    if p < 0.0001:
        return "< 0.0001"
    if p >= 0.1:
        return f"= {p:.2f}"
    texts = (f"{p:.{digits}g}" for digits in range(2, 18))
    return f"= {next(text for text in texts if (float(text) < LEVEL) == (p < LEVEL))}"
