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

from dashboard import drawing, health, own
from engine import contrast, near_duplicates
from engine.background import Background
from engine.contrast import Contrast
from engine.digits import Digits, Progress
from engine.eigen import bowl
from engine.embedded import embedded_digits
from engine.fitted import fitted_study
from engine.framing import Form, form_of
from engine.inventory import twins_of
from engine.kept import Kept, Result
from engine.limits import (
    MOST_CHARTS,
    MOST_COMPARED,
    MOST_DESCENTS,
    MOST_DRAWS,
    MOST_FITTINGS,
    MOST_NEIGHBOURS,
    MOST_OWN_CHARTS,
    MOST_RACES,
    MOST_STUDIES,
)
from engine.mapped import give_back
from engine.mnist import load_mnist, store_folder
from engine.models import MODELS
from engine.novelty import Familiar
from engine.novelty import familiar as make_familiar
from engine.optimisers import race
from engine.quadratic import Data, draw
from engine.server_data import named_paths
from engine.study import Study, make_study, n_right

_one_race = threading.Lock()
_one_fit = threading.Lock()  # slow models are fitted one after the other


def _attempts(most: float = math.inf) -> Kept[Background]:
    """A place for attempts, none of which goes while it is under way."""
    return Kept(most, busy=lambda attempt: not attempt.finished())


_loaded = _attempts()
_fittings, _compared = _attempts(MOST_FITTINGS), _attempts(MOST_COMPARED)
_embedded, _twins = Kept(1), Kept(MOST_STUDIES)
_studies, _forms, _familiars = Kept(MOST_STUDIES), Kept(MOST_STUDIES), Kept(MOST_STUDIES)
_neighbours, _draws, _races = Kept(MOST_NEIGHBOURS), Kept(MOST_DRAWS), Kept(MOST_RACES)
_descents = Kept(MOST_DESCENTS)
_charts = Kept(MOST_CHARTS)


def mnist() -> Background[Digits]:
    """The one attempt to load MNIST that all viewers share; started by whoever comes first."""
    return _loaded.get("MNIST", lambda: Background(load_mnist, "MNIST"))


def load_again(name: str) -> None:
    """A new attempt at MNIST or a data set of `named_data`, if the last one failed."""
    _loaded.forget(name, _failed)


def _failed(attempt: Background) -> bool:
    return attempt.error is not None


def named_data() -> dict[str, Path]:
    """The data sets that whoever started the server named, by the names on screen."""
    return named_paths(sys.argv[1:], os.environ)


def server_data(name: str) -> Background[Digits]:
    """The one attempt to read a data set of `named_data`, shared by all viewers."""
    from engine.bring.read import read_path  # with all formats: most servers never need it

    path = named_data()[name]
    return _loaded.get(name, lambda: Background(lambda progress: read_path(path, progress), name))


def _data_states() -> str:
    """Of MNIST and each of `named_data`: loaded, being loaded, failed and why, or not asked for."""
    return ", ".join(f"{name} {_state(_loaded.peek(name))}" for name in ("MNIST", *named_data()))


def _state(attempt: Background[Digits] | None) -> str:
    if attempt is None:
        return "not asked for"
    if attempt.error is not None:
        return f"failed ({attempt.error})"
    if attempt.result is None:
        return f"on its way ({attempt.report.step})"
    return f"loaded ({len(attempt.result.training) + len(attempt.result.testing):,} images)"


def embedded() -> Digits:
    """scikit-learn's digits."""
    return _embedded.get("embedded", embedded_digits)


def study(digits: Digits, model: str) -> Study:
    """The model of that name in `engine.models.MODELS`, judged on ``digits``; waits for it."""
    if not MODELS[model].slow:
        make = functools.partial(_fitted, make_study, digits, model)
        return _own_or_shared(digits, _studies, model, make)
    attempt = fitting(digits, model)
    attempt.finished(None)
    if attempt.error is not None:
        raise attempt.error
    return attempt.result


def right_of(digits: Digits, model: str) -> int:
    """How many test images a quick model of the table gets right, for a sentence about it."""
    make = functools.partial(_fitted, n_right, digits, model)
    return _own_or_shared(digits, _studies, ("right", model), make)


def _own_or_shared(digits: Digits, shared: Kept, what: Hashable, make: Callable) -> Any:
    """``make()``, kept for all, or by the viewer whose own data these are until they go.

    Data are told apart by their checksum, `Digits.key`.
    """
    mine = own.derived(digits)
    if mine is None:
        return shared.get((digits.key, what), make)
    if what not in mine:
        mine[what] = make()
    return mine[what]


def fitting(digits: Digits, model: str) -> Background[Study]:
    """The one attempt to fit a slow model that all viewers of these data share."""
    held, fit = _slow_fits(digits)
    work = functools.partial(_in_turn, fit, digits, model)
    return held.get((digits.key, model), lambda: Background(work, f"Fitting {model}"))


def _slow_fits(digits: Digits) -> tuple[Kept[Background[Study]], Callable]:
    """Where slow fits are held and how they are made; of a viewer's own data nothing is shared."""
    mine = own.derived(digits)
    if mine is None:
        return _fittings, fitted_study
    return mine.setdefault("slow fits", _attempts(MOST_FITTINGS)), make_study


def fit_again(digits: Digits, model: str) -> None:
    """A new attempt, if the last one failed."""
    _slow_fits(digits)[0].forget((digits.key, model), _failed)


def ready(digits: Digits, model: str) -> bool:
    """Whether `study` would answer without waiting for a slow fit."""
    held = _slow_fits(digits)[0].peek((digits.key, model))
    return not MODELS[model].slow or (held is not None and held.result is not None)


def of_study(study: Study, make: Callable[..., Result], *about: Hashable) -> Result:
    """``make(study, *about)``, made once for all who see this study; it goes with the study.

    ``make`` is a function of a module: it tells results apart, and one that a page defines is
    another in every run.
    """
    return study.kept.get((make, *about), lambda: make(study, *about))


def twins(digits: Digits) -> list[tuple[int, int]]:
    """`engine.inventory.twins_of`: 0.1 s on MNIST, too long for every run of a page."""
    return _own_or_shared(digits, _twins, "twins", lambda: twins_of(digits))


def nearest_training(digits: Digits) -> Background[pd.DataFrame]:
    """The one attempt at `near_duplicates.nearest_training` that all who see these data share."""
    work = functools.partial(_compare, digits)
    name = f"Comparing the images of {digits.name}"
    return _comparisons(digits).get(digits.key, lambda: Background(work, name))


def compared(digits: Digits) -> bool:
    """Whether somebody has asked for `nearest_training` already."""
    return _comparisons(digits).peek(digits.key) is not None


def _comparisons(digits: Digits) -> Kept[Background[pd.DataFrame]]:
    mine = own.derived(digits)
    return _compared if mine is None else mine.setdefault("compared", _attempts(1))


def _compare(digits: Digits, progress: Progress) -> pd.DataFrame:
    progress("Waiting for other work to be done", 0, 0)
    with _one_fit:
        return near_duplicates.nearest_training(digits, progress)


def _in_turn(fit: Callable, digits: Digits, model: str, progress: Progress) -> Study:
    progress("Waiting for another model to be fitted", 0, 0)
    with _one_fit:
        return fit(digits, model, progress)


def _fitted(make: Callable[[Digits, str], Result], digits: Digits, model: str) -> Result:
    made = make(digits, model)
    give_back(digits.training.images)  # 47 MB of MNIST that a page seldom looks at again
    return made


def nearest_images(study: Study, name: str, image: np.ndarray, most: int) -> pd.DataFrame:
    """`engine.contrast.nearest_images` among the training images; ``name`` tells images apart."""
    training, metric = study.digits.training, study.metric
    make = functools.partial(
        contrast.nearest_images, image, training.images, training.labels, metric, most
    )
    return _neighbours.get((study.digits.key, metric, name, most), make)


def form(digits: Digits) -> Form:
    """How the training images were made, as measured: what a viewer's picture is brought into."""
    return _own_or_shared(digits, _forms, "form", lambda: form_of(digits.training.images))


def familiar(digits: Digits) -> Familiar:
    """What tells a digit from what is none; takes a moment, once for each data set."""
    return _own_or_shared(digits, _familiars, "familiar", lambda: make_familiar(digits))


def points(seed: int, points: int, noise: float) -> Data:
    """The playground's points and start, drawn once for each seed, number and noise."""
    return _draws.get((seed, points, noise), lambda: draw(seed, points, noise))


def of_descent(settings: Hashable, make: Callable[[], Result]) -> Result:
    """``make()``, made once for all whose playground is at these settings."""
    return _descents.get(settings, make)


def raced(
    draw: tuple[int, int, float], start: tuple[float, ...], standardise: bool, batch: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`engine.optimisers.race` on one draw from one start, which takes up to a second.

    One race runs at a time, so that twenty viewers who start one hold up nobody else.
    """

    def run() -> tuple[pd.DataFrame, pd.DataFrame]:
        data = points(*draw)
        shape = bowl(data.time, data.speed, standardise)
        with _one_race:
            return race(shape, np.array(start), batch, seed=draw[0])

    return _races.get((draw, start, standardise, batch), run)


def structure(make: Callable, *about: object) -> dict[str, Any]:
    """The chart ``make(*about)`` as `drawing.spec`, made once for all: it only names its tables."""
    return _charts.get(_key(make, about), lambda: drawing.spec(make(*about)))


def chart(make: Callable, *about: object, of: Digits | None = None) -> dict[str, Any]:
    """The chart ``make(*about)`` as `drawing.spec`, made once for all who see the data ``of``.

    Without these it is kept for this viewer only, who may have brought what it shows.
    """
    key = _key(make, about)

    def spec() -> dict[str, Any]:
        return drawing.spec(make(*about))

    if of is not None:
        return _own_or_shared(of, _charts, key, spec)
    return st.session_state.setdefault("charts", Kept(MOST_OWN_CHARTS)).get(key, spec)


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


health.add("data", _data_states)
health.add("store", lambda: str(store_folder()))
