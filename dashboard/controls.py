"""Widgets and page furniture used on more than one page; every value returned is plain."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.names import marked
from dashboard.style import Palette, palette

MOST_BUTTONS = 24  # classes side by side


def theme() -> Palette:
    """The palette of the theme this viewer looks at now."""
    return palette(st.context.theme.type)


def whole_number(
    label: str, low: int, high: int, default: int | None, key: str, **options: object
) -> int | None:
    """A number field for whole numbers, held in the link; None while it is empty.

    It counts in floats underneath: an integer field fails on a link with an infinite number.
    """
    chosen = st.number_input(
        label,
        float(low),
        float(high),
        None if default is None else float(default),
        step=1.0,
        format="%.0f",
        key=key,
        bind="query-params",
        **options,
    )
    return None if chosen is None else int(chosen)


def fits_buttons(names: Sequence[str]) -> bool:
    """Whether these few names can stand on buttons, whose text is Markdown and goes into links."""
    return len(names) <= MOST_BUTTONS and not any(map(marked, map(str, names)))


def one_of(
    label: str,
    names: Sequence,
    key: str,
    default: object = None,
    buttons: str = "segmented_control",
    place: DeltaGenerator | None = None,
    **options: object,
) -> object:
    """One of the classes ``names``: buttons, or a list to type into where buttons do not fit.

    None until one is chosen, unless there is a ``default``. ``buttons`` is the name of
    `st.segmented_control` or `st.pills`.
    """
    place = place or st
    if fits_buttons(names):
        required = {"default": default, "required": True} if default is not None else {}
        return getattr(place, buttons)(label, names, key=key, **required, **options)
    start = None if default is None else list(names).index(default)
    return place.selectbox(label, names, index=start, key=key, placeholder="Choose one", **options)


def table(table: pd.DataFrame, alt: str, shares: Sequence[str] = (), **options: object) -> None:
    """A table as sentences write its figures: whole numbers as 1,234, ``shares`` in per cent."""
    whole = [name for name in table.columns if pd.api.types.is_integer_dtype(table[name])]
    formats = {name: st.column_config.NumberColumn(format="localized") for name in whole}
    formats |= dict.fromkeys(shares, st.column_config.NumberColumn(format="%.1f %%"))
    st.dataframe(
        table.assign(**{name: 100 * table[name] for name in shares}),
        hide_index=isinstance(table.index, pd.RangeIndex),
        column_config={str(name): form for name, form in formats.items()},
        alt=alt,
        **options,
    )
