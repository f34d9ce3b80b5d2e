"""The server ends with status 0, whatever it computes: a signal waits for no training.

Threads that compute cannot be stopped from outside, and when Python takes itself down under them
the libraries they are in abort the process. What is on disk is whole at any moment: files take the
place of others at once.
"""

import functools
import logging
import os
import signal
import sys
import threading
from types import FrameType

GRACE_S = 1.5  # seconds for closing the connections

_asked = threading.Event()


def at_signals() -> None:
    """From now on a signal to end is obeyed within `GRACE_S`."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, functools.partial(_end_soon, signal.getsignal(number)))


def _end_soon(before: object, number: int, frame: FrameType | None) -> None:
    _asked.set()
    last = threading.Timer(GRACE_S, _end)
    last.daemon = True
    last.start()
    if callable(before):
        before(number, frame)


def now() -> None:
    """Ends the process if a signal has asked for it."""
    if _asked.is_set():
        _end()


def _end() -> None:
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
