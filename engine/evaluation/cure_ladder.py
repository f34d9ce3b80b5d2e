"""The ladder: what each cure alone would do to a model's answers."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.cures.cover import greedy_cover, holm
from engine.cures.prepared import Prepared
from engine.cures.recipe import Recipe
from engine.datasets.dataset import Dataset
from engine.evaluation.comparison import Paired
from engine.evaluation.metrics import wilson
from engine.models.base import Classifier
from engine.runtime.progress import Progress, no_progress


@dataclass(frozen=True, eq=False)
class Rung:
    """One cure added to the model in hand, fitted on the training and judged on the test images.

    ``answers`` and ``right`` are (n,), of every test image; ``paired`` compares with the model in
    hand; ``seconds`` were spent fitting. ``templates`` (m, h, w) are those of the classes ``of``
    (m,), ``offsets`` (k,) what is added to the distances, all 0 without.
    """

    cure: str
    answers: np.ndarray
    right: np.ndarray
    paired: Paired
    seconds: float
    templates: np.ndarray
    of: np.ndarray
    offsets: np.ndarray

    @property
    def gain(self) -> int:
        """Images right more than before."""
        return self.paired.fixed - self.paired.broken

    @property
    def offset(self) -> tuple[str, float] | None:
        """The one class that has an offset, by name, and the offset; None unless it is just one."""
        places = np.flatnonzero(self.offsets)
        if len(places) != 1:
            return None
        return str(np.unique(self.of)[places[0]]), float(self.offsets[places[0]])


@dataclass(frozen=True, eq=False)
class Ladder:
    """``rungs`` by their gain, the largest first; ``before`` (n,) is what was right without."""

    recipe: Recipe
    before: np.ndarray
    rungs: tuple[Rung, ...]

    @property
    def corrected(self) -> np.ndarray:
        """McNemar's p of each rung, corrected by Holm for all of them."""
        return holm([rung.paired.mcnemar.p for rung in self.rungs])

    @property
    def cover(self) -> list[tuple[str, int]]:
        """`greedy_cover` of the errors of the model in hand."""
        return greedy_cover({rung.cure: rung.right[~self.before] for rung in self.rungs})

    @property
    def left(self) -> np.ndarray:
        """Which test images are wrong without, and with each cure, (n,)."""
        return ~self.before & ~np.any([rung.right for rung in self.rungs], axis=0)

    @cached_property
    def causes(self) -> list[Rung]:
        """The rungs that say something of an error: they fix more of them than they break.

        That is, the 95 % interval (Wilson) of the share of errors made right lies above that of
        the share of right answers made wrong. A change under which right answers turn wrong as
        often explains nothing.
        """
        wrong, right = int((~self.before).sum()), int(self.before.sum())
        if not wrong or not right:
            return []
        return [
            rung
            for rung in self.rungs
            if wilson(rung.paired.fixed, wrong)[0] > wilson(rung.paired.broken, right)[1]
        ]

    def making_right(self, place: int) -> list[Rung]:
        """The `causes` that make the image at ``place`` right, if it is wrong without; else []."""
        return [] if self.before[place] else [one for one in self.causes if one.right[place]]

    def plus(self, rung: Rung) -> "Ladder":
        """With one rung more, in its place; on a tie below those that were there."""
        rungs = sorted((*self.rungs, rung), key=lambda one: -one.gain)
        return Ladder(self.recipe, self.before, tuple(rungs))


def rungs(
    dataset: Dataset, recipe: Recipe, before: np.ndarray, progress: Progress = no_progress
) -> Iterator[Rung]:
    """Every cure that can be added, one after the other as they are judged.

    ``before`` (n,) is which test images the model in hand gets right. ``progress`` is told the cure
    and how many are done; if it raises, no more are made.
    """
    offered = recipe.offered()
    for done, cure in enumerate(offered):
        progress(f"Trying {cure}", done, len(offered))
        yield rung(dataset, recipe, cure, before)


def rung(dataset: Dataset, recipe: Recipe, cure: str, before: np.ndarray) -> Rung:
    """One cure, fitted on the training images and judged on the test images."""
    started = time.perf_counter()
    model = recipe.plus(cure).make()
    model.fit(dataset.training.images, dataset.training.labels)
    seconds = time.perf_counter() - started
    answers = model.predict(dataset.testing.images)
    right, paired = judged(answers, dataset.testing.labels, before)
    templates, of = templates_of(model, dataset.size)
    offsets = model.classifier.each_offset()
    return Rung(cure, answers, right, paired, seconds, templates.astype(np.float32), of, offsets)


def judged(
    answers: np.ndarray, labels: np.ndarray, before: np.ndarray
) -> tuple[np.ndarray, Paired]:
    """Which answers are right, (n,), and how that compares with what was right ``before``, (n,)."""
    right = answers == labels
    table = (right & ~before, before & ~right, right & before, ~right & ~before)
    return right, Paired(*(int(mask.sum()) for mask in table))


def templates_of(model: Classifier, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """The templates of a fitted model, with cures or without, (m, h, w), and the class of each."""
    inner = model.classifier if isinstance(model, Prepared) else model
    of = np.repeat(model.classes_, getattr(inner, "counts_", 1))
    return inner.templates_.reshape(-1, *size), of
