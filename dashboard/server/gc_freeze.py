"""Garbage is collected a few seconds after a run, and what is imported is kept out of it.

Streamlit's own collection after every run is switched off in .streamlit/config.toml: it stops the
whole server, and thousands of small messages from one viewer kept all others waiting for minutes.
A collection takes 0.2 s with the numeric libraries loaded, and 6 ms once they are frozen.
"""

import gc
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

COLLECT_AFTER_S = 3.0  # seconds after a run; all runs in between share one collection

_lock = threading.Lock()
_modules_frozen = 0
_ran = threading.Event()
_collector: threading.Thread | None = None


@contextmanager
def uncollected() -> Iterator[None]:
    """For large imports: no garbage is looked for in between, which takes a fifth of their time.

    What they leave behind, 1,476 objects when it was counted, is frozen with the rest.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def freezing() -> Iterator[None]:
    """`freeze_imports` after all that is to be seen, however it ends: nothing is sent meanwhile.

    What the run leaves behind is collected `COLLECT_AFTER_S` later.
    """
    try:
        yield
    finally:
        freeze_imports()
        _collect_soon()


def _collect_soon() -> None:
    global _collector
    _ran.set()
    with _lock:
        if _collector is None:
            _collector = threading.Thread(target=_keep_collecting, name="garbage", daemon=True)
            _collector.start()


def _keep_collecting() -> None:
    while _ran.wait():
        time.sleep(COLLECT_AFTER_S)
        _ran.clear()
        collect()


def collect() -> None:
    """Lets go of garbage that is not frozen."""
    with _lock:
        gc.collect()


def freeze_imports() -> None:
    """Takes all that is imported by now out of garbage collection; again after a late import.

    The count lives in this module: in a cache that any viewer can clear, each clearing would freeze
    whatever was alive at that moment, too.
    """
    global _modules_frozen
    with _lock:
        if len(sys.modules) > _modules_frozen:
            _modules_frozen = len(sys.modules)
            gc.collect()
            gc.freeze()


def freeze_again() -> None:
    """Lets go of what has become garbage since it was frozen; takes as long as one collection.

    With the imports all is frozen that is alive at that moment, some viewer's page among it.
    """
    with _lock:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
