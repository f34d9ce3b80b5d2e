"""Keeps what is imported out of Streamlit's garbage collection.

Streamlit collects all garbage after every run of a page, which takes 0.2 s for the whole server
with the numeric libraries loaded, and 6 ms once they are frozen.
"""

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_modules_frozen = 0


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
    """`freeze_imports` after all that is to be seen, however it ends: nothing is sent meanwhile."""
    try:
        yield
    finally:
        freeze_imports()


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
