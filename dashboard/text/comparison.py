"""Two models on the same images, in words."""

import pandas as pd

from dashboard.text.numbers import count
from engine.datasets.dataset import class_noun
from engine.evaluation.comparison import Paired
from engine.evaluation.evaluation import Evaluation
from engine.io.numbers import PER_CENT, number, percent_decimals, signed
from engine.models.registry import MODELS

LEVEL = 0.05  # of significance


def another(evaluation: Evaluation, name: str, right: int) -> str:
    """How many of the same images the model of that name gets ``right``, and how many more."""
    more = right - evaluation.n_right
    than = f"{abs(more):,} {'more' if more > 0 else 'fewer'}" if more else "as many"
    return (
        f"**{name}**, where the answer is the {class_noun(evaluation.classes)} "
        f"{MODELS[name].rule}, gets "
        f"{right:,} of the same {count(evaluation.n_images, 'image')} right: {than}."
    )


def convergence(classifier: object) -> str:
    """Whether an iterative fit converged, in a sentence; '' for a model that does not say."""
    if not hasattr(classifier, "converged_"):
        return ""
    done = count(int(classifier.n_iter_.max()), "iteration")
    if classifier.converged_:
        return f"Its fit converged after {done}."
    return f"Its fit was stopped after {done}, before it converged."


def changes(first: str, second: str) -> dict[str, str]:
    """What each group of `engine.evaluation.comparison.CHANGES` is, in a sentence."""
    return {
        "fixed": f"{first} is wrong, {second} is right",
        "broken": f"{first} is right, {second} is wrong",
        "both right": "right by both models",
        "both wrong": "wrong by both models, perhaps not with the same answer",
    }


def shown_as(change: str, first: str, second: str) -> str:
    """Whose answers the pictures of a group carry, and in what order they come."""
    if change == "both right":
        return f"Number: the margin of {second}, largest first. Click an image for its reasons."
    whose = first if change == "fixed" else second
    number = "gap to the true class" if change == "both wrong" else "margin"
    return (
        f"Label: the wrong prediction of {whose}. Number: the {number} of {second}, largest first. "
        "Click an image for its reasons."
    )


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
        f"Of {count(n, 'test image')}, **{first}** gets {found.before:,} right and **{second}** "
        f"{found.after:,}: **{points} percentage points** "
        f"(95{PER_CENT} interval {start} to {end}). {chance}"
    )


def change_of_each(changes: pd.DataFrame) -> str:
    """'0 +12.1, 1 −0.3': the change of each recall in percentage points, for an alternative text.

    ``changes`` is `engine.evaluation.comparison.changes_by_digit`.
    """
    exact = percent_decimals(changes["change"], 1)
    each = zip(changes["digit"], changes["change"], strict=True)
    return ", ".join(f"{name} {signed(100 * change + 0.0, exact)}" for name, change in each)


def p_value(p: float) -> str:
    """'= 0.031', or '< 0.0001' for anything smaller; '= 0.0497' where 0.05 would be on its side."""
    if p < 0.0001:
        return "< 0.0001"
    if p >= 0.1:
        return f"= {p:.2f}"
    texts = (f"{p:.{digits}g}" for digits in range(2, 18))
    return f"= {next(text for text in texts if (float(text) < LEVEL) == (p < LEVEL))}"
