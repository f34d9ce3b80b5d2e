"""The link that shows the same view."""

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from dashboard.session import keys, uploads, url_state
from dashboard.text.markdown import plain


def address() -> str:
    """The full address that opens this view: this page with each choice that is not a default."""
    scheme, host, path, *_ = urlsplit(st.context.url or "")
    choices = url_state.as_parameters(url_state.here())
    return urlunsplit((scheme, host, path, urlencode(choices, doseq=True), ""))


@st.fragment
def link_here(note: str = "") -> None:
    """The link to this view, made when it is opened: parts of the page may run without this one."""
    popover = st.popover(
        "Link to this view", icon=":material/link:", key="link_here", on_change="rerun"
    )
    if popover.open:
        popover.code(address(), language=None, wrap_lines=True)
        for warning in _warnings():
            popover.warning(warning)
        if note:
            popover.caption(note)


def _warnings() -> list[str]:
    """What whoever opens the link will not see as it is here."""
    held = [str(st.session_state.get(name)) for name in ("data", "model")]
    private = [plain(name) for name in held if uploads.is_private(name)]
    said = []
    if private:
        stay = "stays" if len(private) == 1 else "stay"
        said.append(
            f"{' and '.join(private)} {stay} in your visit: who opens this link sees other data or "
            "another model. Send a report instead."
        )
    if chosen := st.session_state.get(keys.STANDS_IN):
        said.append(
            f"This link asks for {plain(chosen)}, which is not loaded here: who opens it where it "
            "is loaded sees other figures."
        )
    return said
