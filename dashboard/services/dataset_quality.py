"""How the test images differ from the training ones, computed once for all who see the data."""

import functools

import pandas as pd

from dashboard.services.stores import PerDataset, failed, in_turn, running
from engine.datasets.dataset import Dataset
from engine.datasets.mapped_memory import give_back
from engine.runtime.background_task import BackgroundTask
from engine.runtime.limits import MAX_CACHED_DUPLICATE_SEARCHES
from engine.runtime.progress import Progress

ATTRIBUTES = (
    "ink",
    "thickness",
    "length",
    "slant",
    "width",
    "height",
)  # that drift is looked for in
PART = 4096  # images between two words on the progress

_drifts = PerDataset("drift", MAX_CACHED_DUPLICATE_SEARCHES, running)


def drift(dataset: Dataset) -> BackgroundTask[pd.DataFrame]:
    """The one attempt at `outliers.drift` that all viewers of these data share."""
    work = functools.partial(in_turn, functools.partial(_drift, dataset), "other work to be done")
    name = f"Drift of {dataset.name}"
    return _drifts.get(dataset, "drift", lambda: BackgroundTask(work, name))


def _drift(dataset: Dataset, progress: Progress) -> pd.DataFrame:
    from engine.label_review import outliers
    from engine.shapes.attributes import shape_attributes

    tables, done = [], 0
    total = len(dataset.training) + len(dataset.testing)
    for split in (dataset.training, dataset.testing):
        parts = []
        for at in range(0, len(split), PART):
            progress("Measuring the shape of the images", done, total)
            parts.append(shape_attributes(split.images[at : at + PART])[list(ATTRIBUTES)])
            done += len(parts[-1])
        tables.append(pd.concat(parts, ignore_index=True) if parts else pd.DataFrame())
    give_back(dataset.training.images)
    labels = dataset.training.labels, dataset.testing.labels
    return outliers.drift(*tables, labels)


def asked_for(dataset: Dataset) -> bool:
    """Whether somebody has asked for it already."""
    return _drifts.peek(dataset, "drift") is not None


def again(dataset: Dataset) -> None:
    """A new attempt, if the last one failed."""
    _drifts.forget(dataset, "drift", failed)
