"""Where results are kept: in this process, and those of an upload with the session that holds it.

Not in `st.cache_*`, which any viewer can clear for all the others by one message.
"""

import weakref
from collections.abc import Callable, Hashable
from typing import Generic

from dashboard.session import uploads
from engine.datasets.dataset import Dataset
from engine.runtime.background_task import BackgroundTask
from engine.runtime.limits import MAX_WAITING_TASKS
from engine.runtime.lru_cache import LruCache, Result, never
from engine.runtime.progress import Progress
from engine.runtime.turns import Turns

_slow_tasks = Turns(MAX_WAITING_TASKS)
_every: "list[PerDataset]" = []


class PerDataset(Generic[Result]):
    """At most ``most`` results computed from datasets, which are told apart by `Dataset.key`.

    All viewers share them, except those of an upload: its session has a cache of its own under
    ``name``, as large, which goes when the upload is removed or the visit ends; a task, or what has
    a ``task``, is then abandoned. ``busy`` is that of `LruCache`.
    """

    def __init__(self, name: str, most: float, busy: Callable[[Result], bool] = never) -> None:
        self._name, self._most, self._busy = name, most, busy
        self._shared = self._cache()
        _every.append(self)

    def get(self, dataset: Dataset, what: Hashable, make: Callable[[], Result]) -> Result:
        """The result called ``what``; ``make`` is called by the first to ask."""
        own = uploads.derived(dataset)
        if own is None:
            return self._shared.get((dataset.key, what), make)
        return self._of(dataset).get((dataset.key, what), lambda: _ending_with(own, make()))

    def peek(self, dataset: Dataset, what: Hashable) -> Result | None:
        """The result called ``what`` if it is there already."""
        return self._of(dataset).peek((dataset.key, what))

    def forget(self, dataset: Dataset, what: Hashable, when: Callable[[Result], bool]) -> None:
        """Lets the result called ``what`` go if it is there and ``when`` says so."""
        self._of(dataset).forget((dataset.key, what), when)

    def _of(self, dataset: Dataset) -> LruCache[Result]:
        own = uploads.derived(dataset)
        return self._shared if own is None else own.setdefault(self._name, self._cache())

    def _cache(self) -> LruCache[Result]:
        return LruCache(self._most, self._busy)


def forget_results(dataset: Dataset) -> None:
    """Lets all go that viewers share of ``dataset``: whatever holds it, and what came of it."""
    for results in _every:
        results._shared.drop(lambda key: key[0] == dataset.key)


def running(task: BackgroundTask) -> bool:
    """For ``busy``: a task under way is not dropped."""
    return not task.finished()


def failed(task: BackgroundTask) -> bool:
    return task.error is not None


def _ending_with(owner: uploads.Derived, result: Result) -> Result:
    """The same result, whose task is abandoned when ``owner`` is gone."""
    task = getattr(result, "task", result)
    if isinstance(task, BackgroundTask):
        weakref.finalize(owner, task.abandon)
    return result


def in_turn(work: Callable[[Progress], Result], wait_for: str, progress: Progress) -> Result:
    """``work(progress)``, one such task at a time in the whole process, in a fair order.

    Raises Busy when too many wait.
    """

    def say(before: int) -> None:
        others = f", {before} before this one" if before > 1 else ""
        progress(f"Waiting for {wait_for}{others}", 0, 0)

    with _slow_tasks.turn(say):
        return work(progress)
