"""Predictions a viewer brings: taken once, kept in this session only, and never mixed up."""

import hashlib

import streamlit as st

from dashboard import opening, words
from engine.digits import Digits
from engine.limits import MOST_BYTES, Refused
from engine.predictions import make_brought_study, model_name, read_predictions
from engine.study import Study

MOST_BROUGHT = 5  # sets of predictions one viewer can hold
TYPES = ["csv", "parquet", "npz"]
SEEN = "data_seen"  # the upload that was looked at last, and the refusal it met, if any


def upload(digits: Digits) -> None:
    """The field for a file of predictions; takes a file when it arrives, and says what came of it.

    Files are told apart by the sha256 of their bytes, models by their names in this session.
    """
    file = st.file_uploader(
        f"Predictions for the {words.count(len(digits.testing), 'test image')} of these data",
        type=TYPES,
        key="data_predictions",
        help=f"At most {MOST_BYTES / 1e6:.0f} MB. It stays in this session and nobody else sees it",
    )
    if file is None:
        st.session_state.pop(SEEN, None)
        return
    seen = st.session_state.get(SEEN)
    if seen is None or seen[:2] != (file.file_id, digits.key):
        refusal = _take(file.getvalue(), file.name, digits)
        st.session_state[SEEN] = file.file_id, digits.key, refusal
        st.rerun()  # the sidebar, already drawn, can offer them now
    _say(seen[2])


def _take(content: bytes, file_name: str, digits: Digits) -> Refused | None:
    """Adds the predictions to this viewer's models, or gives the reason why not."""
    held = st.session_state.setdefault(opening.BROUGHT, {})
    try:
        if len(held) >= MOST_BROUGHT:
            raise Refused(f"You hold {len(held)} sets of predictions; remove one first.")
        predictions = read_predictions(content, digits)
    except Refused as error:
        return error
    name = model_name(file_name)
    if name in held:  # another file of that name
        name = f"{name} {hashlib.sha256(content).hexdigest()[:6]}"
    held[name] = make_brought_study(digits, predictions, name)
    return None


def _say(refusal: Refused | None) -> None:
    if refusal is None:
        st.success("Taken. Choose it as the model in the sidebar, or compare it with another.")
        return
    st.error(f"Nothing was taken. {words.plain(str(refusal))}")
    if refusal.lines:
        st.code("\n".join(refusal.lines), language=None)


def held_models(digits: Digits) -> None:
    """A line for each set of predictions held: how good it is, and a button to let it go."""
    for name, study in list(st.session_state.get(opening.BROUGHT, {}).items()):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{words.plain(name)}**: {_said(study, digits)}", width="stretch")
            st.button("Remove", key=f"data_remove_{name}", on_click=_remove, args=(name,))


def _said(study: Study, digits: Digits) -> str:
    about = words.headline(study.n_right, study.n_images)
    if study.classifier.unit.startswith("0 for"):
        about += ". Without scores every margin is 1, and the rank of the truth tells nothing"
    if study.digits.key != digits.key:
        about += f". It belongs to other data, {words.plain(study.digits.name)}"
    return f"{about}."


def _remove(name: str) -> None:
    st.session_state.get(opening.BROUGHT, {}).pop(name, None)
