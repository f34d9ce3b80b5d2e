"""Widgets and page furniture used on more than one page; every value returned is plain."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.charting.palette import Palette, palette
from dashboard.text.markdown import marked
from engine.io.csv_export import csv_bytes
from engine.io.numbers import minus, percent_decimals, short

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


def csv_button(table: pd.DataFrame, file: str, key: str | None = None) -> None:
    """Offers the table as CSV, which is made only when the button is pressed."""
    st.download_button(
        "Download as CSV",
        lambda: csv_bytes(table),
        file,
        "text/csv",
        key=key,
        on_click="ignore",
        help="Shares are written from 0 to 1.",
    )


def _with_minus(form: str) -> Callable[[float], str]:
    """Writes a number in that format, with the sign for minus that sentences have."""
    return lambda number: minus(short(format(number, form)))


def table(
    table: pd.DataFrame,
    alt: str,
    shares: Sequence[str] = (),
    signed: Mapping[str, str] = MappingProxyType({}),
    decimals: Mapping[str, int] = MappingProxyType({}),
    least: int = 1,
    **options: object,
) -> None:
    """A table as sentences write its figures: whole numbers as 1,234, ``shares`` in per cent.

    These all have as many decimals, ``least`` or more.

    ``signed`` columns may be below zero: they are written in the given format, as "+.1f".
    ``decimals`` of others are fixed.
    """
    plain = [name for name in table.columns if name not in signed]
    whole = [name for name in plain if pd.api.types.is_integer_dtype(table[name])]
    formats = {name: st.column_config.NumberColumn(format="localized") for name in whole}
    exact = max([percent_decimals(table[name], least) for name in shares], default=least)
    formats |= {n: st.column_config.NumberColumn(format=f"%.{exact}f %%") for n in shares}
    formats |= {n: st.column_config.NumberColumn(format=f"%.{d}f") for n, d in decimals.items()}
    shown = table.assign(**{name: 100 * table[name] for name in shares})
    st.dataframe(
        shown.style.format({name: _with_minus(form) for name, form in signed.items()})
        if signed
        else shown,
        hide_index=isinstance(table.index, pd.RangeIndex),
        column_config={str(name): form for name, form in formats.items()},
        alt=alt,
        **options,
    )
