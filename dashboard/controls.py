"""Widgets and page furniture used on more than one page; every value returned is plain."""

import streamlit as st

from dashboard.style import Palette, palette


def theme() -> Palette:
    """The palette of the theme this viewer looks at now."""
    return palette(st.context.theme.type)


def whole_number(label: str, low: int, high: int, default: int, key: str) -> int:
    """A number field for whole numbers, held in the link.

    It counts in floats underneath: an integer field fails on a link with an infinite number.
    """
    chosen = st.number_input(
        label,
        float(low),
        float(high),
        float(default),
        step=1.0,
        format="%.0f",
        key=key,
        bind="query-params",
    )
    return int(chosen)
