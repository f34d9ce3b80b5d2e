"""Widgets and page furniture used on more than one page; every value returned is plain."""

import streamlit as st

from dashboard.style import Palette, palette


def theme() -> Palette:
    """The palette of the theme this viewer looks at now."""
    return palette(st.context.theme.type)
