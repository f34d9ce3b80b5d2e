"""The shapes of a dataset's test images: measured once, in the background, for all who ask."""

import functools

import pandas as pd

from dashboard.services.stores import PerDataset, in_turn, running
from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import Evaluation
from engine.runtime.background_task import BackgroundTask
from engine.runtime.limits import MAX_CACHED_SHAPES
from engine.runtime.progress import Progress
from engine.shapes.attributes import shape_attributes

_measured = PerDataset("shapes", MAX_CACHED_SHAPES, running)


def measuring(dataset: Dataset) -> BackgroundTask[pd.DataFrame]:
    """`shape_attributes` of the test images, a row each."""

    def measure(progress: Progress) -> pd.DataFrame:
        progress("Measuring the shapes", 0, 0)
        return shape_attributes(dataset.testing.images)

    work = functools.partial(in_turn, measure, "another task")
    return _measured.get(dataset, "shapes", lambda: BackgroundTask(work, "Shapes"))


def known(dataset: Dataset) -> pd.DataFrame | None:
    """The same if it is there already."""
    task = _measured.peek(dataset, "shapes")
    return task.result if task is not None else None


def of_rows(measured: pd.DataFrame, evaluation: Evaluation) -> pd.DataFrame:
    """What was measured, and what a brought table adds, for the rows of the evaluation's table."""
    table = evaluation.table
    rows = measured.iloc[table["index"].to_numpy()].set_axis(table.index)
    if evaluation.attributes is None:
        return rows
    return rows.join(evaluation.attributes.reindex(table["index"]).set_axis(table.index))
