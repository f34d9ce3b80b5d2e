"""Trainings that their viewers can pause, resume and stop, two at a time for the whole server."""

import itertools
import logging
import queue
import threading
import time
import weakref
from collections.abc import Iterator
from enum import Enum, StrEnum, auto
from typing import Generic, TypeVar

from engine.runtime.limits import MAX_CONCURRENT_TRAININGS, MAX_WAITING_TRAININGS
from engine.runtime.turns import WHOSE, Busy

log = logging.getLogger(__name__)
Look = TypeVar("Look")
_waiting: "queue.PriorityQueue[tuple[int, int, Training]]" = queue.PriorityQueue()
_numbers = itertools.count()
_at_work: "weakref.WeakSet[Training]" = weakref.WeakSet()
_workers: list[threading.Thread] = []
_hiring = threading.Lock()


class Status(StrEnum):
    """How far a training is; it waits for a turn."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"


class Wish(Enum):
    """What a training is to do next."""

    RUN = auto()
    PAUSE = auto()
    STOP = auto()


class Training(Generic[Look]):
    """Iterates ``looks``, which trains as it is iterated, in a thread shared with other trainings.

    ``looks`` grows while it runs and is only appended to. ``error`` holds the
    exception of one that failed; ``busy_s`` counts the seconds it computed. A paused training costs
    nothing but its memory and goes when its viewer goes. Raises Busy when too many wait for a turn.
    """

    def __init__(self, looks: Iterator[Look]) -> None:
        self.looks: list[Look] = []
        self.status = Status.WAITING
        self.error: Exception | None = None
        self.busy_s = 0.0
        self.whose = WHOSE.get()
        self._source = looks
        self._wish = Wish.RUN
        self._queued = True
        self._change = threading.RLock()
        self._ended = threading.Event()
        _judge_waiting()
        _enqueue(self)

    @property
    def active(self) -> bool:
        """Whether it may still change."""
        return not self._ended.is_set()

    def pause(self) -> None:
        """Stops computing after the present look, until `resume`."""
        with self._change:
            if self.active and self._wish is Wish.RUN:  # what is to stop does not pause
                self._wish, self.status = Wish.PAUSE, Status.PAUSED

    def resume(self) -> None:
        """Goes on where it was, as soon as there is a turn."""
        with self._change:
            if not self.active or self._wish is not Wish.PAUSE:
                return
            self._wish, self.status = Wish.RUN, Status.WAITING
            queued, self._queued = self._queued, True
        if not queued:
            _enqueue(self)

    def stop(self) -> None:
        """Ends after the present look; what has been learned stays."""
        with self._change:
            self._wish = Wish.STOP
            if self.active and not self._queued:
                self._end(Status.STOPPED)

    def ended(self, within_s: float = 0) -> bool:
        """Whether it has finished, stopped or failed; waits for it up to ``within_s`` seconds."""
        return self._ended.wait(within_s)

    def _train(self) -> None:
        """One turn: computes until it is paused, stopped or done."""
        while self._goes_on():
            began = time.monotonic()
            try:
                look = next(self._source, None)
            except Exception as error:  # kept as a value, and whole in the log
                log.warning("A training failed", exc_info=True)
                self.error = error
                self._end(Status.FAILED)
                return
            self.busy_s += time.monotonic() - began
            if look is None:
                self._end(Status.FINISHED)
                return
            self.looks.append(look)

    def _goes_on(self) -> bool:
        with self._change:
            if self._wish is Wish.RUN:
                self.status = Status.RUNNING
                return True
            self._queued = False
            if self._wish is Wish.STOP:
                self._end(Status.STOPPED)
            return False

    def _end(self, status: Status) -> None:
        with self._change:
            self.status = status
            self._source = iter(())  # lets go of the images
            self._ended.set()


def ahead(training: Training) -> int:
    """How many trainings get a turn before this one, which waits."""
    order = [one for *_, one in sorted(_waiting.queue) if one.active]
    return order.index(training) if training in order else 0


def _judge_waiting() -> None:
    waiting = sum(one.active and one.status is Status.WAITING for one in list(_at_work))
    if waiting >= MAX_WAITING_TRAININGS:
        raise Busy(f"{waiting} trainings wait for a turn already; try again later")


def _enqueue(training: Training) -> None:
    """In a fair order: behind those who have fewer trainings at work or waiting."""
    with _hiring:
        while len(_workers) < MAX_CONCURRENT_TRAININGS:
            worker = threading.Thread(target=_serve, name="training", daemon=True)
            _workers.append(worker)
            worker.start()
        others = [one for one in list(_at_work) if one is not training and one.active]
        _at_work.add(training)
        turn = sum(one.whose == training.whose for one in others)
        _waiting.put((turn, next(_numbers), training))


def _serve() -> None:
    while True:
        *_, training = _waiting.get()
        training._train()
        del training  # or the last one would be kept until the next
