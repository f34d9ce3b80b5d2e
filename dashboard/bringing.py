"""What a viewer brings: taken once, kept in this session only, and never mixed up."""

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import memory, own, words
from dashboard.names import plain
from engine.bring.read import read_uploads
from engine.digits import Digits, Progress
from engine.file_names import safe_name
from engine.limits import MOST_BROUGHT, MOST_BYTES, MOST_DATA, Incomplete, Refused
from engine.predictions import make_brought_study, model_name, read_predictions
from engine.study import Study
from engine.wording import JOIN

TYPES = ["csv", "parquet", "npz"]
HELP = f"At most {MOST_BYTES / 1e6:.0f}{JOIN}MB. It stays in this session and nobody else sees it"
TURNS = "data_turns"  # of each field, how many uploads it has seen
CAME = "data_came"  # of each field, what came of the last one: a name, or why it was refused

File = tuple[str, bytes]  # its name and what is in it

_one_reading = threading.Lock()  # so that the memory it takes is needed once


def predictions(digits: Digits) -> None:
    """The field for a file of predictions; takes a file when it arrives, and says what came of it.

    Files are told apart by the sha256 of their bytes, models by their names in this session.
    """
    label = f"Predictions for the {words.count(len(digits.testing), 'test image')} of these data"
    chosen = st.file_uploader(label, TYPES, key=_key("data_predictions"), help=HELP)
    taken = _settle("data_predictions", [chosen] if chosen else [], _take_predictions, digits)
    _say("data_predictions", taken, "model")


def images() -> None:
    """The field for a data set of images, one file or the four of an IDX set, taken likewise."""
    # Any ending: IDX files have none, and what is in a file is judged, not its name.
    label = "A data set of images: one file, or the four IDX files at once"
    chosen = st.file_uploader(
        label, accept_multiple_files=True, key=_key("data_images"), help=f"{HELP}."
    )
    _say("data_images", _settle("data_images", chosen, _take_images), "data")


def _key(field: str) -> str:
    """The widget's key, another one after each upload: the field is empty again."""
    return f"{field}_{st.session_state.setdefault(TURNS, {}).get(field, 0)}"


def _settle(field: str, files: Sequence, take: Callable, *about: object) -> str | Refused | None:
    """What came of the last upload; a new one is first taken by ``take(files, progress, *about)``.

    Its bytes are then let go, which Streamlit would keep as long as the session.
    """
    came = st.session_state.setdefault(CAME, {})
    if not files:
        return came.get(field)
    try:
        with _turn() as progress:
            parts = [(file.name, file.getvalue()) for file in files]
            came[field] = take(parts, progress, *about)
    except Incomplete as wanted:
        st.info(plain(str(wanted)))
        return None
    except Refused as refusal:
        came[field] = refusal
    st.session_state[TURNS][field] = st.session_state[TURNS].get(field, 0) + 1
    _free(files)
    st.rerun()  # the sidebar, already drawn, can offer it now


@contextmanager
def _turn() -> Iterator[Progress]:
    """Waits until nobody else's upload is being read; gives a progress bar to report to."""
    bar = st.progress(0.0, "Reading and checking…")
    while not _one_reading.acquire(timeout=0.3):
        bar.progress(0.0, "Waiting for another viewer's upload to be read…")
    try:
        yield lambda step, done, total: bar.progress(
            min(done / max(total, 1), 1.0), f"{step}… {done:,} of {total:,}"
        )
    finally:
        _one_reading.release()
        bar.empty()


def _free(files: Sequence) -> None:
    context = get_script_run_ctx()
    if context is not None:
        for file in files:
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def _take_predictions(files: list[File], _: Progress, digits: Digits) -> str:
    held = own.models()
    if len(held) >= MOST_BROUGHT:
        found = f"You hold {len(held)} sets of predictions"
        raise Refused(f"{found}; at most {MOST_BROUGHT} are kept, so remove one first.")
    (file_name, content), *_ = files
    read = read_predictions(content, digits)
    name = _unlike(held, model_name(file_name), files)
    own.hold_model(name, make_brought_study(digits, read, name))
    return name


def _take_images(files: list[File], progress: Progress) -> str:
    held = own.data()
    if len(held) >= MOST_DATA:
        found = f"You hold {len(held)} data sets"
        raise Refused(f"{found}; at most {MOST_DATA} are kept, so remove one first.")
    called = safe_name(files[0][0]) if len(files) == 1 else "IDX files"
    name = _unlike(held, f"My {called}", files)
    own.hold_data(name, read_uploads(files, name, progress))
    return name


def _unlike(held: dict, name: str, files: list[File]) -> str:
    """The name, with the beginning of the files' sha256 when others have it already."""
    if name not in held:
        return name
    digest = hashlib.sha256()
    for _, content in files:
        digest.update(content)
    return f"{name} {digest.hexdigest()[:6]}"


def _say(field: str, came: str | Refused | None, choice: str) -> None:
    """What came of the last upload, with a button that chooses it at once."""
    held = own.data() if choice == "data" else own.models()
    if isinstance(came, Refused):
        st.error(f"Nothing was taken. {plain(str(came))}")
        if came.lines:
            st.code("\n".join(came.lines), language=None)
    elif came in held:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.success(f"Taken as {plain(came)}. Choose it in the sidebar, or here:")
            st.button(
                "Open it now", key=f"{field}_open", on_click=memory.reset, kwargs={choice: came}
            )


def held_data() -> None:
    """A line for each data set held, with a button to let it go."""
    for name, digits in list(own.data().items()):
        with st.container(horizontal=True, vertical_alignment="center"):
            n = words.count(len(digits.training) + len(digits.testing), "image")
            st.markdown(f"**{plain(name)}**: {n}", width="stretch")
            st.button("Remove", key=f"data_drop_{name}", on_click=own.let_go, args=(name,))


def held_models(digits: Digits) -> None:
    """A line for each set of predictions held: how good it is, and a button to let it go."""
    for name, study in list(own.models().items()):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(name)}**: {_said(study, digits)}", width="stretch")
            st.button("Remove", key=f"data_remove_{name}", on_click=own.let_go, args=(name,))


def _said(study: Study, digits: Digits) -> str:
    about = words.headline(study.n_right, study.n_images)
    if study.classifier.unit.startswith("0 for"):
        about += ". Without scores every margin is 1, and the rank of the truth tells nothing"
    if study.digits.key != digits.key:
        about += f". It belongs to other data, {plain(study.digits.name)}"
    return f"{about}."
