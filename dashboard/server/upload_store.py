"""Files that have arrived and that no page has read yet: counted, bounded, and let go.

Streamlit takes whatever a browser sends to a session, whether or not a field of the page names it.
"""

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Iterator

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

UNNAMED_S = 60.0  # seconds that files of a larger selection may take to come, one after another

_arriving: Counter[str] = Counter()  # by session the bytes that are on their way
_came: dict[str, float] = {}  # by file when it came
_lock = threading.Lock()


def nbytes(session: str | None = None) -> int:
    """Bytes of all files that are here or on their way, of one session or of all."""
    with _lock:
        coming = sum(_arriving.values()) if session is None else _arriving[session]
    return coming + sum(len(file.data) for file in _files(session))


def _files(session: str | None = None) -> list[UploadedFileRec]:
    if not runtime.exists():
        return []
    held = getattr(runtime.get_instance().uploaded_file_mgr, "file_storage", {})
    whose = list(held) if session is None else [session]
    return [file for one in whose for file in list(held.get(one, {}).values())]


def count(session: str) -> int:
    """How many files of that session are here."""
    return len(_files(session))


@contextlib.contextmanager
def arriving(session: str, file: str, size: int) -> Iterator[None]:
    """Counts a file while it is on its way."""
    with _lock:
        _arriving[session] += size
    try:
        yield
    finally:
        with _lock:
            _arriving[session] -= size
            if not _arriving[session]:
                del _arriving[session]
            _came[file] = time.monotonic()


def empty(files: object) -> None:
    """Lets go of what is in these files of a field, which goes on showing their names."""
    context = get_script_run_ctx()
    if context is None:
        return
    for file in files:
        rec = UploadedFileRec(file.file_id, file.name, file.type, b"")
        context.uploaded_file_mgr.add_file(context.session_id, rec)
        file.seek(0)
        file.truncate()  # the field's own copy


def free_unnamed() -> None:
    """Lets go of the files of this visit that no field names `UNNAMED_S` after they came."""
    context = get_script_run_ctx()
    if context is None:
        return
    with contextlib.suppress(AttributeError):  # Streamlit's own places: elsewhere after an update
        named = _named(context.session_state._state._new_widget_state.states.values())
        for file in _files(context.session_id):
            if file.file_id in named:
                continue
            if time.monotonic() - _came.get(file.file_id, -UNNAMED_S) >= UNNAMED_S:
                _came.pop(file.file_id, None)
                context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def _named(states: object) -> set[str]:
    """The ids of the files in the values of widgets, as the browser sent them or as they are."""
    found: set[str] = set()
    for state in list(states):
        value = state.value
        sent = getattr(value, "file_uploader_state_value", None)
        files = sent.uploaded_file_info if sent is not None else value
        for file in files if isinstance(files, list) or sent is not None else [files]:
            found.add(getattr(file, "file_id", ""))
    return found


def forget_gone() -> None:
    """Forgets when files came that are not here any more."""
    here = {file.file_id for file in _files()}
    for file in [one for one in list(_came) if one not in here]:
        _came.pop(file, None)
