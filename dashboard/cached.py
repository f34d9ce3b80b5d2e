"""What is computed once and shared by all viewers: the only module with `st.cache_*`.

Any viewer can clear Streamlit's caches, so what takes seconds to rebuild, MNIST itself, is kept in
this module instead; what takes milliseconds is left to `st.cache_resource`. Everything here is
shared and read-only.
"""

import functools
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import own
from engine import contrast
from engine import near as nearest
from engine.background import Background
from engine.bring.read import read_path
from engine.digits import Digits, Progress
from engine.eigen import bowl
from engine.embedded import embedded_digits
from engine.fitted import fitted_study
from engine.framing import Form, form_of
from engine.limits import (
    MOST_COMPARED,
    MOST_DRAWS,
    MOST_FITTINGS,
    MOST_NEIGHBOURS,
    MOST_RACES,
    MOST_STUDIES,
)
from engine.mapped import give_back
from engine.mnist import load_mnist
from engine.models import MODELS
from engine.named import named_paths
from engine.novelty import Familiar
from engine.novelty import familiar as make_familiar
from engine.optimisers import race
from engine.quadratic import Data, draw
from engine.study import Study, make_study

_lock = threading.Lock()
_one_race = threading.Lock()
_one_fit = threading.Lock()  # slow models are fitted one after the other
_server_data: dict[str, Background[Digits]] = {}
_fittings: dict[tuple[str, str], Background[Study]] = {}
_compared: dict[str, Background[pd.DataFrame]] = {}
_mnist: Background[Digits] | None = None


def mnist() -> Background[Digits]:
    """The one attempt to load MNIST that all viewers share; started by whoever comes first."""
    global _mnist
    with _lock:
        if _mnist is None:
            _mnist = Background(load_mnist, "MNIST")
        return _mnist


def try_mnist_again() -> None:
    """A new attempt, unless one is under way or has succeeded."""
    global _mnist
    with _lock:
        if _mnist is not None and _mnist.error is not None:
            _mnist = None


def named_data() -> dict[str, Path]:
    """The data sets that whoever started the server named, by the names on screen."""
    return named_paths(sys.argv[1:], os.environ)


def server_data(name: str) -> Background[Digits]:
    """The one attempt to read a data set of `named_data`, shared by all viewers."""
    with _lock:
        if name not in _server_data:
            path = named_data()[name]
            _server_data[name] = Background(lambda progress: read_path(path, progress), name)
        return _server_data[name]


def read_again(name: str) -> None:
    """A new attempt at a data set of `named_data`, if the last one failed."""
    with _lock:
        if name in _server_data and _server_data[name].error is not None:
            del _server_data[name]


@st.cache_resource(show_spinner=False)
def embedded() -> Digits:
    """scikit-learn's digits."""
    return embedded_digits()


def study(digits: Digits, model: str) -> Study:
    """The model of that name in `engine.models.MODELS`, judged on ``digits``; waits for it."""
    if not MODELS[model].slow:
        make = functools.partial(make_study, digits, model)
        return _own_or_shared(digits, model, make, lambda: _study(digits.key, model, digits))
    attempt = fitting(digits, model)
    attempt.finished(None)
    if attempt.error is not None:
        raise attempt.error
    return attempt.result


def _own_or_shared(digits: Digits, what: str, make: Callable, shared: Callable) -> Any:
    """``shared()``, or ``make()`` kept by the viewer whose own data these are, until they go."""
    mine = own.derived(digits)
    if mine is None:
        return shared()
    if what not in mine:
        mine[what] = make()
    return mine[what]


def fitting(digits: Digits, model: str) -> Background[Study]:
    """The one attempt to fit a slow model that all viewers of these data share."""
    attempts, fit = _attempts(digits)
    with _lock:
        held = attempts.pop((digits.key, model), None)
        if held is None:
            work = functools.partial(_in_turn, fit, digits, model)
            held = Background(work, f"Fitting {model}")
        attempts[digits.key, model] = held  # the last asked for is the last to go
        for old in [name for name, one in attempts.items() if one.finished()][:-MOST_FITTINGS]:
            del attempts[old]
        return held


def _attempts(digits: Digits) -> tuple[dict[tuple[str, str], Background[Study]], Callable]:
    """Where slow fits are held and how they are made; of a viewer's own data nothing is shared."""
    mine = own.derived(digits)
    if mine is None:
        return _fittings, fitted_study
    return mine.setdefault("slow fits", {}), make_study


def fit_again(digits: Digits, model: str) -> None:
    """A new attempt, if the last one failed."""
    attempts, _ = _attempts(digits)
    with _lock:
        held = attempts.get((digits.key, model))
        if held is not None and held.error is not None:
            del attempts[digits.key, model]


def ready(digits: Digits, model: str) -> bool:
    """Whether `study` would answer without waiting for a slow fit."""
    attempts, _ = _attempts(digits)
    with _lock:
        held = attempts.get((digits.key, model))
    return not MODELS[model].slow or (held is not None and held.result is not None)


def nearest_training(digits: Digits) -> Background[pd.DataFrame]:
    """The one attempt at `engine.near.nearest_training` that all viewers of these data share."""
    attempts = _comparisons(digits)
    with _lock:
        if digits.key not in attempts:
            work = functools.partial(_compare, digits)
            attempts[digits.key] = Background(work, f"Comparing the images of {digits.name}")
        for old in [key for key, one in attempts.items() if one.finished()][:-MOST_COMPARED]:
            del attempts[old]
        return attempts[digits.key]


def compared(digits: Digits) -> bool:
    """Whether somebody has asked for `nearest_training` already."""
    return digits.key in _comparisons(digits)


def _comparisons(digits: Digits) -> dict[str, Background[pd.DataFrame]]:
    mine = own.derived(digits)
    return _compared if mine is None else mine.setdefault("compared", {})


def _compare(digits: Digits, progress: Progress) -> pd.DataFrame:
    progress("Waiting for other work to be done", 0, 0)
    with _one_fit:
        return nearest.nearest_training(digits, progress)


def _in_turn(fit: Callable, digits: Digits, model: str, progress: Progress) -> Study:
    progress("Waiting for another model to be fitted", 0, 0)
    with _one_fit:
        return fit(digits, model, progress)


@st.cache_resource(max_entries=MOST_STUDIES, show_spinner=False)
def _study(key: str, model: str, _digits: Digits) -> Study:
    """Keyed by the data's checksum: Streamlit would hash large arrays by a sample only."""
    made = make_study(_digits, model)
    give_back(_digits.training.images)  # 47 MB of MNIST that a page seldom looks at again
    return made


def nearest_images(study: Study, name: str, image: np.ndarray, most: int) -> pd.DataFrame:
    """`engine.contrast.nearest_images` among the training images; ``name`` tells images apart."""
    return _nearest_images(study.digits.key, study.metric, name, most, image, study.digits)


@st.cache_resource(max_entries=MOST_NEIGHBOURS, show_spinner=False)
def _nearest_images(
    key: str, metric: str, name: str, most: int, _image: np.ndarray, _digits: Digits
) -> pd.DataFrame:
    training = _digits.training
    return contrast.nearest_images(_image, training.images, training.labels, metric, most)


def form(digits: Digits) -> Form:
    """How the training images were made, as measured: what a viewer's picture is brought into."""
    return _form(digits.key, digits)


def familiar(digits: Digits) -> Familiar:
    """What tells a digit from what is none; takes a moment, once for each data set."""
    make = functools.partial(make_familiar, digits)
    return _own_or_shared(digits, "familiar", make, lambda: _familiar(digits.key, digits))


@st.cache_resource(max_entries=MOST_STUDIES, show_spinner=False)
def _familiar(key: str, _digits: Digits) -> Familiar:
    return make_familiar(_digits)


@st.cache_resource(max_entries=MOST_STUDIES, show_spinner=False)
def _form(key: str, _digits: Digits) -> Form:
    return form_of(_digits.training.images)


@st.cache_resource(max_entries=MOST_DRAWS, show_spinner=False)
def points(seed: int, points: int, noise: float) -> Data:
    """The playground's points and start, drawn once for each seed, number and noise."""
    return draw(seed, points, noise)


@st.cache_resource(max_entries=MOST_RACES, show_spinner=False)
def raced(
    draw: tuple[int, int, float], start: tuple[float, ...], standardise: bool, batch: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`engine.optimisers.race` on one draw from one start, which takes up to a second.

    One race runs at a time, so that twenty viewers who start one hold up nobody else.
    """
    data = points(*draw)
    shape = bowl(data.time, data.speed, standardise)
    with _one_race:
        return race(shape, np.array(start), batch, seed=draw[0])
