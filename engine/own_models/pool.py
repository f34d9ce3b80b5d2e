"""How many models' processes run at a time: few, and those that nobody asks rest."""

import threading
import time
import weakref
from typing import Protocol

from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_MODEL_PROCESSES, MODEL_REST_S, MODEL_TURN_S

LOOK_AGAIN_S = 0.05


class Restful(Protocol):
    """A process that can rest: `rest` ends it until it is asked again, False while it works."""

    asked_at: float  # by the monotonic clock

    @property
    def running(self) -> bool: ...

    def rest(self) -> bool: ...


_every: "weakref.WeakSet[Restful]" = weakref.WeakSet()
_starting = threading.Lock()


def make_room(newcomer: Restful) -> None:
    """Lets the one asked least recently rest until ``newcomer`` may start.

    Raises Refused where all are at work for `MODEL_TURN_S` seconds.
    """
    until = time.monotonic() + MODEL_TURN_S
    with _starting:
        _every.add(newcomer)
        while len(running := [one for one in list(_every) if one.running]) >= MAX_MODEL_PROCESSES:
            if any(one.rest() for one in sorted(running, key=lambda one: one.asked_at)):
                continue
            if time.monotonic() > until:
                raise Refused(
                    f"{len(running)} models are at work on this server; wanted fewer than "
                    f"{MAX_MODEL_PROCESSES}: try again later."
                )
            time.sleep(LOOK_AGAIN_S)


def rest_unused(seconds: float = MODEL_REST_S) -> None:
    """Lets every one rest that was not asked for so long."""
    for one in list(_every):
        if one.running and time.monotonic() - one.asked_at > seconds:
            one.rest()
