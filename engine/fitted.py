"""Slow models are fitted once for a machine: what they learned is kept as plain arrays."""

import logging
from pathlib import Path

import numpy as np
from filelock import FileLock

from engine.digits import Digits, Progress, no_progress
from engine.limits import MOST_MODEL_FILES, WRITE_S
from engine.mnist import store_folder
from engine.models import MODELS, Model
from engine.store import SUFFIX, replacing
from engine.study import Study, judge, make_study

log = logging.getLogger(__name__)
VERSION = 1  # raise it when a model or its defaults change, so that nothing older is believed


def fitted_study(
    digits: Digits, name: str, progress: Progress = no_progress, home: Path | None = None
) -> Study:
    """`make_study` of the model of that name, from ``home`` when it was fitted before.

    A file that is damaged, older, or of other data is not believed: the model is fitted anew. A
    store that cannot be written costs nothing but the next start's time.
    """
    path = (home or store_folder()) / "models" / f"{digits.key}-{_safe(name)}-{VERSION}.npz"
    try:
        return _restored(path, digits, MODELS[name])
    except FileNotFoundError:
        pass
    except Exception as error:  # a damaged file makes zipfile and numpy raise whatever they like
        log.warning("The fitted model %s is not used and will be made again: %s", path, error)
    study = make_study(digits, name, progress)
    try:
        _keep(path, study)
    except OSError as error:
        log.warning("The fitted model %s could not be kept: %s", path, error)
    return study


def _safe(name: str) -> str:
    return name.lower().replace(" ", "-")


def _keep(path: Path, study: Study) -> None:
    """Writes the arrays to ``path`` whole or not at all, and lets the oldest files go.

    One process writes at a time, so that whatever is half written was left by one that was killed.
    """
    columns = [f"distance to {digit}" for digit in study.classes]
    arrays = {name: getattr(study.classifier, name) for name in study.model.keeps}
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.parent / "lock", timeout=WRITE_S):
        for half_written in path.parent.glob(f"*{SUFFIX}"):
            half_written.unlink(missing_ok=True)
        with replacing(path) as file:
            np.savez(file, distance=study.table[columns].to_numpy(), **arrays)
        newest = sorted(path.parent.glob("*.npz"), key=_age, reverse=True)
        for old in newest[MOST_MODEL_FILES:]:
            old.unlink(missing_ok=True)


def _age(path: Path) -> float:
    """When the file was written; 0 when it is gone meanwhile."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _restored(path: Path, digits: Digits, model: Model) -> Study:
    """The study as it was kept; nothing is unpickled, and shapes that do not fit are refused."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        arrays = {name: kept[name] for name in ("distance", *model.keeps)}
    classes = np.unique(digits.training.labels)
    distance, pixels = arrays.pop("distance"), int(np.prod(digits.size))
    fits = distance.shape == (len(digits.testing), len(classes)) and np.isfinite(distance).all()
    each = len(classes), pixels
    wanted = {"templates_": each, "coef_": each, "intercept_": each[:1]}
    if not fits or any(arrays[n].shape != wanted[n] for n in wanted.keys() & arrays.keys()):
        raise ValueError(f"holds other shapes than {len(digits.testing):,} images of {pixels} need")
    classifier = model.make()
    if not model.keeps:
        classifier.fit(digits.training.images, digits.training.labels)
    classifier.classes_, classifier.n_features_in_ = classes, pixels
    for name, array in arrays.items():
        setattr(classifier, name, array)
    return judge(digits, model, classifier, distance)
