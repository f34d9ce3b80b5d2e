"""Slices found and tested by chance: once for each evaluation, for all who see it."""

import pandas as pd

from dashboard.services import evaluations, shapes
from dashboard.services.stores import in_turn
from engine.evaluation.evaluation import Evaluation
from engine.runtime.background_task import BackgroundTask
from engine.runtime.progress import Progress
from engine.slices.search import RUNS, Search, by_chance, find_slices


def found(evaluation: Evaluation) -> BackgroundTask[Search]:
    """The one search for the slices of an evaluation, after its shapes are measured."""
    return evaluations.of_evaluation(evaluation, _finding)


def known(evaluation: Evaluation) -> Search | None:
    """What came of it, if it is over.

    Where the shapes are measured already it is begun, for the next to ask: that takes a blink.
    """
    task = evaluation.kept.peek((_finding,))
    if task is None and shapes.known(evaluation.dataset) is not None:
        task = found(evaluation)
    return task.result if task is not None else None


def _finding(evaluation: Evaluation) -> BackgroundTask[Search]:
    measuring = shapes.measuring(evaluation.dataset)

    def search(progress: Progress) -> Search:
        progress("Measuring the shapes", 0, 0)
        measuring.finished(None)
        if measuring.error is not None:
            raise measuring.error
        progress("Looking for slices", 0, 0)
        return find_slices(*_arguments(evaluation, measuring.result))

    return BackgroundTask(search, "Slices")


def _arguments(evaluation: Evaluation, measured: pd.DataFrame) -> tuple:
    return shapes.of_rows(measured, evaluation), evaluation.table["right"].to_numpy()


class Chance:
    """The same search on permuted answers, under way: ``smallest`` holds what it gave so far."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.smallest: list[float] = []
        self._evaluation, self._stopped = evaluation, False
        self.task = BackgroundTask(self._run, "Slices by chance")

    def stop(self) -> None:
        """Ends it before the next run; what it gave stays."""
        self._stopped = True

    def _run(self, progress: Progress) -> None:
        measured = shapes.known(self._evaluation.dataset)
        runs = by_chance(*_arguments(self._evaluation, measured))
        # The turn is given up after each run: others need not wait for all of them.
        while not self._stopped:
            progress("Searching among permuted answers", len(self.smallest), RUNS)
            smallest = in_turn(lambda _: next(runs, None), "another task", progress)
            if smallest is None:
                return
            self.smallest.append(smallest)


def chance(evaluation: Evaluation) -> Chance:
    """The one series of permutations of an evaluation whose slices are `found`."""
    return evaluations.of_evaluation(evaluation, Chance)
