"""Keeps score on the page: 'It was a …', the tally, and the drawings to take home."""

import hashlib

import numpy as np
import streamlit as st

from dashboard import reading
from engine.scorecard import Entry, as_table, as_zip, record

KEPT, TRUE, NOW = "classify_entries", "classify_true", "classify_now"


def ask(entry: Entry, classes: np.ndarray) -> None:
    """'It was a …' for the image in sight; the answer is recorded once a digit is chosen."""
    mark = hashlib.sha256(entry.image.tobytes()).hexdigest()
    if st.session_state.get(NOW, (None, None))[0] != mark:
        st.session_state[TRUE] = None  # another image: nothing is known of it yet
    st.session_state[NOW] = (mark, entry)
    line = st.container(horizontal=True, vertical_alignment="center", gap="small")
    line.markdown("It was a …", width="content")
    chosen = line.pills(
        "It was a …",
        classes.tolist(),
        key=TRUE,
        on_change=_record,
        label_visibility="collapsed",
    )
    if chosen is not None:
        outcome = "Right" if chosen == entry.answer else "Wrong"
        line.markdown(f"**{outcome}**, recorded. {tally()}", width="content")


def _record() -> None:
    chosen, (_, entry) = st.session_state[TRUE], st.session_state[NOW]
    if chosen is None:
        return
    known = Entry(entry.image, entry.source, entry.model, entry.answer, chosen, entry.margin)
    st.session_state[KEPT] = record(st.session_state.get(KEPT, []), known)


def tally() -> str:
    """The score so far, in words."""
    entries = st.session_state.get(KEPT, [])
    return reading.score(sum(entry.right for entry in entries), len(entries))


def board() -> None:
    """All that was recorded, and its download."""
    entries = st.session_state.get(KEPT, [])
    if not entries:
        st.markdown("Say what a digit was ('It was a …') and the score is kept here.")
        return
    st.markdown(f"**{tally()}**")
    st.dataframe(
        as_table(entries),
        hide_index=True,
        column_config={"margin": st.column_config.NumberColumn(format="%.4f")},
        alt="Every recorded digit: where it is from, the answer, and what it was",
    )
    tools = st.container(horizontal=True)
    tools.download_button(
        "Download drawings (zip of PNG and CSV)",
        as_zip(entries),
        "my_digits.zip",
        "application/zip",
        key="classify_download",
        on_click="ignore",
        icon=":material/download:",
    )
    tools.button("Start over", key="classify_forget", on_click=_forget)


def _forget() -> None:
    st.session_state[KEPT] = []
