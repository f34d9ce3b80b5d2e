"""What a viewer brings: taken once, kept in this session only, and never mixed up."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.session import keys, own_models, uploads, url_state
from dashboard.text import numbers
from dashboard.text.markdown import plain
from dashboard.views.data import own_model
from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.external_predictions import (
    evaluate_predictions,
    model_name,
    read_predictions,
)
from engine.importers.idx import idx_part
from engine.importers.load import read_uploads
from engine.importers.readings import every_reading
from engine.io.file_names import safe_name, short_name
from engine.io.numbers import JOIN
from engine.runtime.errors import Incomplete, Refused
from engine.runtime.limits import (
    MAX_MODEL_BYTES,
    MAX_PATH_CHARACTERS,
    MAX_UPLOAD_BYTES,
    MAX_UPLOADED_DATASETS,
    MAX_UPLOADED_PREDICTIONS,
    MAX_WAITING_TASKS,
)
from engine.runtime.progress import Progress
from engine.runtime.turns import Busy, Turns

TYPES = ["csv", "tsv", "txt", "parquet", "npz", "npy"]
MEGABYTES = f"{MAX_UPLOAD_BYTES / 1e6:.0f}{JOIN}MB"
STAYS = "It stays in this session and nobody else sees it"
HELP = f"At most {MEGABYTES}. {STAYS}"

File = tuple[str, bytes]  # its name and what is in it

_readings = Turns(MAX_WAITING_TASKS)  # one at a time: the memory it takes is needed once


def predictions(dataset: Dataset) -> None:
    """The field for a file of predictions; takes a file when it arrives, and says what came of it.

    Files are told apart by the sha256 of their bytes, models by their names in this session.
    """
    label = f"Predictions for the {numbers.count(len(dataset.testing), 'test image')} of these data"
    chosen = st.file_uploader(label, TYPES, key=_key("data_predictions"), help=HELP)
    taken = _settle("data_predictions", [chosen] if chosen else [], _take_predictions, dataset)
    _say("data_predictions", taken, "model")


def model(dataset: Dataset) -> None:
    """The field for a model in an ONNX file; it is started when it arrives, and then tested."""
    chosen = st.file_uploader(
        "A model as an ONNX file, to answer these images",
        "onnx",
        key=_key("data_model"),
        max_upload_size=MAX_MODEL_BYTES // 1_000_000,
        help=f"At most {MAX_MODEL_BYTES / 1e6:.0f}{JOIN}MB. {STAYS}",
    )
    taken = _settle("data_model", [chosen] if chosen else [], _take_model, dataset)
    _say("data_model", taken, "model")


def images() -> None:
    """The field for a dataset of images, in one file or several, taken likewise."""
    # Any ending: IDX files have none, and what is in a file is judged, not its name.
    label = "A dataset of images: one file, or all the files it consists of at once"
    chosen = st.file_uploader(
        label, accept_multiple_files=True, key=_key("data_images"), help=f"{HELP}."
    )
    st.caption(
        f"A file may have {MEGABYTES}. For more, start the server with the data's place: "
        "`streamlit run dashboard/Home.py -- --data FOLDER`."
    )
    _say("data_images", _settle("data_images", chosen, _take_images), "data")


def _key(field: str) -> str:
    """The widget's key, another one after each upload: the field is empty again."""
    return f"{field}_{st.session_state.setdefault(keys.UPLOADS_SEEN, {}).get(field, 0)}"


def _settle(field: str, files: Sequence, take: Callable, *about: object) -> str | Refused | None:
    """What came of the last upload; a new one is first taken by ``take(files, progress, *about)``.

    Its bytes are then let go, which Streamlit would keep as long as the session.
    """
    came = st.session_state.setdefault(keys.UPLOADS_CAME, {})
    if not files:
        return came.get(field)
    try:
        with _turn() as progress:
            parts = [(file.name[-MAX_PATH_CHARACTERS:], file.getvalue()) for file in files]
            came[field] = take(parts, progress, *about)
    except Incomplete as wanted:
        st.info(
            f"{plain(str(wanted))} A file shown in red has more than {MEGABYTES} and was not "
            "sent: for such, start the server with `-- --data FOLDER`."
        )
        return None
    except Refused as refusal:
        more = f" and {len(files) - 1} more" if len(files) > 1 else ""
        said = f"{short_name(files[0].name)}{more}: {refusal}"
        came[field] = Refused(said, refusal.lines)  # without traceback: held as long as the visit
    seen = st.session_state[keys.UPLOADS_SEEN]
    seen[field] = seen.get(field, 0) + 1
    _free(files)
    st.rerun()  # the sidebar, already drawn, can offer it now


@contextmanager
def _turn() -> Iterator[Progress]:
    """Waits until nobody else's upload is being read; gives a progress bar to report to."""
    bar = st.progress(0.0, "Reading and checking…")

    def wait(before: int) -> None:
        bar.progress(0.0, f"Waiting for {numbers.count(before, 'upload')} to be read…")

    try:
        with _readings.turn(wait):
            yield lambda step, done, total: bar.progress(
                min(done / max(total, 1), 1.0), f"{step}… {done:,} of {total:,}"
            )
    except Busy as busy:
        raise Refused(f"{busy}.".capitalize()) from None
    finally:
        bar.empty()


def _free(files: Sequence) -> None:
    context = get_script_run_ctx()
    if context is not None:
        for file in files:
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def _take_predictions(files: list[File], _: Progress, dataset: Dataset) -> str:
    held = _judge_room()
    (file_name, content), *_ = files
    read = read_predictions(content, dataset)
    name = _unlike(held, model_name(file_name), files)
    uploads.add_model(name, evaluate_predictions(dataset, read, name))
    return name


def _take_model(files: list[File], _: Progress, dataset: Dataset) -> str:
    (file_name, content), *_ = files
    name = _unlike(_judge_room(), uploads.my(f"model {safe_name(file_name)}"), files)
    own_models.bring(name, content, dataset)
    return name


def _judge_room() -> dict:
    """The viewer's models and predictions by name. Raises Refused where one more is too many."""
    held = own_models.arriving() | uploads.models()
    if len(held) >= MAX_UPLOADED_PREDICTIONS:
        found = f"You hold {len(held)} models or sets of predictions"
        raise Refused(f"{found}; at most {MAX_UPLOADED_PREDICTIONS} are kept, so remove one first.")
    return held


def _take_images(files: list[File], progress: Progress) -> str:
    held = uploads.data()
    if len(held) >= MAX_UPLOADED_DATASETS:
        found = f"You hold {len(held)} data sets"
        raise Refused(f"{found}; at most {MAX_UPLOADED_DATASETS} are kept, so remove one first.")
    several_idx = len(files) > 1 and idx_part(files[0][0]) is not None
    called = "IDX files" if several_idx else safe_name(files[0][0])
    name = _unlike(held, uploads.my(called), files)
    found = every_reading(lambda: read_uploads(files, name, progress))
    if len(found) > 1:
        uploads.ask_reading(name, found)
    else:
        uploads.add_dataset(name, *found.values())
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
    held = uploads.data() if choice == "data" else uploads.models()
    if isinstance(came, Refused):
        st.error(f"Nothing was taken. {plain(str(came))}")
        if came.lines:
            st.code("\n".join(came.lines), language=None)
    elif came in held:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.success(f"Taken as {plain(came)}. Choose it in the sidebar, or here:")
            st.button(
                "Open it now", key=f"{field}_open", on_click=url_state.reset, kwargs={choice: came}
            )


def held_data() -> None:
    """A line for each dataset held, with a button to let it go."""
    for name, dataset in list(uploads.data().items()):
        with st.container(horizontal=True, vertical_alignment="center"):
            n = numbers.count(len(dataset.training) + len(dataset.testing), "image")
            st.markdown(f"**{plain(name)}**: {n}", width="stretch")
            st.button("Remove", key=f"data_drop_{name}", on_click=uploads.remove, args=(name,))


def held_models(dataset: Dataset) -> None:
    """A line for each set of predictions held: how good it is, and a button to let it go."""
    for name, evaluation in list(uploads.models().items()):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(name)}**: {_said(evaluation, dataset)}", width="stretch")
            st.button("Remove", key=f"data_remove_{name}", on_click=uploads.remove, args=(name,))
        if evaluation.classifier.done:
            st.caption("\n".join(f"- {plain(sentence)}" for sentence in evaluation.classifier.done))
        for sentence in evaluation.classifier.warnings:
            st.warning(plain(sentence))
        own_model.change_form(name, evaluation.classifier)


def _said(evaluation: Evaluation, dataset: Dataset) -> str:
    about = numbers.headline(evaluation)
    if not evaluation.classifier.has_scores:
        about += ". Without scores there are no margins and no ranks"
    if evaluation.dataset.key != dataset.key:
        about += f". It belongs to other data, {plain(evaluation.dataset.name)}"
    return f"{about}."
