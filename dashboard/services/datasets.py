"""Datasets that all viewers share, and what is found out about any dataset, once."""

import functools
import glob
import logging
import os
import sys
from pathlib import Path

import pandas as pd

from dashboard.server import health_log
from dashboard.services.stores import PerDataset, failed, forget_results, in_turn, running
from engine.datasets import duplicates
from engine.datasets.cache_file import is_unchanged
from engine.datasets.dataset import Dataset
from engine.datasets.mnist.load import load_mnist, store_folder
from engine.datasets.server_datasets import named_paths, scheduler
from engine.datasets.sklearn_digits import load_sklearn_digits
from engine.datasets.summary import identical_pairs
from engine.inference import classify
from engine.runtime.background_task import BackgroundTask
from engine.runtime.limits import MAX_CACHED_DUPLICATE_SEARCHES, MAX_CACHED_EVALUATIONS
from engine.runtime.lru_cache import LruCache
from engine.runtime.progress import Progress

log = logging.getLogger(__name__)
_loads: LruCache[BackgroundTask[Dataset]] = LruCache(busy=running)
_ways: dict[str, tuple[str, ...]] = {}  # by name in `named_data`, other ways to read it
_embedded: LruCache[Dataset] = LruCache(1)
_identical = PerDataset("identical", MAX_CACHED_EVALUATIONS)
_searches = PerDataset("duplicate searches", MAX_CACHED_DUPLICATE_SEARCHES, running)
_references = PerDataset("references", MAX_CACHED_EVALUATIONS)


def mnist() -> BackgroundTask[Dataset]:
    """The one attempt to load MNIST that all viewers share; started by whoever comes first."""
    attempt = _loads.get("MNIST", lambda: BackgroundTask(load_mnist, "MNIST"))
    if attempt.result is None or is_unchanged(attempt.result):
        return attempt
    log.error("Somebody wrote into the store while it was in use: MNIST is loaded again")
    forget_results(attempt.result)
    _loads.forget("MNIST", lambda held: held is attempt)
    return mnist()


def load_again(name: str) -> None:
    """A new attempt at MNIST or a dataset of `named_data`, if the last one failed."""
    _loads.forget(_without_drawn(name), failed)


def named_data() -> dict[str, Path]:
    """The datasets that whoever started the server named, by the names on screen.

    One that was found to be readable in other ways, too, is there in each of these.
    """
    named = named_paths(sys.argv[1:], os.environ)
    others = {new: named[name] for name in named for new in other_ways(name).values()}
    drawn = {drawn_name(name): named[name] for name in named if _may_be_large(name, named[name])}
    return named | others | drawn


def drawn_name(name: str) -> str:
    """What the images drawn at random from a large dataset of `named_data` are called."""
    return f"{name}, drawn at random"


def _without_drawn(name: str) -> str:
    return name.removesuffix(drawn_name(""))


def _may_be_large(name: str, path: Path) -> bool:
    """Whether these are shards, unless they are known to be read whole."""
    if not _is_pattern(path):
        return False
    attempt = _loads.peek(name)
    return attempt is None or attempt.result is None or attempt.result.is_sample


def _is_pattern(path: Path) -> bool:
    return glob.has_magic(str(path)) and not path.exists()


def other_ways(name: str) -> dict[str, str]:
    """By the words for a way in which a dataset of `named_data` can be read, its name so read.

    Empty before it was read, and where there is only one way.
    """
    return {way: f"{name}, {way}" for way in _ways.get(name, ())}


def server_data(name: str) -> BackgroundTask[Dataset]:
    """The one attempt to read a dataset of `named_data`, shared by all viewers."""
    path = named_data()[name]
    if _is_pattern(path):
        name = _without_drawn(name)
        return _loads.get(name, lambda: _run(path, name))
    return _loads.get(
        name, lambda: BackgroundTask(lambda progress: _read(name, path, progress), name)
    )


def chosen(name: str, found: Dataset) -> Dataset:
    """Of what `server_data` of that name has ``found``, what the name says: all, or the drawn."""
    return found.drawn if found.is_sample and name != _without_drawn(name) else found


def _run(path: Path, name: str) -> BackgroundTask[Dataset]:
    from engine.shards.shown.run import Run  # with all formats: most servers never need it

    return Run(str(path), name, scheduler(sys.argv[1:]))


def _read(name: str, path: Path, progress: Progress) -> Dataset:
    """Reads it in the way that its name says, and notes the others. Raises what reading raises."""
    from engine.importers.load import read_path  # with all formats: most servers never need it
    from engine.importers.readings import SeveralReadings, noting, wanting

    way = next((way for ways in _ways.values() for way in ways if name.endswith(f", {way}")), "")
    with noting() as others, wanting(way):
        try:
            return read_path(path, progress)
        except SeveralReadings as several:
            others += several.options
            raise
        finally:
            if not way:
                _ways[name] = tuple(others)


def embedded() -> Dataset:
    """scikit-learn's digits."""
    return _embedded.get("embedded", load_sklearn_digits)


def is_embedded(dataset: Dataset) -> bool:
    """Whether these are scikit-learn's digits, which are not loaded to find that out."""
    return dataset is _embedded.peek("embedded")


def identical(dataset: Dataset) -> list[tuple[int, int]]:
    """`summary.identical_pairs`: 0.1 s on MNIST, too long for every run of a page."""
    return _identical.get(dataset, "pairs", lambda: identical_pairs(dataset))


def nearest_training(dataset: Dataset) -> BackgroundTask[pd.DataFrame]:
    """The one attempt at `duplicates.nearest_training` that all who see these data share."""
    search = functools.partial(duplicates.nearest_training, dataset)
    work = functools.partial(in_turn, search, "other work to be done")
    name = f"Comparing the images of {dataset.name}"
    return _searches.get(dataset, "nearest", lambda: BackgroundTask(work, name))


def compared(dataset: Dataset) -> bool:
    """Whether somebody has asked for `nearest_training` already."""
    return _searches.peek(dataset, "nearest") is not None


def reference(dataset: Dataset) -> classify.Reference:
    """What a viewer's picture is compared with; takes a moment, once for each dataset."""
    return _references.get(dataset, "reference", lambda: classify.reference(dataset))


def _held_names() -> list[str]:
    return [name for name in named_data() if name == _without_drawn(name)]


def _states() -> str:
    """Of MNIST and each of `named_data`: loaded, being loaded, failed and why, or not asked for."""
    return ", ".join(f"{name} {_state(_loads.peek(name))}" for name in ("MNIST", *_held_names()))


def _state(attempt: BackgroundTask[Dataset] | None) -> str:
    if attempt is None:
        return "not asked for"
    if attempt.error is not None:
        return f"failed ({attempt.error})"
    if attempt.result is None:
        return f"on its way ({attempt.report.step})"
    return f"loaded ({len(attempt.result.training) + len(attempt.result.testing):,} images)"


health_log.add("data", _states)
health_log.add("store", lambda: str(store_folder()))
