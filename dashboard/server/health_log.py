"""A line in the log for whoever runs the server: when the first page was drawn, then now and then.

No viewer sees it, and a run of a page pays for one look at a clock.
"""

import importlib.metadata
import logging
import platform
import sys
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path

EVERY_S = 300.0
VERSIONS = ("streamlit", "altair", "pandas", "numpy", "scikit-learn")
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

log = logging.getLogger(__name__)
_started = time.monotonic()
_lock = threading.Lock()
_present: "weakref.WeakSet[Visit]" = weakref.WeakSet()
_more: dict[str, Callable[[], str]] = {}
_chores: list[Callable[[], None]] = []
_visits, _last_run = 0, 0.0
_watch: threading.Thread | None = None


class Visit:
    """Stands for one session in `_present`, as long as the session holds it."""


def note_run(visit: Visit | None) -> Visit:
    """For the end of each run: counts a new visit, of None, and starts the watch with the first."""
    global _visits, _last_run, _watch
    _last_run = time.monotonic()
    if visit is not None:
        return visit
    visit = Visit()
    with _lock:
        _present.add(visit)
        _visits += 1
        if _watch is None:
            _watch = threading.Thread(target=_keep_watch, name="health", daemon=True)
            _watch.start()
    return visit


def visits_now() -> int:
    """How many sessions there are, those among them whose connection broke a moment ago."""
    return len(_present)


def add(name: str, say: Callable[[], str]) -> None:
    """Has the line say ``name: say()`` too; for modules that this one is too early to import."""
    _more[name] = say


def now_and_then(work: Callable[[], None]) -> None:
    """Has ``work`` done after each line."""
    _chores.append(work)


def line() -> str:
    """How the server is: uptime, viewers, memory, what `add` added, and versions."""
    minutes = (time.monotonic() - _started) / 60
    parts = [
        f"up {minutes:.0f} min, {len(_present)} viewers now, {_visits} since the start",
        f"memory: {_memory()}",
        *(f"{name}: {say()}" for name, say in _more.items()),
        f"Python {platform.python_version()}",
    ]
    versions = [f"{name} {importlib.metadata.version(name)}" for name in VERSIONS]
    return "; ".join([*parts, ", ".join(versions)])


def _keep_watch() -> None:
    said = 0.0
    while True:
        if _last_run > said:  # nobody came by since the last line: nothing to say
            said = time.monotonic()
            try:
                log.info(line())
                for work in _chores:
                    work()
            except Exception:  # a watch that stumbles goes on
                log.exception("The health line could not be written, or what goes with it not done")
        time.sleep(EVERY_S)


def _memory() -> str:
    """What the process holds in memory, where the system says so."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return "not known"
    held = next(int(row.split()[1]) for row in status.splitlines() if row.startswith("VmRSS"))
    return f"{held * 1024 / 1e6:.0f} MB"


def _open_log() -> None:
    """Shows what dashboard and engine log, with the time; whoever set up a log has it already."""
    if logging.getLogger().handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(FORMAT))
    for room in ("dashboard", "engine"):
        logging.getLogger(room).addHandler(handler)
        logging.getLogger(room).setLevel(logging.INFO)


_open_log()  # before the first page, which may already have something to say
