"""How much memory several holders may use together; what one of them lets go counts no more."""

import threading
import weakref
from collections.abc import Callable

from engine.runtime.errors import Refused


class Budget:
    """At most ``most`` bytes for all holders alive; who holds, and how long, is their affair.

    A holder is counted as long as anything refers to it, so nobody has to give bytes back.
    ``beside`` gives further bytes that count: those of what has no holder yet.
    """

    def __init__(self, most: int, beside: Callable[[], int] = lambda: 0) -> None:
        self.most = most
        self._beside = beside
        self._lock = threading.Lock()
        self._sizes: list[tuple[weakref.ref, int]] = []

    @property
    def held(self) -> int:
        """Bytes of all holders that are still alive, and of what has none yet."""
        alive = sum(size for holder, size in list(self._sizes) if holder() is not None)
        return alive + self._beside()

    @property
    def free(self) -> int:
        """Bytes that may still be taken; 0 or more."""
        return max(self.most - self.held, 0)

    def take(self, holder: object, size: int) -> None:
        """Counts ``size`` bytes while ``holder`` lives. Raises Refused when they are too many."""
        with self._lock:
            self._sizes = [one for one in self._sizes if one[0]() is not None]
            free = self.free
            if size > free:
                raise Refused(
                    f"It needs {size / 1e6:,.0f} MB of memory, and of the "
                    f"{self.most / 1e6:,.0f} MB this server keeps for what its viewers bring, "
                    f"{free / 1e6:,.0f} MB are free; try again later."
                )
            self._sizes.append((weakref.ref(holder), size))
