"""Results kept in this process: each made once, however many threads ask for it at once."""

import math
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

Result = TypeVar("Result")


def never(_: object) -> bool:
    return False


class LruCache(Generic[Result]):
    """At most ``most`` results by key, without a bound if left out; the one asked for longest ago
    goes first.

    A result that is ``busy`` or still being made stays; None is not kept. What fails is raised to
    all who wait for it and forgotten, so that the next to ask tries again.
    """

    def __init__(self, most: float = math.inf, busy: Callable[[Result], bool] = never) -> None:
        self._most, self._busy = most, busy
        self._held: dict[Hashable, Future[Result]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Result]) -> Result:
        """The result for ``key``; ``make`` is called by the first to ask, the others wait."""
        with self._lock:
            held = self._held.pop(key, None)
            future = held or Future()
            self._held[key] = future  # the last asked for is the last to go
        if held is None:
            self._make(key, future, make)
        return future.result()

    def peek(self, key: Hashable) -> Result | None:
        """The result for ``key`` if it is there already."""
        with self._lock:
            return self._result_of(self._held.get(key))

    def forget(self, key: Hashable, when: Callable[[Result], bool]) -> None:
        """Lets the result for ``key`` go if it is there and ``when`` says so."""
        with self._lock:
            result = self._result_of(self._held.get(key))
            if result is not None and when(result):
                del self._held[key]

    def drop(self, which: Callable[[Hashable], bool]) -> None:
        """Lets results go by their keys; whoever waits for one that is being made still gets it."""
        with self._lock:
            for key in filter(which, list(self._held)):
                del self._held[key]

    def __len__(self) -> int:
        return len(self._held)

    def _make(self, key: Hashable, future: Future, make: Callable[[], Result]) -> None:
        try:
            future.set_result(make())
        except Exception as error:
            future.set_exception(error)
        finally:
            future.cancel()  # undone only when it was broken off: nobody waits for ever
            with self._lock:
                self._tidy(key, future)

    def _tidy(self, key: Hashable, future: Future) -> None:
        if self._result_of(future) is None and self._held.get(key) is future:
            del self._held[key]
        done = {key: self._result_of(future) for key, future in self._held.items()}
        idle = [key for key, one in done.items() if one is not None and not self._busy(one)]
        for old in idle[: max(len(idle) - self._most, 0)]:
            del self._held[old]

    @staticmethod
    def _result_of(future: Future | None) -> Result | None:
        done = future is not None and future.done() and not future.cancelled()
        return future.result() if done and future.exception() is None else None
