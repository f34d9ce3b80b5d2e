"""A small change that makes any model answer otherwise: an upper bound, as fewer pixels may do."""

from dataclasses import dataclass

import numpy as np

from engine.explanation.any_model import Apart, apart_by, margins
from engine.models.base import Classifier
from engine.runtime.limits import MAX_GREEDY_PIXELS

WHITE = 255


@dataclass(frozen=True, eq=False)
class GreedyChange:
    """The edited ``image`` (h, w) uint8, which the model answers with ``answer``, not ``winner``.

    ``changed`` (n, 2) are rows and columns of the pixels that are now paper or full ink. None of
    them can be spared, but another choice of fewer may flip the answer, too: ``len(changed)`` is
    an upper bound of the fewest. ``asked`` images were answered to find it.
    """

    winner: object
    answer: object
    image: np.ndarray
    changed: np.ndarray
    asked: int


class _Asked:
    """Answers to edits of one image, counted."""

    def __init__(self, apart: Apart, image: np.ndarray) -> None:
        self.apart, self.image, self.count = apart, image, 1
        self.winner = int(apart(image[None])[0].argmin())

    def edits(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The margins left to the winner and the places answered, (n,) each."""
        self.count += len(images)
        distance = self.apart(images)
        return margins(distance, self.winner), distance.argmin(axis=1)


def greedy_change(
    image: np.ndarray, classifier: Classifier, most: int = MAX_GREEDY_PIXELS
) -> GreedyChange | None:
    """Changes the pixel that costs the winner most margin, then the next, until the answer flips.

    ``image`` is (h, w) uint8; each step asks for all pixels in one batch. None where ``most``
    pixels do not suffice, or no single one lowers the margin any further, as of a model that gives
    labels only. Raises what the classifier raises.
    """
    apart, _ = apart_by(classifier)
    asked = _Asked(apart, image)
    found = _until_it_flips(asked, most)
    if found is None:
        return None
    edited, answer = _spared(asked, *found)
    changed = np.argwhere(edited != image)
    classes = classifier.classes_
    return GreedyChange(classes[asked.winner], classes[answer], edited, changed, asked.count)


def _until_it_flips(asked: _Asked, most: int) -> tuple[np.ndarray, int] | None:
    """The edited image and the place of its answer."""
    now, margin = asked.image, np.inf
    for _ in range(most):
        edits = _one_more(now, asked.image)
        if not len(edits):
            return None
        left, answers = asked.edits(edits)
        best = int(left.argmin())
        if left[best] >= margin:
            return None
        now, margin = edits[best], left[best]
        if answers[best] != asked.winner:
            return now, int(answers[best])
    return None


def _one_more(now: np.ndarray, original: np.ndarray) -> np.ndarray:
    """The image with one pixel more made paper, or full ink: (n, h, w)."""
    edits = []
    for level in (0, WHITE):
        places = np.flatnonzero((now == original) & (original != level))
        some = np.repeat(now[None], len(places), axis=0)
        some.reshape(len(places), -1)[np.arange(len(places)), places] = level
        edits.append(some)
    return np.concatenate(edits)


def _spared(asked: _Asked, now: np.ndarray, answer: int) -> tuple[np.ndarray, int]:
    """Without the changes that were not needed: undone, one after another, while it is flipped."""
    while len(places := np.flatnonzero(now != asked.image)) > 1:
        edits = np.repeat(now[None], len(places), axis=0)
        rows = np.arange(len(places))
        edits.reshape(len(places), -1)[rows, places] = asked.image.ravel()[places]
        left, answers = asked.edits(edits)
        flipped = np.flatnonzero(answers != asked.winner)
        if not len(flipped):
            break
        best = flipped[left[flipped].argmin()]
        now, answer = edits[best], int(answers[best])
    return now, answer
