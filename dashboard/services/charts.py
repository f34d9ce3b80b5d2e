"""Charts in Vega-Lite, made once for all who see the same figures."""

import hashlib
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charting import render
from dashboard.services.stores import PerDataset
from dashboard.session import keys
from engine.datasets.dataset import Dataset
from engine.explanation.pixel_contributions import Contrast
from engine.runtime.limits import MAX_CACHED_CHARTS, MAX_CACHED_OWN_CHARTS
from engine.runtime.lru_cache import LruCache

_structures: LruCache[dict[str, Any]] = LruCache(MAX_CACHED_CHARTS)
_charts: PerDataset[dict[str, Any]] = PerDataset("charts", MAX_CACHED_CHARTS)


def structure(make: Callable, *about: object) -> dict[str, Any]:
    """The chart ``make(*about)`` as `render.spec`, made once for all: it only names its tables."""
    return _structures.get(_key(make, about), lambda: render.spec(make(*about)))


def chart(make: Callable, *about: object, of: Dataset | None = None) -> dict[str, Any]:
    """The chart ``make(*about)`` as `render.spec`, made once for all who see the data ``of``.

    Without these it is kept for this viewer only, who may have brought what it shows.
    """
    key = _key(make, about)

    def spec() -> dict[str, Any]:
        return render.spec(make(*about))

    if of is not None:
        return _charts.get(of, key, spec)
    return st.session_state.setdefault(keys.CHARTS, LruCache(MAX_CACHED_OWN_CHARTS)).get(key, spec)


def _key(make: Callable, about: tuple) -> Hashable:
    return make.__module__, make.__qualname__, *map(_mark, about)


def _mark(part: object) -> Hashable:
    """What tells one argument of a chart from another: of arrays and tables what is in them."""
    if isinstance(part, np.ndarray):
        return part.shape, part.dtype.str, hashlib.sha256(np.ascontiguousarray(part)).digest()
    if isinstance(part, pd.DataFrame):
        return tuple(part.columns), tuple(part.itertuples(name=None))
    if isinstance(part, Contrast):
        return _mark(part.there), _mark(part.missing), part.offset
    return part
