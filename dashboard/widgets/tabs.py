"""Tabs of which only the open one is drawn."""

from collections.abc import Callable

import streamlit as st

from dashboard.session import url_state
from dashboard.widgets.panel import panel


def draw_tabs(key: str, views: dict[str, Callable[..., None]], *about: object) -> None:
    """A tab for each view, by its name, the open one held in the link under ``key``.

    A view is called with ``about``, in a panel of its name.
    """
    names = list(views)
    url_state.restore(**{key: names[0]})
    # Names tell digits from other classes, so that another dataset may not have the one held:
    url_state.reset_unless(key, lambda name: name in names, names[0])
    drawn = st.tabs(names, key=key, on_change="rerun", bind="query-params")
    url_state.remember(key)
    for tab, (name, view) in zip(drawn, views.items(), strict=True):
        if tab.open:
            with tab, panel(name):
                view(*about)
