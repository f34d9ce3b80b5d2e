"""The link that shows the same view."""

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from dashboard.session import url_state


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
        if note:
            popover.caption(note)
