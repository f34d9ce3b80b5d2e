"""What models answer under corruption: each asked once, in the background, for all who want it."""

import numpy as np

from dashboard.services.stores import in_turn
from engine.corruption.curves import STEPS, Curves, answered
from engine.evaluation.evaluation import Evaluation
from engine.models.nearest_neighbors import NearestNeighbors
from engine.runtime.background_task import BackgroundTask
from engine.runtime.errors import Explained
from engine.runtime.limits import MAX_CORRUPTED_NEIGHBORS
from engine.runtime.progress import Progress

KEPT = "corruption"  # its name among what is kept with an evaluation


class Stopped(Explained):
    """The model is asked no more."""


class Asking:
    """A model being asked: ``curves`` holds the answers so far, ``task`` says how far it is."""

    def __init__(self, evaluation: Evaluation, so_far: Curves | None = None) -> None:
        self.curves = so_far or Curves.of(_some(evaluation))
        self._dataset, self._classifier = evaluation.dataset, evaluation.classifier
        self._stopped = False
        self.task = BackgroundTask(self._ask, f"Corruption of {evaluation.model.label}")

    @property
    def finished(self) -> bool:
        return self.task.finished()

    @property
    def whole(self) -> bool:
        """Whether all kinds at all severities are answered."""
        return len(self.curves.answers) == len(STEPS)

    @property
    def stopped(self) -> bool:
        return isinstance(self.task.error, Stopped)

    def stop(self) -> None:
        """Ends it within a chunk of images; what is answered stays."""
        self._stopped = True

    def _ask(self, progress: Progress) -> Curves:
        def watched(step: str, done: int, total: int) -> None:
            if self._stopped:
                raise Stopped("stopped")
            progress(step, done, total)

        steps = [step for step in STEPS if step not in self.curves.answers]
        of, index = {"model": self._classifier}, self.curves.index
        made = answered(self._dataset, of, steps, watched, index=index)

        def step(_: Progress) -> tuple | None:
            return next(made, None)

        # The turn is given up between two steps: others need not wait for all of them.
        while (one := in_turn(step, "another task", watched)) is not None:
            self.curves = self.curves.plus(one[0], one[1]["model"])
        return self.curves


def _some(evaluation: Evaluation) -> Evaluation:
    """The images that are asked about: fewer of a model that compares with every training image."""
    n, most = evaluation.n_images, MAX_CORRUPTED_NEIGHBORS
    if not isinstance(evaluation.classifier, NearestNeighbors) or n <= most:
        return evaluation
    chosen = np.linspace(0, n - 1, most).astype(int)
    return evaluation.on(evaluation.table["index"].to_numpy()[chosen])


def asked(evaluation: Evaluation) -> Asking:
    """The one that all share who look at this model on these data; freed with the evaluation."""
    return evaluation.kept.get(KEPT, lambda: Asking(evaluation))


def ask_on(evaluation: Evaluation) -> None:
    """Goes on with what is not answered, after it was stopped or failed."""
    so_far = asked(evaluation).curves
    evaluation.kept.forget(KEPT, lambda one: one.finished and not one.whole)
    evaluation.kept.get(KEPT, lambda: Asking(evaluation, so_far))
