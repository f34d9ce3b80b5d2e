"""What models answer under corruption: each asked once, in the background, for all who want it."""

from collections.abc import Sequence

import numpy as np

from dashboard.services.stores import in_turn
from engine.corruption.curves import STEPS, Curves, Step, answered
from engine.evaluation.evaluation import Evaluation
from engine.models.nearest_neighbors import NearestNeighbors
from engine.runtime.background_task import BackgroundTask
from engine.runtime.errors import Explained
from engine.runtime.limits import MAX_CORRUPTED_NEIGHBORS
from engine.runtime.progress import Progress

KEPT = "corruption"  # begins the names of what is kept with an evaluation


class Stopped(Explained):
    """The models are asked no more."""


class Answers:
    """One model's ``curves`` so far; freed with its evaluation."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.curves = Curves.of(_some(evaluation))
        self.classifier = evaluation.classifier


class Asking:
    """Models of one dataset being asked together, so that each corruption is made once.

    ``answers`` are theirs, in the order given; ``task`` says how far it is.
    """

    def __init__(self, evaluations: Sequence[Evaluation]) -> None:
        self.answers = [one.kept.get(KEPT, lambda one=one: Answers(one)) for one in evaluations]
        self._dataset, self._stopped = evaluations[0].dataset, False
        self.task = BackgroundTask(self._ask, f"Corruption of {self._dataset.name}")

    @property
    def done(self) -> int:
        """Steps answered, of all the models together."""
        return sum(len(one.curves.answers) for one in self.answers)

    @property
    def total(self) -> int:
        return len(STEPS) * len(self.answers)

    @property
    def stopped(self) -> bool:
        return isinstance(self.task.error, Stopped)

    def stop(self) -> None:
        """Ends it within a chunk of images; what is answered stays."""
        self._stopped = True

    def _ask(self, progress: Progress) -> None:
        def watched(step: str, done: int, total: int) -> None:
            if self._stopped:
                raise Stopped("stopped")
            progress(step, done, total)

        for step in STEPS:  # the turn is given up in between: others need not wait for all

            def ask(progress: Progress, step: Step = step) -> None:
                self._one(step, progress)

            in_turn(ask, "another task", watched)

    def _one(self, step: Step, progress: Progress) -> None:
        """Asks those that have not answered this step; equally many images are the same ones."""
        open_still = [one for one in self.answers if step not in one.curves.answers]
        for n in {len(one.curves.index) for one in open_still}:
            some = [one for one in open_still if len(one.curves.index) == n]
            models = {str(place): one.classifier for place, one in enumerate(some)}
            index = some[0].curves.index
            for _, said in answered(self._dataset, models, [step], progress, index=index):
                for place, one in enumerate(some):
                    one.curves = one.curves.plus(step, said[str(place)])


def _some(evaluation: Evaluation) -> Evaluation:
    """The images that are asked about: fewer of a model that compares with every training image."""
    n, most = evaluation.n_images, MAX_CORRUPTED_NEIGHBORS
    if not isinstance(evaluation.classifier, NearestNeighbors) or n <= most:
        return evaluation
    chosen = np.linspace(0, n - 1, most).astype(int)
    return evaluation.on(evaluation.table["index"].to_numpy()[chosen])


def asked(evaluations: Sequence[Evaluation]) -> Asking:
    """The one that all share who look at these models of one dataset."""
    return evaluations[0].kept.get(_name(evaluations), lambda: Asking(evaluations))


def ask_on(evaluations: Sequence[Evaluation]) -> None:
    """Goes on with what is not answered, after it was stopped or failed."""
    evaluations[0].kept.forget(_name(evaluations), lambda one: one.task.error is not None)
    asked(evaluations)


def _name(evaluations: Sequence[Evaluation]) -> tuple:
    """What is kept holds the classifiers, so that no other has the id of one of them."""
    return KEPT, *(id(one.classifier) for one in evaluations)
