"""A part of a page that fails says so in its own place, and the rest of the page is drawn."""

import contextlib
import logging
import secrets
from collections.abc import Iterator

import streamlit as st

from dashboard.session import keys

log = logging.getLogger(__name__)


def visit() -> str:
    """This visit's id: eight characters that its lines in the log carry, made up once."""
    return st.session_state.setdefault(keys.VISIT, secrets.token_hex(4))


def browser() -> str:
    """The browser that the visit is in, whatever number of tabs it has; the visit if not known."""
    return st.context.cookies.get("_streamlit_xsrf") or visit()


class Finished(Exception):
    """Raised by a page with nothing more to show; `st.stop` would leave out the way on, too."""


@contextlib.contextmanager
def panel(name: str) -> Iterator[None]:
    """Draws what is in it; when that fails, one sentence takes its place and the page goes on.

    What is refused says why. Of all else the log has the whole reason, with the visit's id. What
    ends a run on purpose, `st.stop` and `st.rerun`, passes through.
    """
    try:
        yield
    except Finished:
        pass
    except Exception as error:
        if sentence := getattr(error, "sentence", ""):  # refused, as by a model that takes too long
            st.error(f"**{name}** could not be drawn:", icon=":material/report:")
            st.text(sentence)
            return
        log.exception("Visit %s: %r could not be drawn", visit(), name)
        st.error(
            f"**{name}** could not be drawn. Whoever runs this server finds the reason in its "
            f"log under visit {visit()}.",
            icon=":material/report:",
        )
