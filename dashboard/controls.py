"""Widgets and page furniture used on more than one page; every value returned is plain."""

import streamlit as st

from dashboard.style import Palette, palette


def theme() -> Palette:
    """The palette of the theme this viewer looks at now."""
    return palette(st.context.theme.type)


def drop_unless_whole(key: str) -> None:
    """Takes a parameter out of the link when it is no whole number; call before its number input.

    Streamlit's own check lets "1e400" through to ``int`` and ends the page with an OverflowError.
    """
    given = st.query_params.get(key)
    if given is not None and not given.isdecimal():
        del st.query_params[key]
