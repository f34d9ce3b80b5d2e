"""Models fitted and judged, once for all who see the same data, and what follows from them."""

import contextlib
import functools
from collections.abc import Callable, Hashable

import numpy as np
import pandas as pd

from dashboard.services.stores import PerDataset, failed, in_turn, running
from dashboard.session import uploads
from dashboard.session.server_models import model_named, server_models
from engine.datasets.dataset import Dataset
from engine.datasets.mapped_memory import give_back
from engine.evaluation.evaluation import Evaluation, evaluate, n_right
from engine.evaluation.saved_models import load, load_or_fit
from engine.explanation import similar_images
from engine.models.registry import MODELS, Model
from engine.runtime.background_task import BackgroundTask
from engine.runtime.errors import Refused
from engine.runtime.limits import (
    MAX_CACHED_EVALUATIONS,
    MAX_CACHED_NEIGHBORS,
    MAX_CACHED_SLOW_MODELS,
)
from engine.runtime.lru_cache import LruCache, Result
from engine.runtime.progress import Progress

_quick = PerDataset("quick models", MAX_CACHED_EVALUATIONS)
_right = PerDataset("numbers right", MAX_CACHED_EVALUATIONS)
_slow = PerDataset("slow models", MAX_CACHED_SLOW_MODELS, running)
_neighbors: LruCache[pd.DataFrame] = LruCache(MAX_CACHED_NEIGHBORS)


def evaluation(dataset: Dataset, model: str) -> Evaluation:
    """The model of that name (`recipe.model_named`), judged on ``dataset``; waits for it.

    Of a dataset that is a sample it is one of its `names_of`.
    """
    if dataset.is_sample:
        return _quick.get(dataset, model, lambda: dataset.judged(model))
    if not model_named(model).slow:
        return _quick_evaluation(dataset, model)
    attempt = fitting(dataset, model)
    attempt.finished(None)
    if attempt.error is not None:
        raise attempt.error
    return attempt.result


def _quick_evaluation(dataset: Dataset, model: str) -> Evaluation:
    """Of an upload it is counted, and not kept where there is no room: then each run makes it."""

    def made() -> Evaluation:
        return _pages_given_back(evaluate, dataset, model)

    if uploads.derived(dataset) is None:
        return _quick.get(dataset, model, made)
    kept = _quick.peek(dataset, model)
    if kept is not None:
        return kept
    fresh = made()
    with contextlib.suppress(Refused):
        _quick.get(dataset, model, lambda: _counted(fresh))
    return fresh


def _counted(evaluation: Evaluation) -> Evaluation:
    """The same, among what viewers bring. Raises Refused where there is no room for it."""
    uploads.BUDGET.take(evaluation, evaluation.nbytes)
    return evaluation


def right_of(model: str, other: Evaluation) -> int:
    """How many of the images ``other`` judged a quick model of the table gets right."""
    dataset = other.dataset
    if dataset.is_sample:
        return evaluation(dataset, model).n_right
    if other.is_partial:
        return evaluation(dataset, model).on(other.table["index"]).n_right
    return _right.get(dataset, model, lambda: _pages_given_back(n_right, dataset, model))


def _pages_given_back(
    make: Callable[[Dataset, str], Result], dataset: Dataset, model: str
) -> Result:
    made = make(dataset, model)
    give_back(dataset.training.images)  # 47 MB of MNIST that a page seldom looks at again
    return made


def names_of(dataset: Dataset) -> list[str]:
    """The models of the table that can be had on ``dataset``."""
    return list(dataset.models if dataset.is_sample else MODELS)


def fitting(dataset: Dataset, model: str) -> BackgroundTask[Evaluation]:
    """The one attempt to fit a slow model that all viewers of these data share.

    Of an upload, and of a model that the server names, nothing is written to the store.
    """
    of_server, own = server_models().get(model), uploads.derived(dataset) is not None
    work = functools.partial(_fitted_or_kept, dataset, model)
    if own or of_server is not None:
        work = functools.partial(_fitted, dataset, of_server or model, own)
    return _slow.get(dataset, model, lambda: BackgroundTask(work, f"Fitting {model}"))


def _fitted_or_kept(dataset: Dataset, model: str, progress: Progress) -> Evaluation:
    """What the disk holds waits for no turn."""
    fit = functools.partial(load_or_fit, dataset, model)
    return load(dataset, model) or in_turn(fit, "another model to be fitted", progress)


def _fitted(dataset: Dataset, model: str | Model, own: bool, progress: Progress) -> Evaluation:
    """Of the viewer's own data, or by a model of the server's, nothing is written to the store."""
    fit = functools.partial(evaluate, dataset, model)
    made = in_turn(fit, "another model to be fitted", progress)
    return _counted(made) if own else made


def fit_again(dataset: Dataset, model: str) -> None:
    """A new attempt, if the last one failed."""
    _slow.forget(dataset, model, failed)


def ready(dataset: Dataset, model: str) -> bool:
    """Whether `evaluation` would answer without waiting for a slow fit."""
    attempt = _slow.peek(dataset, model)
    return not model_named(model).slow or (attempt is not None and attempt.result is not None)


def of_evaluation(evaluation: Evaluation, make: Callable[..., Result], *about: Hashable) -> Result:
    """``make(evaluation, *about)``, made once for all who see this evaluation, and freed with it.

    ``make`` is a function of a module: it tells results apart, and one that a page defines is
    another in every run.
    """
    return evaluation.kept.get((make, *about), lambda: make(evaluation, *about))


def nearest_images(evaluation: Evaluation, name: str, image: np.ndarray, most: int) -> pd.DataFrame:
    """`similar_images.nearest_images` among the training images; ``name`` tells images apart."""
    training, metric = evaluation.dataset.training, evaluation.metric
    make = functools.partial(
        similar_images.nearest_images, image, training.images, training.labels, metric, most
    )
    return _neighbors.get((evaluation.dataset.key, metric, name, most), make)
