"""What the nearest images say of the labels, computed once for all who see the same data."""

import functools

from dashboard.services.stores import PerDataset, failed, in_turn, running
from engine.datasets.dataset import Dataset
from engine.datasets.mapped_memory import give_back
from engine.label_review.neighbors import neighbor_shares
from engine.label_review.suspects import Shares
from engine.runtime.background_task import BackgroundTask
from engine.runtime.limits import MAX_CACHED_DUPLICATE_SEARCHES
from engine.runtime.progress import Progress

_searches = PerDataset("label review", MAX_CACHED_DUPLICATE_SEARCHES, running)


def neighbors(dataset: Dataset, side: str) -> BackgroundTask[Shares]:
    """The one attempt at `neighbor_shares` that all viewers of these data share."""
    work = functools.partial(
        in_turn, functools.partial(_search, dataset, side), "other work to be done"
    )
    name = f"Labels of the {side} images of {dataset.name}"
    return _searches.get(dataset, side, lambda: BackgroundTask(work, name))


def _search(dataset: Dataset, side: str, progress: Progress) -> Shares:
    found = neighbor_shares(dataset, side, progress)
    give_back(dataset.training.images)
    return found


def asked_for(dataset: Dataset, side: str) -> bool:
    """Whether somebody has asked for it already."""
    return _searches.peek(dataset, side) is not None


def known(dataset: Dataset, side: str) -> Shares | None:
    """The shares of that side, if they are there already."""
    search = _searches.peek(dataset, side)
    return search.result if search is not None else None


def again(dataset: Dataset, side: str) -> None:
    """A new attempt, if the last one failed."""
    _searches.forget(dataset, side, failed)
