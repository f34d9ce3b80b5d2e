"""Sentences of the label review."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.text import numbers
from engine.evaluation.evaluation import Evaluation
from engine.io.numbers import percent
from engine.label_review.decisions import Decisions, Verdict
from engine.label_review.reviewed import n_changed, n_set_aside

WHY_NOT_TEMPLATES = (
    "The distance to the templates ranks nothing here: an image far from its template is unusual, "
    "and its label may well be right."
)

JUDGES = {True: "The nearest images", False: "The model's probabilities"}  # nearest images or not
AGREED = {True: "All of its nearest images agree", False: "The model is at least 99 % sure"}
AGREE = {True: "all of them agree", False: "the other class has at least 99 %"}
NONE_AGREE = {True: "at none of these all of them agree", False: "at none of these with 99 %"}


def found(suspects: pd.DataFrame, n_images: int, side: str, nearest: bool = True) -> str:
    """How many labels are doubted, by whom, and at how many of these without a dissent."""
    if suspects.empty:
        return f"{JUDGES[nearest]} doubt no label of the {n_images:,} {side} images."
    said = (
        f"{JUDGES[nearest]} speak for another class than the given one at **{len(suspects):,}** of "
        f"{n_images:,} {side} images"
    )
    agreed = int(suspects["agreed"].sum())
    if not agreed:
        return f"{said}; {NONE_AGREE[nearest]}."
    return f"{said}. At **{agreed:,}** {AGREE[nearest]}; whether they are right is yours to judge."


def by_neighbors(labels: Sequence, given: object, proposed: object) -> str:
    """'18 of the 20 nearest images are 9s, 1 is a 4', in plain text."""
    votes, n = Counter(map(str, labels)), len(labels)
    for_new, for_given = votes[str(proposed)], votes[str(given)]
    nearest = numbers.count(n, "nearest image")
    carry = "carries" if for_new == 1 else "carry"
    return (
        f"{for_new} of the {nearest} {carry} the label {proposed}, "
        f"{for_given or 'none'} the given {given}."
    )


def by_probability(suspect: pd.Series) -> str:
    """Both probabilities, in plain text."""
    own = suspect["self confidence"]
    new = own + suspect["normalized margin"]
    return (
        f"The model gives {suspect['proposed']} the probability {percent(new, 1)}, the given "
        f"{suspect['given']} {percent(own, 1)}."
    )


def twin(
    distance: np.ndarray, labels: np.ndarray, given: object, length: float, near: float
) -> str:
    """Names a near-duplicate with another label, in plain text; '' where there is none."""
    apart = distance / max(length, 1)
    others = np.flatnonzero((labels != given) & (apart <= near))
    if not len(others):
        return ""
    first = others[0]
    return f"A near-duplicate ({percent(apart[first], 0)} apart) is labelled {labels[first]}."


def as_reviewed(given: Evaluation, now: Evaluation, decisions: Decisions) -> str:
    """Both accuracies, with what lies between them."""
    was, is_now = (
        f"{one.n_right:,} of {one.n_images:,} ({numbers.rate(one.n_right, one.n_images, 2)})"
        for one in (given, now)
    )
    return (
        f"{was} are right by the labels as given, {is_now} by the labels as reviewed, with "
        f"{what_changes(decisions)}."
    )


def what_changes(decisions: Decisions) -> str:
    """'3 labels changed and 1 image set aside'."""
    changed, aside = n_changed(decisions), n_set_aside(decisions)
    return (
        f"{numbers.count(changed, 'label')} changed and {numbers.count(aside, 'image')} set aside"
    )


def decided(decisions: Decisions) -> str:
    """'12 decisions: 3 changed, 9 kept'."""
    words = {
        Verdict.CHANGE: "changed",
        Verdict.KEEP: "kept",
        Verdict.SEVERAL: "with several right classes",
        Verdict.NONE: "with no right class",
        Verdict.LATER: "left for later",
    }
    counts = Counter(one.verdict for one in decisions.values())
    parts = [f"{counts[verdict]:,} {word}" for verdict, word in words.items() if counts[verdict]]
    return f"{numbers.count(len(decisions), 'decision')}: {', '.join(parts)}"


def model_line(answers: dict[str, object]) -> str:
    """'L1 mean: 4 · L2 mean: 9', in plain text."""
    return " · ".join(f"{name}: {answer}" for name, answer in answers.items())
