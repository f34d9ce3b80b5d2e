"""What a viewer brings: taken once, kept in this session only, and never mixed up."""

import hashlib
from collections.abc import Callable

import streamlit as st

from dashboard import opening, words
from engine.bring.read import read_upload
from engine.digits import Digits
from engine.limits import MOST_BYTES, Refused
from engine.naming import safe_name
from engine.predictions import make_brought_study, model_name, read_predictions
from engine.study import Study

MOST_BROUGHT = 5  # sets of predictions one viewer can hold
MOST_DATA = 2  # data sets of images
TYPES = ["csv", "parquet", "npz"]
DATA_TYPES = ["zip", "npz", "csv", "parquet"]
SEEN = "data_seen"  # of each field the upload last looked at, and the refusal it met, if any


def predictions(digits: Digits) -> None:
    """The field for a file of predictions; takes a file when it arrives, and says what came of it.

    Files are told apart by the sha256 of their bytes, models by their names in this session.
    """
    label = f"Predictions for the {words.count(len(digits.testing), 'test image')} of these data"
    _upload(label, TYPES, "data_predictions", lambda *file: _take_predictions(*file, digits))


def images() -> None:
    """The field for a data set of images, taken likewise."""
    _upload("A data set of images", DATA_TYPES, "data_images", _take_images)


def _upload(label: str, types: list[str], key: str, take: Callable[[bytes, str], None]) -> None:
    """``take(content, name)`` is called once a file; what it raises is kept and said."""
    help = f"At most {MOST_BYTES / 1e6:.0f} MB. It stays in this session and nobody else sees it"
    file = st.file_uploader(label, type=types, key=key, help=help)
    seen = st.session_state.setdefault(SEEN, {})
    if file is None:
        seen.pop(key, None)
        return
    if key not in seen or seen[key][0] != file.file_id:
        refusal = None
        try:
            with st.spinner("Reading and checking", show_time=True):
                take(file.getvalue(), file.name)
        except Refused as error:
            refusal = error
        seen[key] = file.file_id, refusal
        st.rerun()  # the sidebar, already drawn, can offer it now
    _say(seen[key][1])


def _take_predictions(content: bytes, file_name: str, digits: Digits) -> None:
    held = st.session_state.setdefault(opening.BROUGHT, {})
    if len(held) >= MOST_BROUGHT:
        raise Refused(f"You hold {len(held)} sets of predictions; remove one first.")
    read = read_predictions(content, digits)
    name = _unlike(held, model_name(file_name), content)
    held[name] = make_brought_study(digits, read, name)


def _take_images(content: bytes, file_name: str) -> None:
    held = st.session_state.setdefault(opening.OWN_DATA, {})
    if len(held) >= MOST_DATA:
        raise Refused(f"You hold {len(held)} data sets; remove one first.")
    name = _unlike(held, f"My {safe_name(file_name)}", content)
    held[name] = read_upload(content, name)


def _unlike(held: dict, name: str, content: bytes) -> str:
    """The name, with the beginning of the file's sha256 when another file has it already."""
    return f"{name} {hashlib.sha256(content).hexdigest()[:6]}" if name in held else name


def _say(refusal: Refused | None) -> None:
    if refusal is None:
        st.success("Taken. Choose it in the sidebar.")
        return
    st.error(f"Nothing was taken. {words.plain(str(refusal))}")
    if refusal.lines:
        st.code("\n".join(refusal.lines), language=None)


def held_data() -> None:
    """A line for each data set held, with a button to let it go."""
    for name, digits in list(opening.own_data().items()):
        with st.container(horizontal=True, vertical_alignment="center"):
            n = words.count(len(digits.training) + len(digits.testing), "image")
            st.markdown(f"**{words.plain(name)}**: {n}", width="stretch")
            st.button("Remove", key=f"data_drop_{name}", on_click=_drop, args=(name,))


def _drop(name: str) -> None:
    st.session_state.get(opening.OWN_DATA, {}).pop(name, None)


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
