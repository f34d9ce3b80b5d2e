"""The recipe of a training, and the buttons that start, pause, resume and stop it."""

import weakref

import numpy as np
import streamlit as st

from dashboard.session import keys, uploads, url_state
from dashboard.session.training_session import TrainingSession
from dashboard.widgets import inputs, link_notice
from engine.datasets.dataset import Dataset
from engine.models.learned_templates import Recipe, learn
from engine.runtime.limits import MAX_EPOCHS
from engine.runtime.training_jobs import Status, Training
from engine.runtime.turns import Busy

BOOK = Recipe()
RATES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0]
BATCHES = [16, 32, 64, 128, 256, 512]
SCALES = [25, 50, 100, 200, 300, 400, 800]
DEFAULTS = {
    "epochs": BOOK.epochs,
    "rate": BOOK.rate,
    "images": BOOK.batch,
    "scale": int(BOOK.scale),
    "shuffle": float(BOOK.seed),
}


def recipe() -> Recipe:
    """The recipe chosen, held in the link; every choice is from a list or a whole number."""
    asked = link_notice.asked_for(*DEFAULTS)
    url_state.restore(**DEFAULTS)
    epochs = st.slider("Epochs", 1, MAX_EPOCHS, BOOK.epochs, key="epochs", bind="query-params")
    rate = st.select_slider(
        "Learning rate at the start", RATES, BOOK.rate, key="rate", bind="query-params"
    )
    batch = st.select_slider(
        "Images in a mini-batch", BATCHES, BOOK.batch, key="images", bind="query-params"
    )
    with st.popover("Scale and seed"):
        scale = st.select_slider(
            "Scale of the distances", SCALES, int(BOOK.scale), key="scale", bind="query-params",
            help="Distances are small, 0 to 1; the scale says how sure a difference makes.",
        )  # fmt: skip
        seed = inputs.whole_number("Seed of the shuffling", 0, 2**31 - 1, BOOK.seed, "shuffle")
    link_notice.say_what_was_ignored(asked, st.session_state)
    url_state.remember(*DEFAULTS)
    return Recipe(int(epochs), float(rate), int(batch), float(scale), BOOK.momentum, seed)


def buttons(dataset: Dataset, recipe: Recipe) -> Training | None:
    """Start, pause, resume and stop; gives this viewer's training on these digits, if any."""
    state = st.session_state
    held: TrainingSession | None = state.get(keys.TRAINING)
    training = held.job if held and held.key == dataset.key else None
    row = st.container(horizontal=True)
    active = training is not None and training.active
    paused = active and training.status is Status.PAUSED
    if not active:
        row.button(
            "Train",
            icon=":material/play_arrow:",
            key="train",
            on_click=_start,
            args=(dataset, recipe),
        )
    elif paused:
        row.button("Resume", icon=":material/play_arrow:", key="resume", on_click=training.resume)
    else:
        row.button("Pause", icon=":material/pause:", key="pause", on_click=training.pause)
    if (refused := state.pop(keys.TRAINING_REFUSED, None)) is not None:
        st.info(f"Nothing is trained: {refused}.")
    if active:
        row.button("Stop", icon=":material/stop:", key="stop", on_click=training.stop)
    return training


def _start(dataset: Dataset, recipe: Recipe) -> None:
    """A new training in a thread of its own, in place of this viewer's last one."""
    held = st.session_state.get(keys.TRAINING)
    if held:
        held.job.stop()
    uploads.keep_run()
    split = dataset.training
    classes, places = np.unique(split.labels, return_inverse=True)
    looks = learn(split.images.reshape(len(split), -1), places, recipe)
    try:
        job = Training(looks)
    except Busy as busy:
        st.session_state[keys.TRAINING_REFUSED] = str(busy)
        return
    training = TrainingSession(dataset.key, job, recipe, classes)
    weakref.finalize(training, job.stop)  # with the visit, or the next training
    st.session_state[keys.TRAINING] = training
