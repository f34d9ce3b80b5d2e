"""Visits that are over: what they held is let go within seconds, not with the next one.

Streamlit keeps a visit for a while after its connection broke, and then until something else comes
up; what a page had drawn is in reference cycles, and perhaps frozen (`gc_freeze`).
"""

import asyncio
import contextlib
import ctypes
import logging

from streamlit import runtime
from streamlit.runtime.app_session import AppSession, AppSessionState

from dashboard.server import health_log, memory, upload_store
from dashboard.server.gc_freeze import collect, freeze_again
from engine.runtime.limits import MAX_VISITS

EVERY_S = 2.0  # seconds

log = logging.getLogger(__name__)


async def watch() -> None:
    """Looks for visits that are over for as long as the server runs."""
    held = 0
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            over = _end_visits()
            if over:
                _give_back(held > 0)  # here: whatever thread collects, all others wait for it
            held = memory.BUDGET.held
        except Exception:  # a watch that stumbles goes on
            log.exception("Visits that are over could not be looked for")


def too_many() -> str:
    """Why one more visit is not taken; '' where it is."""
    if (now := health_log.visits_now()) < MAX_VISITS:
        return ""
    return f"This server has {now:,} visitors, as many as it takes; please come back in a minute."


def _end_visits() -> int:
    """Ends those that are kept for a return, but for longer than the settings say; how many."""
    with contextlib.suppress(AttributeError):  # Streamlit's own places: elsewhere after an update
        kept = runtime.get_instance()._session_mgr._session_storage._cache
        over = [kept._data[visit].session for visit in list(kept._data) if visit not in kept]
        kept.expire()
        for session in over:
            _end(session)
        return len(over)
    return 0


def _end(session: AppSession) -> None:
    """Lets go of all that a visit held, unless a run of its page is still on its way to its end."""
    idle = session._state is AppSessionState.APP_NOT_RUNNING
    session.shutdown()
    if idle:
        session.session_state.clear()
        session._fragment_storage.clear()


def _give_back(much: bool) -> None:
    """Lets go of what nothing refers to any more, and gives its memory to the system.

    ``much`` is true where it may have been frozen, and is worth as long a pause as that takes.
    """
    freeze_again() if much else collect()
    upload_store.forget_gone()
    with contextlib.suppress(OSError, AttributeError):  # glibc alone has it
        ctypes.CDLL(None).malloc_trim(0)
