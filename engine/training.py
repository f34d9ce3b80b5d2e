"""One training in a thread of its own, which its viewer can pause, resume and stop."""

import logging
import threading
import time
from collections.abc import Iterator

from engine.learned import Look

log = logging.getLogger(__name__)
AT_ONCE = 2  # trainings that compute at the same time on this server; the others wait their turn
PATIENCE_S = 600.0  # a training left paused for so long is stopped: its viewer has gone
_turns = threading.BoundedSemaphore(AT_ONCE)


class Training:
    """Runs ``looks``, an iterator that trains as it is iterated, and keeps what it has seen.

    ``looks`` grows while it runs and is only appended to. ``status`` is "waiting" (for a turn),
    "running", "paused", "stopped", "finished" or "failed"; ``error`` holds the exception of a
    failed one. A paused training gives its turn to others.
    """

    def __init__(self, looks: Iterator[Look]) -> None:
        self.looks: list[Look] = []
        self.status = "waiting"
        self.error: Exception | None = None
        self.busy_s = 0.0
        self._source = looks
        self._go = threading.Event()
        self._go.set()
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="training", daemon=True)
        self._thread.start()

    @property
    def active(self) -> bool:
        """Whether it may still change."""
        return not self._ended.is_set()

    def pause(self) -> None:
        """Stops computing after the present look, until `resume`."""
        self._go.clear()
        if self.active:
            self.status = "paused"

    def resume(self) -> None:
        """Goes on, as soon as there is a turn."""
        if self.active:
            self.status = "waiting"
        self._go.set()

    def stop(self) -> None:
        """Ends after the present look; what has been learned stays."""
        self._stopping.set()
        self._go.set()

    def ended(self, within_s: float = 0) -> bool:
        """Whether it has finished, stopped or failed; waits for it up to ``within_s`` seconds."""
        return self._ended.wait(within_s)

    def _run(self) -> None:
        status = "failed"
        try:
            status = self._work()
        except Exception as error:  # kept as a value, and whole in the log
            log.warning("A training failed", exc_info=True)
            self.error = error
        finally:
            self.status = status
            self._source = iter(())  # lets go of the images
            self._ended.set()

    def _work(self) -> str:
        while True:
            if not self._go.wait(PATIENCE_S) or self._stopping.is_set():
                return "stopped"
            if not _turns.acquire(timeout=0.2):
                continue
            try:
                if self._train():
                    return "finished"
            finally:
                _turns.release()

    def _train(self) -> bool:
        """Computes until paused or stopped (False) or done (True)."""
        while self._go.is_set() and not self._stopping.is_set():
            self.status = "running"
            began = time.monotonic()
            look = next(self._source, None)
            self.busy_s += time.monotonic() - began
            if look is None:
                return True
            self.looks.append(look)
        if not self._stopping.is_set():
            self.status = "paused"
        return False
