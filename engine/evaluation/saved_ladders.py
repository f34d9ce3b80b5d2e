"""Ladders are climbed once for a machine: what their rungs answered is kept as plain arrays."""

import logging
from pathlib import Path

import numpy as np

from engine.cures.recipe import Recipe
from engine.datasets.dataset import Dataset
from engine.datasets.mnist.load import store_folder
from engine.evaluation.cure_ladder import Ladder, Rung, judged
from engine.evaluation.saved_models import file_name, keep_arrays

log = logging.getLogger(__name__)
VERSION = 1  # raise it when a cure or a model changes, so that nothing older is believed


def keep(dataset: Dataset, ladder: Ladder, home: Path | None = None) -> None:
    """Writes a whole ladder to ``home``; a store that cannot be written costs the next start."""
    path, classes, rungs = _path(dataset, ladder.recipe, home), _classes(dataset), ladder.rungs
    arrays = {
        "before": ladder.before,
        "cures": np.array([rung.cure for rung in rungs]),
        "seconds": np.array([rung.seconds for rung in rungs]),
        "answers": np.array([np.searchsorted(classes, rung.answers) for rung in rungs], np.int32),
        "offsets": np.array([rung.offsets for rung in rungs]),
        "templates": np.concatenate([rung.templates for rung in rungs]),
        "counts": np.array([len(rung.templates) for rung in rungs]),
        "of": np.concatenate([np.searchsorted(classes, rung.of) for rung in rungs]),
    }
    try:
        keep_arrays(path, arrays)
    except OSError as error:
        log.warning("The ladder %s could not be kept: %s", path, error)


def load(
    dataset: Dataset, recipe: Recipe, before: np.ndarray, home: Path | None = None
) -> Ladder | None:
    """The ladder from this model as it was kept; None when there is none that can be believed.

    That is one of other cures, of a model that got other images right than ``before``, (n,), or one
    that is damaged: it is removed.
    """
    path = _path(dataset, recipe, home)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        return _ladder(dataset, recipe, before, arrays)
    except FileNotFoundError:
        return None
    except Exception as error:  # a damaged file makes zipfile and numpy raise whatever they like
        log.warning("The ladder %s is not used and will be made again: %s", path, error)
        path.unlink(missing_ok=True)
        return None


def _path(dataset: Dataset, recipe: Recipe, home: Path | None) -> Path:
    folder = (home or store_folder()) / "models"
    return folder / f"{dataset.key}-ladder-of-{file_name(recipe.name)}-{VERSION}.npz"


def _classes(dataset: Dataset) -> np.ndarray:
    return np.unique(dataset.training.labels)


def _ladder(
    dataset: Dataset, recipe: Recipe, before: np.ndarray, arrays: dict[str, np.ndarray]
) -> Ladder:
    classes, cures = _classes(dataset), arrays["cures"].tolist()
    n, k, counts = len(cures), len(classes), arrays["counts"]
    shapes = {
        "before": before.shape,
        "seconds": (n,),
        "answers": (n, *before.shape),
        "offsets": (n, k),
        "counts": (n,),
        "templates": (int(counts.sum()), *dataset.size),
        "of": (int(counts.sum()),),
    }
    found = {name: arrays[name].shape for name in shapes}
    if found != shapes:
        raise ValueError(f"holds shapes {found}, wanted {shapes}")
    if sorted(cures) != sorted(recipe.offered()) or not np.array_equal(arrays["before"], before):
        raise ValueError("is of other cures or of another model")
    answers, of = classes[arrays["answers"]], classes[arrays["of"]]
    ends = np.cumsum(counts)
    rungs = []
    for place, cure in enumerate(cures):
        part = slice(ends[place] - counts[place], ends[place])
        right, paired = judged(answers[place], dataset.testing.labels, before)
        seconds, offsets = float(arrays["seconds"][place]), arrays["offsets"][place]
        learned = arrays["templates"][part], of[part], offsets
        rungs.append(Rung(cure, answers[place], right, paired, seconds, *learned))
    return Ladder(recipe, before, tuple(rungs))
