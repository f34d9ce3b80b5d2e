"""The maps of judged images: computed once for all who look at the same answers."""

from collections.abc import Callable, Hashable

import numpy as np

from dashboard.services.stores import PerDataset
from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import Evaluation
from engine.projection.distance_plane import distance_plane
from engine.projection.points import Points
from engine.projection.principal_components import PrincipalComponents, principal_components
from engine.projection.region import Region, View
from engine.runtime.limits import MAX_CACHED_MAPS
from engine.runtime.lru_cache import LruCache, Result

_components = PerDataset("principal components", MAX_CACHED_MAPS)


def components(dataset: Dataset) -> PrincipalComponents:
    """`principal_components` of the test images."""
    return _components.get(dataset, "test", lambda: principal_components(dataset.testing.images))


def known(dataset: Dataset) -> bool:
    """Whether `components` answers at once; else it takes a second or more."""
    return _components.peek(dataset, "test") is not None


def of_map(evaluation: Evaluation, make: Callable[..., Result], *about: Hashable) -> Result:
    """As `evaluations.of_evaluation`, of a map: these are larger, so that fewer are held."""
    held = evaluation.kept.get("maps", lambda: LruCache(MAX_CACHED_MAPS))
    return held.get((make, *about), lambda: make(evaluation, *about))


def points(evaluation: Evaluation, view: View, pair: tuple[int, ...]) -> Points:
    """The points of that view; ``pair`` are the places of its two classes, () of components."""
    return of_map(evaluation, _points, view, pair)


def _points(evaluation: Evaluation, view: View, pair: tuple[int, ...]) -> Points:
    if view is not View.PCA:
        return distance_plane(evaluation, *pair, everything=view is View.PLANE)
    at = components(evaluation.dataset).at[evaluation.table["index"].to_numpy()]
    n = len(at)
    return Points(np.arange(n), at[:, 0], at[:, 1], np.zeros(n, bool))


def selected(evaluation: Evaluation, region: Region) -> np.ndarray:
    """Which rows of the table of ``evaluation`` lie in ``region``, (n,) bool.

    Raises Refused where the answers have no such view.
    """
    shown = points(evaluation, region.view, region.pair)
    mask = np.zeros(len(evaluation.table), bool)
    mask[shown.rows[region.inside(shown.x, shown.y)]] = True
    return mask
