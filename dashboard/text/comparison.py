"""Two models on the same images, in words."""

import pandas as pd

from dashboard.text.images import among
from dashboard.text.numbers import count
from dashboard.text.training import recipe
from engine.datasets.dataset import class_noun
from engine.evaluation.comparison import Change, Paired
from engine.evaluation.evaluation import Evaluation
from engine.io.numbers import percent_decimals, signed
from engine.models.learned_templates import LearnedTemplates
from engine.models.registry import MODELS
from engine.report import conclusion


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
    """Whether an iterative fit converged, or how templates were learned; '' of other models."""
    if isinstance(classifier, LearnedTemplates):
        return f"Its templates were learned with {recipe(classifier)}."
    if not hasattr(classifier, "converged_"):
        return ""
    done = count(int(classifier.n_iter_.max()), "iteration")
    if classifier.converged_:
        return f"Its fit converged after {done}."
    return f"Its fit was stopped after {done}, before it converged."


def changes(first: str, second: str) -> dict[str, str]:
    """What each group of `engine.evaluation.comparison.CHANGES` is, in a sentence."""
    return {
        Change.FIXED: f"{first} is wrong, {second} is right",
        Change.BROKEN: f"{first} is right, {second} is wrong",
        Change.BOTH_RIGHT: "right by both models",
        Change.BOTH_WRONG: "wrong by both models, perhaps not with the same answer",
    }


def shown_as(change: str, first: str, second: str, is_sample: bool = False) -> str:
    """What is under the images of a group, whose it is, and in what order they come."""
    whose = first if change == Change.FIXED else second
    predicted = "predicted" if change == Change.BOTH_RIGHT else f"the wrong prediction of {whose}"
    number = "gap to the true class" if change == Change.BOTH_WRONG else "margin"
    return (
        f"Under each image: true → {predicted}; the {number} of {second}, largest first; its index "
        f"{among(is_sample)}. Click an image for its reasons."
    )


def paired(found: Paired, first: str, second: str, picked: bool = False) -> str:
    """`engine.report.conclusion.paired` of these names, in Markdown."""
    return conclusion.paired(found, f"**{first}**", f"**{second}**", picked)


def change_of_each(changes: pd.DataFrame) -> str:
    """'0 +12.1, 1 −0.3': the change of each recall in percentage points, for an alternative text.

    ``changes`` is `engine.evaluation.comparison.changes_by_digit`.
    """
    exact = percent_decimals(changes["change"], 1)
    each = zip(changes["digit"], changes["change"], strict=True)
    return ", ".join(f"{name} {signed(100 * change + 0.0, exact)}" for name, change in each)
