"""What one viewer brought and what was fitted on it: held by the session, counted server-wide.

Nothing here is in a cache that viewers share or on the disk, so that it is gone with the session,
or as soon as the viewer removes it.
"""

import contextlib

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.server import health_log
from dashboard.server.gc_freeze import freeze_again
from dashboard.server.memory import BUDGET
from dashboard.session import keys
from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.external_predictions import NAME_PREFIX
from engine.report.words import count
from engine.runtime.errors import Refused
from engine.runtime.limits import (
    MAX_KEPT_RUNS,
    MAX_UPLOADED_DATASETS,
)

MINE = "My "  # begins the name of what a viewer brought or trained

health_log.now_and_then(freeze_again)  # what is removed may have been frozen while it was here


class Derived(dict):
    """What was computed from one dataset, by name; can be referred to weakly."""


def my(name: str) -> str:
    """What this viewer's own dataset or model of that name is called on the screen."""
    return f"{MINE}{name}"


def is_private(name: str) -> bool:
    """Whether the name, perhaps of a link, is of something that stays in its viewer's visit."""
    return name.startswith((MINE, NAME_PREFIX))


def data() -> dict[str, Dataset]:
    """The datasets this viewer brought, by name."""
    return st.session_state.get(keys.DATASETS, {})


def models() -> dict[str, Evaluation]:
    """The predictions and the models in files that this viewer brought, by name."""
    return st.session_state.get(keys.PREDICTIONS, {})


def runs() -> dict[str, Evaluation]:
    """What came of this viewer's earlier trainings, by name."""
    return st.session_state.get(keys.RUNS, {})


def keep_run() -> None:
    """Keeps what came of the last training, before the next takes its place."""
    last = st.session_state.pop(keys.TRAINED, None)
    if last is not None:
        with contextlib.suppress(Refused):  # no room: the earlier ones stay
            add_run(last)


def add_run(evaluation: Evaluation) -> str:
    """Adds trained templates to the earlier trainings, of which the oldest may go; their name.

    Raises Refused when the server holds too much.
    """
    BUDGET.take(evaluation, evaluation.nbytes)
    kept = st.session_state.setdefault(keys.RUNS, {})
    number = max((int(name.rsplit(" ", 1)[1]) for name in kept), default=0) + 1
    name = f"{my('templates')} {number}"
    kept[name] = evaluation
    while len(kept) > MAX_KEPT_RUNS:
        kept.pop(next(iter(kept)))
    return name


def derived(dataset: Dataset) -> Derived | None:
    """What was computed from ``dataset``, by name; None when they are not this viewer's own."""
    name = next((name for name, one in data().items() if one is dataset), None)
    if name is None:
        return None
    return st.session_state.setdefault(keys.DERIVED, {}).setdefault(name, Derived())


def any_held() -> bool:
    """Whether there is anything that ends with the visit: data, predictions, a training."""
    return bool(
        data()
        or models()
        or st.session_state.get(keys.ARRIVING)
        or {keys.TRAINING, keys.TRAINED, keys.RUNS} & st.session_state.keys()
    )


def add_dataset(name: str, dataset: Dataset, nbytes: int | None = None) -> None:
    """Keeps a dataset for this session. Raises Refused when the server holds too much.

    ``nbytes`` is what it takes, where others hold some of its arrays anyhow.
    """
    BUDGET.take(dataset, dataset.nbytes if nbytes is None else nbytes)
    st.session_state.setdefault(keys.DATASETS, {})[name] = dataset


def put_dataset(name: str, dataset: Dataset, nbytes: int) -> None:
    """`add_dataset` in place of the one of that name, if there is one.

    Raises Refused also when this viewer holds as many as may be.
    """
    if name not in data() and len(data()) >= MAX_UPLOADED_DATASETS:
        found = f"You hold {count(len(data()), 'data set')}"
        raise Refused(f"{found}; at most {MAX_UPLOADED_DATASETS} are kept: remove one first.")
    if name in data():
        remove(name)
    add_dataset(name, dataset, nbytes)


def add_model(name: str, evaluation: Evaluation) -> None:
    """Keeps a judged model, or predictions and the attributes beside them, likewise."""
    BUDGET.take(evaluation, evaluation.nbytes)
    st.session_state.setdefault(keys.PREDICTIONS, {})[name] = evaluation


def ask_reading(name: str, found: dict[str, Dataset]) -> None:
    """Keeps the ways in which a file can be read until one is taken. Raises Refused likewise."""
    for dataset in found.values():
        BUDGET.take(dataset, dataset.nbytes)
    st.session_state[keys.READINGS] = name, found


def readings() -> tuple[str, dict[str, Dataset]] | None:
    """The name of the file that waits for an answer, and what it is in each way; or None."""
    return st.session_state.get(keys.READINGS)


def take_reading(way: str) -> None:
    """Keeps the dataset that the file is in that way, and forgets the others."""
    name, found = st.session_state.pop(keys.READINGS)
    st.session_state[keys.LET_GO] = True
    st.session_state.setdefault(keys.DATASETS, {})[name] = found[way]  # counted already


def remove(name: str) -> None:
    """Forgets the dataset or the predictions of that name, and all that came of them."""
    st.session_state[keys.LET_GO] = True
    if name in (st.session_state.get("data"), st.session_state.get("model")):
        st.session_state[keys.REMOVED] = name
    gone = data().get(name)
    for what in (keys.DATASETS, keys.DERIVED):
        st.session_state.get(what, {}).pop(name, None)
    for other in [n for n, held in models().items() if n == name or held.dataset is gone]:
        _close(models().pop(other))
    arriving = st.session_state.get(keys.ARRIVING, {})
    for other in [n for n, one in arriving.items() if n == name or one.dataset is gone]:
        del arriving[other]  # which ends its work
    if gone is not None:
        _forget_training(gone)


def _close(evaluation: Evaluation) -> None:
    """Ends the process of a model in a file."""
    if hasattr(evaluation.classifier, "close"):
        evaluation.classifier.close()


def _forget_training(gone: Dataset) -> None:
    """The training on these data, which may be under way, and the templates it made."""
    state = st.session_state
    if keys.TRAINING in state and state[keys.TRAINING].key == gone.key:
        state.pop(keys.TRAINING).job.stop()
    if keys.TRAINED in state and state[keys.TRAINED].dataset.key == gone.key:
        state.pop(keys.TRAINED)
    for name in [name for name, run in runs().items() if run.dataset.key == gone.key]:
        runs().pop(name)


def release() -> None:
    """For the beginning of a page: frees the memory of what was let go.

    Streamlit keeps the callback of every widget a visit has seen, and with it the whole page as it
    was, with its data. Widgets that are drawn again bring their callbacks anew.
    """
    if st.session_state.pop(keys.LET_GO, False):
        # A private place: where an update has moved it, the end of the visit frees the memory.
        with contextlib.suppress(AttributeError):
            state = get_script_run_ctx().session_state._state
            state._new_widget_state.widget_metadata.clear()
