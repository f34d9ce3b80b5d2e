"""Lists and charts in which a click is a choice, also when that choice was undone elsewhere."""

import streamlit as st

from dashboard.session import keys, url_state

Choice = tuple[str, ...]


def key_of(name: str) -> str:
    """The widget's key; `renewed` and `renew` change it."""
    return f"{name}_{st.session_state.get(keys.turn(name), 0)}"


def renew(name: str) -> None:
    """Gives it a new key: it is drawn anew, and no longer holds a click."""
    st.session_state[keys.turn(name)] = st.session_state.get(keys.turn(name), 0) + 1
    st.session_state.pop(keys.holds(name), None)
    st.session_state.pop(keys.toggled(name), None)


def renewed(name: str, chosen: Choice) -> bool:
    """Renews it when it holds a click that is not what is ``chosen`` now.

    Otherwise a click on the same place would be no change, and count for nothing.
    """
    stale = st.session_state.get(keys.holds(name), chosen) != chosen
    if stale:
        renew(name)
    return stale


def take(name: str, **choices: str) -> None:
    """A click in it becomes these choices, in this order what `renewed` is asked about."""
    url_state.reset(**choices)
    st.session_state[keys.holds(name)] = tuple(choices.values())


def picked(name: str, selection: str) -> dict[str, object]:
    """The fields of the mark that was clicked last; empty when the click let it go."""
    marks = st.session_state[key_of(name)]["selection"].get(selection)
    return marks[0] if marks else {}


def toggled(name: str, selection: str) -> dict[str, object]:
    """The fields of the mark that the last click put in or took out, where each click does so."""
    marks = st.session_state[key_of(name)]["selection"].get(selection) or []
    before = st.session_state.get(keys.toggled(name), [])
    st.session_state[keys.toggled(name)] = marks
    new = [mark for mark in marks if mark not in before]
    changed = new or [mark for mark in before if mark not in marks]
    return changed[-1] if changed else {}


def picked_row(name: str) -> int | None:
    """The row of a table that was ticked last; None when the click took the tick away."""
    rows = st.session_state[key_of(name)]["selection"]["rows"]
    return rows[0] if rows else None
