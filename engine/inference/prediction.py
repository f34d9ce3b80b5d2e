"""One image's answer: its distance to every class, their order, and the margin."""

from dataclasses import dataclass

import numpy as np

from engine.evaluation.evaluation import Evaluation


@dataclass(frozen=True)
class Answer:
    """``distances`` (k,) to the templates of ``classes``; equal ones go to the smaller digit.

    ``order`` has the classes from nearest to farthest; ``margin`` is the second distance minus the
    first, in the unit of the distances. Of a model that gives labels only it is not ``scored``.
    """

    classes: np.ndarray
    distances: np.ndarray
    scored: bool = True

    @property
    def order(self) -> np.ndarray:
        return self.classes[np.argsort(self.distances, kind="stable")]

    @property
    def digit(self) -> int:
        return self.order[0].item()

    @property
    def distance(self) -> float:
        return float(self.distances.min())

    @property
    def margin(self) -> float:
        nearest = np.sort(self.distances)[:2]
        return float(nearest[-1] - nearest[0])

    @property
    def runners_up(self) -> np.ndarray:
        """The classes that are nearest after the answer: several where they are tied; (0,) alone.

        In the order of ``classes``.
        """
        others = self.classes != self.digit
        least = self.distances[others].min(initial=np.inf)
        return self.classes[others & (self.distances == least)]

    def rank(self, digit: int) -> int | None:
        """The place of ``digit`` from 1; None where another class is at the same distance.

        Raises ValueError for one not known.
        """
        own = self.distances[self.classes.tolist().index(digit)]
        if (self.distances == own).sum() > 1:
            return None
        return int((self.distances < own).sum()) + 1

    def behind(self, digit: int) -> float:
        """How much farther the template of ``digit`` is than the nearest one."""
        return float(self.distances[self.classes.tolist().index(digit)] - self.distance)


def answer(evaluation: Evaluation, image: np.ndarray) -> Answer:
    """The evaluation's answer to an image (h, w), ``uint8`` ink."""
    distances = evaluation.classifier.distances(image[None])[0]
    return Answer(evaluation.classes, distances, evaluation.scored)
