"""How much memory several holders may use together; what one of them lets go counts no more."""

import threading
import weakref

from engine.runtime.errors import Refused


class Budget:
    """At most ``most`` bytes for all holders alive; who holds, and how long, is their affair.

    A holder is counted as long as anything refers to it, so nobody has to give bytes back.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._sizes: list[tuple[weakref.ref, int]] = []

    @property
    def held(self) -> int:
        """Bytes of all holders that are still alive."""
        return sum(size for holder, size in list(self._sizes) if holder() is not None)

    def take(self, holder: object, size: int) -> None:
        """Counts ``size`` bytes while ``holder`` lives. Raises Refused when they are too many."""
        with self._lock:
            self._sizes = [one for one in self._sizes if one[0]() is not None]
            free = self.most - self.held
            if size > free:
                raise Refused(
                    f"It needs {size / 1e6:,.0f} MB of memory, and of the "
                    f"{self.most / 1e6:,.0f} MB this server keeps for what its viewers bring, "
                    f"{free / 1e6:,.0f} MB are free; try again later."
                )
            self._sizes.append((weakref.ref(holder), size))
