"""The data and a model's figures after a review: labels changed, images set aside."""

from dataclasses import replace

import numpy as np

from engine.datasets.dataset import Dataset, Split
from engine.evaluation.evaluation import Evaluation, evaluate, judge
from engine.evaluation.metrics import places
from engine.label_review.decisions import SET_ASIDE, Decisions, Verdict
from engine.label_review.neighbors import TESTING, TRAINING, split_of
from engine.models.registry import Model
from engine.runtime.errors import Refused

REVIEWED = ", reviewed"  # ends the name of such data


def n_changed(decisions: Decisions) -> int:
    """How many of the decisions change a label."""
    return sum(one.verdict is Verdict.CHANGE for one in decisions.values())


def n_set_aside(decisions: Decisions) -> int:
    """How many images are set aside: several classes are right, or none."""
    return sum(one.verdict in SET_ASIDE for one in decisions.values())


def reviewed(dataset: Dataset, decisions: Decisions) -> Dataset:
    """The dataset with the labels as decided, without the images that are set aside.

    The other images keep their order and their files, but those after one that is set aside have
    a smaller index. Raises Refused with what `fault` says.
    """
    if said := fault(dataset, decisions):
        raise Refused(said)
    splits = {}
    for side in (TRAINING, TESTING):
        split, keep = relabeled(dataset, side, decisions), kept(dataset, side, decisions)
        splits[side] = split if keep.all() else split.part(np.flatnonzero(keep))
    said = (
        f"As reviewed: {n_changed(decisions):,} labels are changed and {n_set_aside(decisions):,} "
        "images set aside."
    )
    done = (*dataset.done, said)
    name = f"{dataset.name.removesuffix(REVIEWED)}{REVIEWED}"
    training, testing = splits[TRAINING], splits[TESTING]
    return replace(dataset, name=name, training=training, testing=testing, done=done)


def fault(dataset: Dataset, decisions: Decisions) -> str:
    """Why these decisions leave no dataset: a class without training images, or no test image.

    '' where they leave one.
    """
    labels = {
        side: relabeled(dataset, side, decisions).labels[kept(dataset, side, decisions)]
        for side in (TRAINING, TESTING)
    }
    if lost := set(dataset.training.labels.tolist()) - set(labels[TRAINING].tolist()):
        name = sorted(map(str, lost))[0]
        return f"No training image would be {name!r} any more; wanted at least one."
    if not len(labels[TESTING]):
        return "No test image would be left; wanted at least one."
    return ""


def relabeled(dataset: Dataset, side: str, decisions: Decisions) -> Split:
    """All images of that side, each with the label as decided; the images are not copied."""
    split = split_of(dataset, side)
    labels, known = split.labels.copy(), {str(name): name for name in dataset.training.labels}
    for place, decision in decisions.items():
        if place.side == side and decision.verdict is Verdict.CHANGE:
            labels[place.index] = known[decision.new]
    return Split(split.images, labels, split.files)


def kept(dataset: Dataset, side: str, decisions: Decisions) -> np.ndarray:
    """Which images of that side are not set aside, (n,)."""
    keep = np.ones(len(split_of(dataset, side)), bool)
    aside = [p.index for p, one in decisions.items() if p.side == side and one.verdict in SET_ASIDE]
    keep[aside] = False
    return keep


def rejudged(evaluation: Evaluation, decisions: Decisions) -> Evaluation:
    """The same answers of the same classifier, judged by the test labels as decided.

    Images that are set aside are in no figure. What was decided on training images changes nothing
    here: that takes a new fit, on `reviewed`.
    """
    dataset, table = evaluation.dataset, evaluation.table
    testing = relabeled(dataset, TESTING, decisions)
    table = table[kept(dataset, TESTING, decisions)[table["index"].to_numpy(int)]]
    names = [f"distance to {name}" for name in evaluation.classes]
    return judge(
        replace(dataset, testing=testing),
        evaluation.model,
        evaluation.classifier,
        table[names].to_numpy(float),
        places(table["predicted"], evaluation.classes),
        table["index"].to_numpy(int),
    )


def evaluate_reviewed(dataset: Dataset, model: str | Model, decisions: Decisions) -> Evaluation:
    """The model, or that of the name, fitted and judged by the labels as decided.

    Images that are set aside are in neither; the test images keep their index. Raises Refused as
    `reviewed`, and KeyError as `evaluate`.
    """
    training = reviewed(dataset, decisions).training
    return rejudged(evaluate(replace(dataset, training=training), model), decisions)
