"""What is computed once and shared by all viewers: the only module that keeps anything.

It is kept in this process and not in `st.cache_*`, which any viewer can clear for all the others by
one message. Everything here is shared and read-only.
"""

import functools
import hashlib
import math
import os
import sys
import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charting import render
from dashboard.server import health_log
from dashboard.session import uploads
from engine.datasets import duplicates
from engine.datasets.dataset import Dataset
from engine.datasets.mapped_memory import give_back
from engine.datasets.mnist.load import load_mnist, store_folder
from engine.datasets.server_datasets import named_paths
from engine.datasets.sklearn_digits import load_sklearn_digits
from engine.datasets.summary import identical_pairs
from engine.descent.closed_form import quadratic
from engine.descent.notebook import Data, draw
from engine.descent.optimizers import race
from engine.evaluation.evaluation import Evaluation, evaluate, n_right
from engine.evaluation.saved_models import load_or_fit
from engine.explanation import contrast
from engine.explanation.contrast import Contrast
from engine.inference import classify
from engine.models.registry import MODELS
from engine.runtime.background_task import BackgroundTask
from engine.runtime.limits import (
    MAX_CACHED_CHARTS,
    MAX_CACHED_DESCENTS,
    MAX_CACHED_DRAWS,
    MAX_CACHED_DUPLICATE_SEARCHES,
    MAX_CACHED_EVALUATIONS,
    MAX_CACHED_NEIGHBORS,
    MAX_CACHED_OWN_CHARTS,
    MAX_CACHED_RACES,
    MAX_CACHED_SLOW_MODELS,
)
from engine.runtime.lru_cache import LruCache, Result
from engine.runtime.progress import Progress

_one_race = threading.Lock()
_one_fit = threading.Lock()  # slow models are fitted one after the other


def _attempts(most: float = math.inf) -> LruCache[BackgroundTask]:
    """A place for attempts, none of which goes while it is under way."""
    return LruCache(most, busy=lambda attempt: not attempt.finished())


_loaded = _attempts()
_fittings, _compared = _attempts(MAX_CACHED_SLOW_MODELS), _attempts(MAX_CACHED_DUPLICATE_SEARCHES)
_embedded, _twins = LruCache(1), LruCache(MAX_CACHED_EVALUATIONS)
_evaluations, _references = LruCache(MAX_CACHED_EVALUATIONS), LruCache(MAX_CACHED_EVALUATIONS)
_neighbours, _draws, _races = (
    LruCache(MAX_CACHED_NEIGHBORS),
    LruCache(MAX_CACHED_DRAWS),
    LruCache(MAX_CACHED_RACES),
)
_descents = LruCache(MAX_CACHED_DESCENTS)
_charts = LruCache(MAX_CACHED_CHARTS)


def mnist() -> BackgroundTask[Dataset]:
    """The one attempt to load MNIST that all viewers share; started by whoever comes first."""
    return _loaded.get("MNIST", lambda: BackgroundTask(load_mnist, "MNIST"))


def load_again(name: str) -> None:
    """A new attempt at MNIST or a dataset of `named_data`, if the last one failed."""
    _loaded.forget(name, _failed)


def _failed(attempt: BackgroundTask) -> bool:
    return attempt.error is not None


def named_data() -> dict[str, Path]:
    """The datasets that whoever started the server named, by the names on screen."""
    return named_paths(sys.argv[1:], os.environ)


def server_data(name: str) -> BackgroundTask[Dataset]:
    """The one attempt to read a dataset of `named_data`, shared by all viewers."""
    from engine.importers.load import read_path  # with all formats: most servers never need it

    path = named_data()[name]
    return _loaded.get(
        name, lambda: BackgroundTask(lambda progress: read_path(path, progress), name)
    )


def _data_states() -> str:
    """Of MNIST and each of `named_data`: loaded, being loaded, failed and why, or not asked for."""
    return ", ".join(f"{name} {_state(_loaded.peek(name))}" for name in ("MNIST", *named_data()))


def _state(attempt: BackgroundTask[Dataset] | None) -> str:
    if attempt is None:
        return "not asked for"
    if attempt.error is not None:
        return f"failed ({attempt.error})"
    if attempt.result is None:
        return f"on its way ({attempt.report.step})"
    return f"loaded ({len(attempt.result.training) + len(attempt.result.testing):,} images)"


def embedded() -> Dataset:
    """scikit-learn's digits."""
    return _embedded.get("embedded", load_sklearn_digits)


def evaluation(dataset: Dataset, model: str) -> Evaluation:
    """The model of that name in `registry.MODELS`, judged on ``dataset``; waits for it."""
    if not MODELS[model].slow:
        make = functools.partial(_fitted, evaluate, dataset, model)
        return _own_or_shared(dataset, _evaluations, model, make)
    attempt = fitting(dataset, model)
    attempt.finished(None)
    if attempt.error is not None:
        raise attempt.error
    return attempt.result


def right_of(dataset: Dataset, model: str) -> int:
    """How many test images a quick model of the table gets right, for a sentence about it."""
    make = functools.partial(_fitted, n_right, dataset, model)
    return _own_or_shared(dataset, _evaluations, ("right", model), make)


def _own_or_shared(dataset: Dataset, shared: LruCache, what: Hashable, make: Callable) -> Any:
    """``make()``, kept for all, or by the viewer whose own data these are until they go.

    Data are told apart by their checksum, `Dataset.key`.
    """
    mine = uploads.derived(dataset)
    if mine is None:
        return shared.get((dataset.key, what), make)
    if what not in mine:
        mine[what] = make()
    return mine[what]


def fitting(dataset: Dataset, model: str) -> BackgroundTask[Evaluation]:
    """The one attempt to fit a slow model that all viewers of these data share."""
    held, fit = _slow_fits(dataset)
    work = functools.partial(_in_turn, fit, dataset, model)
    return held.get((dataset.key, model), lambda: BackgroundTask(work, f"Fitting {model}"))


def _slow_fits(dataset: Dataset) -> tuple[LruCache[BackgroundTask[Evaluation]], Callable]:
    """Where slow fits are held and how they are made; of a viewer's own data nothing is shared."""
    mine = uploads.derived(dataset)
    if mine is None:
        return _fittings, load_or_fit
    return mine.setdefault("slow fits", _attempts(MAX_CACHED_SLOW_MODELS)), evaluate


def fit_again(dataset: Dataset, model: str) -> None:
    """A new attempt, if the last one failed."""
    _slow_fits(dataset)[0].forget((dataset.key, model), _failed)


def ready(dataset: Dataset, model: str) -> bool:
    """Whether `evaluation` would answer without waiting for a slow fit."""
    held = _slow_fits(dataset)[0].peek((dataset.key, model))
    return not MODELS[model].slow or (held is not None and held.result is not None)


def of_evaluation(evaluation: Evaluation, make: Callable[..., Result], *about: Hashable) -> Result:
    """``make(evaluation, *about)``, made once for all who see this evaluation, and freed with it.

    ``make`` is a function of a module: it tells results apart, and one that a page defines is
    another in every run.
    """
    return evaluation.kept.get((make, *about), lambda: make(evaluation, *about))


def identical(dataset: Dataset) -> list[tuple[int, int]]:
    """`summary.identical_pairs`: 0.1 s on MNIST, too long for every run of a page."""
    return _own_or_shared(dataset, _twins, "twins", lambda: identical_pairs(dataset))


def nearest_training(dataset: Dataset) -> BackgroundTask[pd.DataFrame]:
    """The one attempt at `near_duplicates.nearest_training` that all who see these data share."""
    work = functools.partial(_compare, dataset)
    name = f"Comparing the images of {dataset.name}"
    return _comparisons(dataset).get(dataset.key, lambda: BackgroundTask(work, name))


def compared(dataset: Dataset) -> bool:
    """Whether somebody has asked for `nearest_training` already."""
    return _comparisons(dataset).peek(dataset.key) is not None


def _comparisons(dataset: Dataset) -> LruCache[BackgroundTask[pd.DataFrame]]:
    mine = uploads.derived(dataset)
    return _compared if mine is None else mine.setdefault("compared", _attempts(1))


def _compare(dataset: Dataset, progress: Progress) -> pd.DataFrame:
    progress("Waiting for other work to be done", 0, 0)
    with _one_fit:
        return duplicates.nearest_training(dataset, progress)


def _in_turn(fit: Callable, dataset: Dataset, model: str, progress: Progress) -> Evaluation:
    progress("Waiting for another model to be fitted", 0, 0)
    with _one_fit:
        return fit(dataset, model, progress)


def _fitted(make: Callable[[Dataset, str], Result], dataset: Dataset, model: str) -> Result:
    made = make(dataset, model)
    give_back(dataset.training.images)  # 47 MB of MNIST that a page seldom looks at again
    return made


def nearest_images(evaluation: Evaluation, name: str, image: np.ndarray, most: int) -> pd.DataFrame:
    """`contrast.nearest_images` among the training images; ``name`` tells images apart."""
    training, metric = evaluation.dataset.training, evaluation.metric
    make = functools.partial(
        contrast.nearest_images, image, training.images, training.labels, metric, most
    )
    return _neighbours.get((evaluation.dataset.key, metric, name, most), make)


def reference(dataset: Dataset) -> classify.Reference:
    """What a viewer's picture is compared with; takes a moment, once for each dataset."""
    return _own_or_shared(dataset, _references, "reference", lambda: classify.reference(dataset))


def points(seed: int, points: int, noise: float) -> Data:
    """The playground's points and start, drawn once for each seed, number and noise."""
    return _draws.get((seed, points, noise), lambda: draw(seed, points, noise))


def of_descent(settings: Hashable, make: Callable[[], Result]) -> Result:
    """``make()``, made once for all whose playground is at these settings."""
    return _descents.get(settings, make)


def raced(
    draw: tuple[int, int, float], start: tuple[float, ...], standardise: bool, batch: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`engine.descent.optimizers.race` on one draw from one start, which takes up to a second.

    One race runs at a time, so that twenty viewers who start one hold up nobody else.
    """

    def run() -> tuple[pd.DataFrame, pd.DataFrame]:
        data = points(*draw)
        shape = quadratic(data.time, data.speed, standardise)
        with _one_race:
            return race(shape, np.array(start), batch, seed=draw[0])

    return _races.get((draw, start, standardise, batch), run)


def structure(make: Callable, *about: object) -> dict[str, Any]:
    """The chart ``make(*about)`` as `drawing.spec`, made once for all: it only names its tables."""
    return _charts.get(_key(make, about), lambda: render.spec(make(*about)))


def chart(make: Callable, *about: object, of: Dataset | None = None) -> dict[str, Any]:
    """The chart ``make(*about)`` as `drawing.spec`, made once for all who see the data ``of``.

    Without these it is kept for this viewer only, who may have brought what it shows.
    """
    key = _key(make, about)

    def spec() -> dict[str, Any]:
        return render.spec(make(*about))

    if of is not None:
        return _own_or_shared(of, _charts, key, spec)
    return st.session_state.setdefault("charts", LruCache(MAX_CACHED_OWN_CHARTS)).get(key, spec)


def _key(make: Callable, about: tuple) -> Hashable:
    return make.__module__, make.__qualname__, *map(_mark, about)


def _mark(part: object) -> Hashable:
    """What tells one argument of a chart from another: of arrays and tables what is in them."""
    if isinstance(part, np.ndarray):
        return part.shape, part.dtype.str, hashlib.sha256(np.ascontiguousarray(part)).digest()
    if isinstance(part, pd.DataFrame):
        return tuple(part.columns), tuple(part.itertuples(name=None))
    if isinstance(part, Contrast):
        return _mark(part.there), _mark(part.missing)
    return part


health_log.add("data", _data_states)
health_log.add("store", lambda: str(store_folder()))
