"""What `python -m engine … --corrections FILE` does: the same model by the labels as decided."""

from pathlib import Path

from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import Evaluation
from engine.label_review.corrected_files import npz
from engine.label_review.decisions import Decision, Decisions, Place, read_corrections
from engine.label_review.reviewed import (
    evaluate_reviewed,
    n_changed,
    n_set_aside,
    rejudged,
    reviewed,
)
from engine.models.registry import Model

CORRECTED = "corrected.npz"


def decisions(file: str | None, dataset: Dataset) -> dict[Place, Decision]:
    """What the file of corrections decides; nothing without one. Raises Refused, OSError."""
    return read_corrections(Path(file).read_bytes(), dataset) if file else {}


def as_reviewed(given: Evaluation, model: str | Model | None, made: Decisions) -> Evaluation:
    """A model, or that of the name, fitted anew, or the answers ``given``, by labels as decided."""
    if not made:
        return given
    return rejudged(given, made) if model is None else evaluate_reviewed(given.dataset, model, made)


def both_ways(given: Evaluation, made: Decisions) -> dict[str, object]:
    """What the labels as given make of it, as plain values and in a sentence; empty without any."""
    if not made:
        return {}
    said = (
        f"These are the labels as reviewed: {n_changed(made):,} changed, {n_set_aside(made):,} "
        f"images set aside. As given, {given.n_right:,} of {given.n_images:,} test images are "
        "right."
    )
    as_given = {"right": given.n_right, "images": given.n_images}
    return {"as_given": as_given, "decisions": len(made), "reviewed": [said]}


def corrected(dataset: Dataset, made: Decisions) -> dict[str, bytes]:
    """The corrected data as a file to be written; none without decisions."""
    return {CORRECTED: npz(reviewed(dataset, made))} if made else {}
