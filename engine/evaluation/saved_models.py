"""Slow models are fitted once for a machine: what they learned is kept as plain arrays."""

import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from filelock import FileLock

from engine.cures.recipe import model_named
from engine.datasets.cache_file import SUFFIX, replacing
from engine.datasets.dataset import Dataset
from engine.datasets.mnist.load import store_folder
from engine.evaluation.evaluation import Evaluation, evaluate, judge
from engine.evaluation.metrics import NEAREST
from engine.models.registry import Model
from engine.runtime.limits import MAX_MODEL_FILES, WRITE_S
from engine.runtime.progress import Progress, no_progress

log = logging.getLogger(__name__)
VERSION = 3  # raise it when a model or its defaults change, so that nothing older is believed


def load_or_fit(
    dataset: Dataset, name: str, progress: Progress = no_progress, home: Path | None = None
) -> Evaluation:
    """`evaluate` of the model of that name, from ``home`` when it was fitted before.

    A file that is damaged, older, or of other data is not believed: the model is fitted anew. A
    store that cannot be written costs nothing but the next start's time.
    """
    kept = load(dataset, name, home)
    return kept or fit_and_keep(dataset, name, progress, home)


def load(dataset: Dataset, name: str, home: Path | None = None) -> Evaluation | None:
    """The evaluation that an earlier `fit_and_keep` kept; None where none can be believed."""
    path = _path(dataset, name, home)
    try:
        return _restored(path, dataset, model_named(name))
    except FileNotFoundError:
        return None
    except Exception as error:  # a damaged file makes zipfile and numpy raise whatever they like
        log.warning("The fitted model %s is not used and will be made again: %s", path, error)
        return None


def fit_and_keep(
    dataset: Dataset, name: str, progress: Progress = no_progress, home: Path | None = None
) -> Evaluation:
    """`evaluate` of the model of that name, which is kept for `load` where that can be written."""
    evaluation, path = evaluate(dataset, name, progress), _path(dataset, name, home)
    try:
        _keep(path, evaluation)
    except OSError as error:
        log.warning("The fitted model %s could not be kept: %s", path, error)
    return evaluation


def _path(dataset: Dataset, name: str, home: Path | None) -> Path:
    return (home or store_folder()) / "models" / f"{dataset.key}-{file_name(name)}-{VERSION}.npz"


def file_name(name: str) -> str:
    """A model's name as a part of a file's name."""
    return name.lower().replace(" ", "-")


def _keep(path: Path, evaluation: Evaluation) -> None:
    columns = [f"distance to {digit}" for digit in evaluation.classes]
    known = {NEAREST: evaluation.table[NEAREST]} if NEAREST in evaluation.table else {}
    arrays = {name: getattr(evaluation.classifier, name) for name in evaluation.model.keeps}
    keep_arrays(path, {"distance": evaluation.table[columns].to_numpy(), **known, **arrays})


def keep_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Writes the arrays to ``path`` whole or not at all, and lets the oldest files go.

    One process writes at a time, so that whatever is half written was left by one that was killed.
    Raises OSError when that cannot be done.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.parent / "lock", timeout=WRITE_S):
        for half_written in path.parent.glob(f"*{SUFFIX}"):
            half_written.unlink(missing_ok=True)
        with replacing(path) as file:
            np.savez(file, **arrays)
        newest = sorted(path.parent.glob("*.npz"), key=_age, reverse=True)
        for old in newest[MAX_MODEL_FILES:]:
            old.unlink(missing_ok=True)


def _age(path: Path) -> float:
    """When the file was written; 0 when it is gone meanwhile."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _restored(path: Path, dataset: Dataset, model: Model) -> Evaluation:
    """The evaluation as it was kept; nothing is unpickled, shapes that do not fit are refused."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        arrays = {name: kept[name] for name in ("distance", *model.keeps)}
        nearest = kept[NEAREST] if NEAREST in kept.files else None
    classes = np.unique(dataset.training.labels)
    distance, pixels = arrays.pop("distance"), int(np.prod(dataset.size))
    fits = distance.shape == (len(dataset.testing), len(classes)) and np.isfinite(distance).all()
    fits = fits and (nearest is None or nearest.shape == distance.shape[:1])
    each = len(classes), pixels
    wanted = {"templates_": each, "coef_": each, "intercept_": each[:1], "n_iter_": (1,)}
    if not fits or any(arrays[n].shape != wanted[n] for n in wanted.keys() & arrays.keys()):
        raise ValueError(
            f"holds other shapes than {len(dataset.testing):,} images of {pixels} need"
        )
    classifier = model.make()
    if not model.keeps:
        classifier.fit(dataset.training.images, dataset.training.labels)
    classifier.classes_, classifier.n_features_in_ = classes, pixels
    for name, array in arrays.items():
        setattr(classifier, name, array)
    return judge(dataset, model, classifier, distance, nearest=nearest)
