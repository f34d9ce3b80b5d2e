"""Runs one long piece of work in a thread of its own and tells anyone who asks how far it is."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.runtime.errors import Explained, without_traceback
from engine.runtime.progress import Progress
from engine.runtime.turns import WHOSE

log = logging.getLogger(__name__)
Result = TypeVar("Result")


class Abandoned(Explained):
    """Nobody waits for the work any more."""


@dataclass(frozen=True)
class Report:
    """How far the work is: ``done`` of ``total`` (0: not known) of ``step``."""

    step: str = "Starting"
    done: int = 0
    total: int = 0

    @property
    def share(self) -> float:
        """From 0 to 1; 0 while the total is not known."""
        return min(self.done / self.total, 1.0) if self.total else 0.0

    @property
    def amount(self) -> str:
        """' 3 of 10', to follow the step; '' while the total is not known."""
        return f" {self.done:,} of {self.total:,}" if self.total else ""


class BackgroundTask(Generic[Result]):
    """``work(progress)``, started at once; however many ask, it is done one time.

    ``result`` holds what it returned. A failure is a value, too: ``error`` holds the exception, so
    that waiting viewers learn of it at the same moment instead of trying again one by one.
    """

    def __init__(self, work: Callable[[Progress], Result], name: str) -> None:
        self.report = Report()
        self.result: Result | None = None
        self.error: Exception | None = None
        self._started = time.monotonic()
        self._abandoned, self._whose = False, WHOSE.get()
        self._finished = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work,), name=name, daemon=True)
        self._thread.start()

    @property
    def age_s(self) -> float:
        """Seconds since the work was started."""
        return time.monotonic() - self._started

    def finished(self, within_s: float | None = 0) -> bool:
        """Whether it has ended, well or badly; waits up to ``within_s`` seconds, None: for ever."""
        return self._finished.wait(within_s)

    def abandon(self) -> None:
        """Ends the work with `Abandoned` when it next says how far it is."""
        self._abandoned = True

    def _run(self, work: Callable[[Progress], Result]) -> None:
        WHOSE.set(self._whose)
        try:
            self.result = work(self._progress)
        except Exception as error:  # kept as a value
            self._log(error)
            self.error = without_traceback(error)
        finally:
            self._finished.set()

    def _log(self, error: Exception) -> None:
        """A line for what explains itself, as a missing network; a traceback for the rest."""
        if not isinstance(error, Explained):
            log.warning("%s failed", self._thread.name, exc_info=True)
            return
        log.warning("%s failed: %s", self._thread.name, error)
        log.debug("%s failed here", self._thread.name, exc_info=True)

    def _progress(self, step: str, done: int, total: int) -> None:
        if self._abandoned:
            raise Abandoned("abandoned, because its viewer has left or removed the data")
        self.report = Report(step, done, total)
