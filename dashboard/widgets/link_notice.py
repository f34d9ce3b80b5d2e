"""What a link asked for and what became of it, in a sentence where that is something else."""

import streamlit as st

from dashboard.session import keys, uploads, url_state
from dashboard.text.markdown import plain


def asked_for(*names: str) -> dict[str, str]:
    """What the link says of these choices, before any widget has taken or refused it.

    Without what a click has overruled, before the address has followed.
    """
    overruled = st.session_state.get(keys.OVERRULED, {})
    asked = {name: url_state.in_address(name) for name in names if name in st.query_params}
    return {name: value for name, value in asked.items() if overruled.get(name) != value}


def say_what_was_ignored(asked: dict[str, str], taken: dict[str, object]) -> None:
    """A short notice when the link asked for something that does not exist here.

    ``asked`` is what the link said when the page was opened, ``taken`` what the widgets hold.
    """
    held = {
        name: "" if taken[name] is None else url_state.as_text(taken[name])
        for name in asked
        if name in taken
    }
    ignored = [name for name, value in asked.items() if not _same(held.get(name, value), value)]
    if ignored:
        each = [f"'{n}' {_told(asked[n])} (shown: {_told(held[n])})" for n in ignored]
        st.caption(f"This link asks for something that is not here: {'; '.join(each)}.")


def _told(value: str) -> str:
    """A value of a link for a sentence: short, as it is written, or "none"."""
    short = f"{value[:30]}…" if len(value) > 31 else value
    return plain(short) if short.strip() and short.isprintable() else "none"


def _same(held: str, asked: str) -> bool:
    """Whether two texts mean the same choice; a browser writes 12 as 12 or as 12.0."""
    try:
        return held == asked or float(held) == float(asked)
    except ValueError:
        return False


def without_private(asked: dict[str, str], taken: dict[str, str]) -> dict[str, str]:
    """``asked`` without what is private to a visit, which no link carries; says so.

    ``taken`` is what is shown in its place.
    """
    gone = {n for n, held in taken.items() if asked.get(n, held) != held}
    gone = {name for name in gone if uploads.is_private(asked[name])}
    for name in sorted(gone):
        st.caption(
            f"{plain(asked[name][:60])} is not here: what a viewer brings or trains stays in "
            f"that visit. This is {plain(taken[name])}."
        )
    return {name: value for name, value in asked.items() if name not in gone}
