"""A way to another page, on choices of its own."""

import streamlit as st

from dashboard.session import url_state


def way(label: str, page: str, /, **choices: object) -> None:
    """A button that opens the page on these ``choices``."""
    st.button(
        label,
        icon=":material/arrow_forward:",
        type="tertiary",
        on_click=url_state.go,
        args=(page,),
        kwargs=choices,
    )
