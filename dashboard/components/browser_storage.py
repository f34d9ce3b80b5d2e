"""The browser's own storage: marks for the next visit, and a word before anything else is lost."""

from pathlib import Path

import streamlit as st

from dashboard.session import keys, uploads
from dashboard.widgets.panel import visit
from engine.runtime.limits import MAX_KEPT_CHARACTERS

ASSETS = Path(__file__).parent / "frontend"
KEY = "browser_storage"

_component = st.components.v2.component(
    "digit_storage",
    html="<span hidden></span>",
    js=(ASSETS / "browser_storage.js").read_text(),
)


def mount() -> None:
    """For the end of every page: what the browser shall keep, and whether leaving loses anything.

    Tables of marks are kept, and decisions on labels are told of. Uploads and trained templates
    are not kept: while there are any, the browser asks before it reloads or closes the page.
    """

    def take() -> None:
        if keys.MARKS_FOUND not in st.session_state:
            kept = judged(st.session_state[KEY].get("kept"))
            st.session_state[keys.MARKS_FOUND] = _of_kind(kept, "marks ")
            st.session_state[keys.DECISIONS_FOUND] = _of_kind(kept, "labels ")

    _component(
        key=KEY,
        data={
            "visit": visit(),
            "keep": st.session_state.get(keys.MARKS_TO_KEEP, {}),
            "most": MAX_KEPT_CHARACTERS,
            "loses": uploads.any_held(),
            "forget": st.session_state.get(keys.FORGET, 0),
        },
        on_kept_change=take,
    )


def judged(kept: object) -> dict[str, str]:
    """The texts by name that a browser sent; empty for anything else, and for too much."""
    if not isinstance(kept, dict):
        return {}
    parts = [part for pair in kept.items() for part in pair]
    if not all(isinstance(part, str) for part in parts):
        return {}
    return kept if sum(map(len, parts)) <= MAX_KEPT_CHARACTERS else {}


def _of_kind(kept: dict[str, str], prefix: str) -> dict[str, str]:
    """The texts of that kind, by the name of the data or by their key."""
    return {
        name.removeprefix(prefix): text for name, text in kept.items() if name.startswith(prefix)
    }


def found(name: str) -> str:
    """The table of marks that was kept for the data of that name, not yet judged; '' for none."""
    return st.session_state.get(keys.MARKS_FOUND, {}).get(name, "")


def settle(name: str) -> None:
    """What was found is taken or not wanted: it is not offered again in this visit."""
    st.session_state.get(keys.MARKS_FOUND, {}).pop(name, None)


def is_kept(name: str) -> bool:
    """Whether `keep` was given anything for these data in this visit."""
    return name in st.session_state.get(keys.MARKS_TO_KEEP, {})


def keep(name: str, table: str) -> bool:
    """Has the browser keep this for the next visit, '' for nothing; False when it is too much."""
    keeps = st.session_state.setdefault(keys.MARKS_TO_KEEP, {})
    others = sum(len(text) for other, text in keeps.items() if other != name)
    fits = others + len(table) <= MAX_KEPT_CHARACTERS // 2
    if fits:
        keeps[name] = table
    return fits


def forget_all() -> None:
    """Has the browser forget whatever this product keeps in it, for all data; for ``on_click``."""
    st.session_state[keys.FORGET] = st.session_state.get(keys.FORGET, 0) + 1
    st.session_state.update(
        {keys.MARKS_FOUND: {}, keys.MARKS_TO_KEEP: {}, keys.DECISIONS_FOUND: {}}
    )
