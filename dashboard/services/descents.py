"""What the playground computes, once for all whose playground is at the same settings."""

import threading
from collections.abc import Callable, Hashable

import numpy as np
import pandas as pd

from engine.descent.closed_form import quadratic
from engine.descent.notebook import Data, draw
from engine.descent.optimizers import race
from engine.runtime.limits import MAX_CACHED_DESCENTS, MAX_CACHED_DRAWS, MAX_CACHED_RACES
from engine.runtime.lru_cache import LruCache, Result

_draws: LruCache[Data] = LruCache(MAX_CACHED_DRAWS)
_descents = LruCache(MAX_CACHED_DESCENTS)
_races: LruCache[tuple[pd.DataFrame, pd.DataFrame]] = LruCache(MAX_CACHED_RACES)
_one_race = threading.Lock()


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
