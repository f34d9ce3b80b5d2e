"""Keeps score on the page: 'It was a …', the tally, and the drawings to take home."""

import hashlib

import numpy as np
import streamlit as st

from dashboard import text
from dashboard.session import keys
from dashboard.session.viewer_models import name_of
from dashboard.text.markdown import a_blank
from dashboard.widgets import inputs
from engine.evaluation.evaluation import Evaluation
from engine.inference.feedback import Entry, as_table, as_zip, record
from engine.inference.prediction import Answer

TRUE = "classify_true"  # the field for the true class


def ask(image: np.ndarray, source: str, evaluation: Evaluation, found: Answer) -> None:
    """'It was a …' for the image in sight; the answer is recorded once a class is chosen."""
    mark = hashlib.sha256(image.tobytes()).hexdigest()
    if st.session_state.get(keys.ASKED_OF) != mark:
        st.session_state.update({keys.ASKED_OF: mark, TRUE: None})  # another image: not known yet

    def keep() -> None:
        if (true := st.session_state[TRUE]) is not None:
            now = Entry(image, source, name_of(evaluation), found.digit, true, found.margin)
            st.session_state[keys.ENTRIES] = record(st.session_state.get(keys.ENTRIES, []), now)

    line = st.container(horizontal=True, vertical_alignment="center", gap="small")
    line.markdown(
        f"**Keep score:** it was {a_blank(found.classes)}",
        width="content",
        help="Records whether the answer is right, in the tab Score. The model does not learn "
        "from it.",
    )
    chosen = inputs.one_of(
        "It was a …",
        found.classes.tolist(),
        TRUE,
        buttons="pills",
        place=line,
        on_change=keep,
        label_visibility="collapsed",
    )
    if chosen is not None:
        outcome = "Right" if chosen == found.digit else "Wrong"
        line.markdown(f"**{outcome}.** Recorded so far: {tally()}", width="content")


def tally() -> str:
    """The score so far, in words."""
    entries = st.session_state.get(keys.ENTRIES, [])
    return text.prediction.score(sum(entry.right for entry in entries), len(entries))


def board() -> None:
    """All that was recorded, and its download."""
    entries = st.session_state.get(keys.ENTRIES, [])
    if not entries:
        st.markdown("Say what an image was ('It was …') and the score is kept here.")
        return
    st.markdown(f"**{tally()}**")
    inputs.table(
        as_table(entries),
        "Every recorded digit: where it is from, the answer, and what it was",
        decimals={"margin": 4},
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
    st.session_state[keys.ENTRIES] = []
