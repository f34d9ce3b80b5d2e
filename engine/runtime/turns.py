"""One piece of work at a time, in a queue that is fair to whoever brings it."""

import contextlib
import contextvars
import itertools
import threading
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field

from engine.runtime.errors import Explained

LOOK_S = 0.3  # seconds between two words on the place of what waits

WHOSE: contextvars.ContextVar[Hashable] = contextvars.ContextVar("whose", default=None)
"""For whom this thread works, and the tasks that it begins."""

_numbers = itertools.count()


class Busy(Explained):
    """Too much waits already; ``str()`` says how much."""


@dataclass(eq=False)
class Ticket:
    """A place in the queue: ``round`` counts what the same one had in it before."""

    whose: Hashable
    round: int
    number: int = field(default_factory=lambda: next(_numbers))


class Turns:
    """Whoever waits is served once before anyone is served twice; within that, the first to come.

    ``most`` may wait.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: list[Ticket] = []
        self._served: Ticket | None = None
        self._change = threading.Condition()

    @contextlib.contextmanager
    def turn(self, say: Callable[[int], None]) -> Iterator[None]:
        """Waits for a turn; ``say`` is told how many are before, and may raise to leave.

        Raises Busy when too many wait.
        """
        ticket = self._join(WHOSE.get())
        try:
            while not self._begins(ticket):
                say(self._before(ticket))
            yield
        finally:
            self._leave(ticket)

    def _join(self, whose: Hashable) -> Ticket:
        with self._change:
            if len(self._waiting) >= self._most:
                others = "1 other waits" if self._most == 1 else f"{self._most} others wait"
                raise Busy(f"{others} for it already; try again later")
            every = [*self._waiting, *([self._served] if self._served else [])]
            ticket = Ticket(whose, sum(one.whose == whose for one in every))
            self._waiting.append(ticket)
            self._waiting.sort(key=lambda one: (one.round, one.number))
            return ticket

    def _begins(self, ticket: Ticket) -> bool:
        """Whether its turn has come; waits for a moment if not."""
        with self._change:
            if self._served is not None or self._waiting[0] is not ticket:
                self._change.wait(LOOK_S)
            if self._served is not None or self._waiting[0] is not ticket:
                return False
            self._served = self._waiting.pop(0)
            return True

    def _before(self, ticket: Ticket) -> int:
        with self._change:
            return self._waiting.index(ticket) + (self._served is not None)

    def _leave(self, ticket: Ticket) -> None:
        with self._change:
            if self._served is ticket:
                self._served = None
            else:
                self._waiting.remove(ticket)
            self._change.notify_all()
