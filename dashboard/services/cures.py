"""The ladders of cures: each climbed once, in the background, for all who ask for it."""

import numpy as np

from dashboard.services.stores import PerDataset, failed, in_turn
from dashboard.session import uploads
from engine.cures.recipe import Recipe
from engine.datasets.dataset import Dataset
from engine.datasets.mapped_memory import give_back
from engine.evaluation import saved_ladders
from engine.evaluation.cure_ladder import Ladder, Rung, rungs
from engine.evaluation.evaluation import Evaluation
from engine.runtime.background_task import BackgroundTask
from engine.runtime.errors import Explained
from engine.runtime.limits import MAX_CACHED_LADDERS
from engine.runtime.progress import Progress

FROM_FILE_S = 5.0  # a task that has nothing to do but to begin


class Stopped(Explained):
    """The climb was told to end."""


class Climb:
    """A ladder under way: ``ladder`` holds the rungs so far, ``task`` says how far it is.

    It stands at once if it was ``kept``.
    """

    def __init__(
        self, dataset: Dataset, recipe: Recipe, before: np.ndarray, kept: Ladder | None = None
    ) -> None:
        self.ladder = kept or Ladder(recipe, before, ())
        self._dataset, self._stopped = dataset, False
        self._may_be_kept = not kept and _has_store(dataset)
        self.task = BackgroundTask(self._climb, f"Cures of {recipe.name}")

    @property
    def finished(self) -> bool:
        return self.task.finished()

    @property
    def error(self) -> Exception | None:
        return self.task.error

    def stop(self) -> None:
        """Ends it before the next rung; those that are there stay."""
        self._stopped = True

    def _climb(self, progress: Progress) -> Ladder:
        if self.ladder.rungs:
            return self.ladder

        def watched(step: str, done: int, total: int) -> None:
            if self._stopped:
                raise Stopped("stopped")
            progress(step, done, total)

        made = rungs(self._dataset, self.ladder.recipe, self.ladder.before, watched)

        def step(_: Progress) -> Rung | None:
            return next(made, None)

        # The turn is given up between two rungs: others need not wait for the whole ladder.
        while (rung := in_turn(step, "another model to be fitted", watched)) is not None:
            self.ladder = self.ladder.plus(rung)
        give_back(self._dataset.training.images)
        if self._may_be_kept:
            saved_ladders.keep(self._dataset, self.ladder)
        return self.ladder


def _has_store(dataset: Dataset) -> bool:
    """Of an upload nothing is written to the store."""
    return uploads.derived(dataset) is None


def _kept(evaluation: Evaluation, recipe: Recipe) -> Ladder | None:
    """The ladder of an earlier start."""
    if not _has_store(evaluation.dataset):
        return None
    return saved_ladders.load(evaluation.dataset, recipe, evaluation.table["right"].to_numpy())


def _running(climb: Climb) -> bool:
    return not climb.finished


_ladders: PerDataset[Climb] = PerDataset("ladders", MAX_CACHED_LADDERS, _running)


def climbed(evaluation: Evaluation, recipe: Recipe) -> Climb:
    """The one climb from this model that all viewers of its data share."""
    dataset, before = evaluation.dataset, evaluation.table["right"].to_numpy()

    def begun() -> Climb:
        return Climb(dataset, recipe, before, _kept(evaluation, recipe))

    return _ladders.get(dataset, recipe, begun)


def known(evaluation: Evaluation, recipe: Recipe) -> Ladder | None:
    """The whole ladder from this model, if it has been climbed already, now or before a restart."""
    climb = _ladders.peek(evaluation.dataset, recipe)
    if climb is None and _kept(evaluation, recipe) is not None:
        climb = climbed(evaluation, recipe)
        climb.task.finished(FROM_FILE_S)
    return climb.task.result if climb is not None else None


def climb_again(dataset: Dataset, recipe: Recipe) -> None:
    """A new climb, if the last one failed."""
    _ladders.forget(dataset, recipe, failed)
