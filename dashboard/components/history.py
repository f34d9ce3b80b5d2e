"""Back and Forward: one entry in the browser's history for each action."""

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "digit_history",
    html="<span hidden></span>",
    js=(Path(__file__).parent / "frontend" / "history.js").read_text(),
)


def mount() -> None:
    """For the beginning of every page, before anything changes the address."""
    with st.container(key="history"):
        _component(key="history_entries")
