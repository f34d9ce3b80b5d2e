"""What a model gives, in the classes of a dataset: places, and logarithms of probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.own_models.outputs import LABELS, Output, judge_kind, kind_of, log_probabilities
from engine.runtime.errors import Refused

UNKNOWN = -1  # the place of a label that is no class


@dataclass(frozen=True, eq=False)
class Answers:
    """``places`` (n,) in the classes, `UNKNOWN` for other labels; ``log`` (n, k), None of labels.

    Of tied scores the first class wins. ``kind`` is one of `outputs`.
    """

    places: np.ndarray
    log: np.ndarray | None
    kind: str


def in_classes(output: Output, classes: np.ndarray, kind: str | None = None) -> Answers:
    """The output in the order of ``classes``; ``kind`` is found from the scores where None.

    Columns that the model names are matched by these names, others are in the order of the classes.
    Of scores that are taken as labels only the highest counts. Raises Refused where there are not
    as many scores as classes, or where they cannot be of that ``kind``.
    """
    texts = list(map(str, classes))
    if output.scores is None:
        return Answers(_places(output.labels, texts), None, LABELS)
    if output.scores.shape[1] != len(classes):
        raise Refused(
            f"The model gives {output.scores.shape[1]} scores; wanted {len(classes)}, one for each "
            f"class ({classes_text(classes)})."
        )
    scores = output.scores
    if sorted(output.names) == sorted(texts):
        scores = scores[:, [output.names.index(text) for text in texts]]
    kind = kind or kind_of(output)
    judge_kind(scores, kind)
    log = None if kind == LABELS else log_probabilities(scores, kind)
    return Answers(scores.argmax(axis=1), log, kind)


def _places(labels: Sequence[str], texts: list[str]) -> np.ndarray:
    """By name; a model of numbers 0, 1, … for classes with names means their places."""
    known = {text: place for place, text in enumerate(texts)}
    if not known.keys() & set(labels):
        known = {str(place): place for place in range(len(texts))}
    return np.array([known.get(label, UNKNOWN) for label in labels], dtype=int)


def classes_text(classes: Sequence) -> str:
    """'0, 1, … 9': the classes, the ones in the middle left out."""
    texts = [str(name)[:20] for name in classes]
    return ", ".join(texts) if len(texts) <= 4 else f"{texts[0]}, {texts[1]}, … {texts[-1]}"
