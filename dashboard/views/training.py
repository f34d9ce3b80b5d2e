"""The training page's parts: the recipe, the buttons, the live view and the judgement."""

import numpy as np
import streamlit as st

from dashboard import text
from dashboard.charting import per_class
from dashboard.charting import training as training_charts
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.server.gc_freeze import freeze_imports
from dashboard.services import charts
from dashboard.session import uploads, url_state
from dashboard.session.training_session import TrainingSession
from dashboard.text.markdown import as_text
from dashboard.widgets import image_grid, inputs
from dashboard.widgets.panel import panel
from engine.datasets.dataset import Dataset, class_noun
from engine.evaluation.evaluation import Evaluation, judge
from engine.io.numbers import percent
from engine.models.learned_templates import LearnedTemplates, Recipe, learn
from engine.models.registry import MODELS, Model
from engine.runtime.limits import MAX_CONCURRENT_TRAININGS, MAX_EPOCHS
from engine.runtime.training_jobs import Training

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
STATUS = {
    "waiting": f"Waiting: {MAX_CONCURRENT_TRAININGS} trainings run at once on this server",
    "running": "Training",
    "paused": "Paused",
    "stopped": "Stopped; what was learned so far stays",
    "finished": "Finished",
    "failed": "This training failed; the reason is in the server's log",
}


def recipe() -> Recipe:
    """The recipe chosen, held in the link; every choice is from a list or a whole number."""
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
    url_state.remember(*DEFAULTS)
    return Recipe(int(epochs), float(rate), int(batch), float(scale), BOOK.momentum, seed)


def buttons(dataset: Dataset, recipe: Recipe) -> Training | None:
    """Start, pause, resume and stop; gives this viewer's training on these digits, if any."""
    state = st.session_state
    held: TrainingSession | None = state.get(uploads.TRAINING)
    training = held.job if held and held.key == dataset.key else None
    row = st.container(horizontal=True)
    active = training is not None and training.active
    paused = active and training.status == "paused"
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
    if active:
        row.button("Stop", icon=":material/stop:", key="stop", on_click=training.stop)
    return training


def _start(dataset: Dataset, recipe: Recipe) -> None:
    """A new training in a thread of its own, in place of this viewer's last one."""
    held = st.session_state.get(uploads.TRAINING)
    if held:
        held.job.stop()
    split = dataset.training
    classes, places = np.unique(split.labels, return_inverse=True)
    looks = learn(split.images.reshape(len(split), -1), places, recipe)
    st.session_state[uploads.TRAINING] = TrainingSession(
        dataset.key, Training(looks), recipe, classes
    )
    st.session_state.pop(uploads.TRAINED, None)


def judged(training: Training, dataset: Dataset) -> Evaluation:
    """What was learned, judged on the test images once and kept as this viewer's own model."""
    state = st.session_state
    made = state.get(uploads.TRAINED)
    if made is None or made.dataset.key != dataset.key:
        held = state[uploads.TRAINING]
        last = training.looks[-1].templates
        classifier = LearnedTemplates.holding(held.recipe, held.classes, last)
        model = Model("Templates learned here", MODELS["L1 learned"].rule, LearnedTemplates)
        made = state[uploads.TRAINED] = judge(dataset, model, classifier)
        st.rerun()  # the sidebar, already drawn, can offer them now
    return made


def watch(training: Training | None, before: Evaluation, palette: Palette) -> None:
    """The training as it runs, refreshed twice a second until it ends; others wait for nothing."""
    refreshing = 0.5 if training is not None and training.active else None
    st.fragment(_live, run_every=refreshing)(training, before, palette)


def _live(training: Training | None, before: Evaluation, palette: Palette) -> None:
    with panel("The training"):
        _show(training, before, palette)
    freeze_imports()  # torch, which whoever trains has just loaded


def _show(training: Training | None, before: Evaluation, palette: Palette) -> None:
    ended, called = training is None or not training.active, class_noun(before.classes)
    looks = list(training.looks) if training else []
    _say_how_far(training, looks)
    if training is None:
        draw(
            charts.chart(
                per_class.rate_bars,
                before.scores,
                "recall",
                "Recall of the mean templates",
                palette,
                before.n_right / before.n_images,
                of=before.dataset,
            ),
            alt=f"Recall of each {called} before training. "
            f"{as_text(text.confusion_matrix.best_and_worst(before.scores))}",
        )
    if looks:
        table = training_charts.looks_table(looks)
        epochs = st.session_state[uploads.TRAINING].recipe.epochs
        loss, accuracy = st.columns(2)
        draw(
            training_charts.loss_chart(table, epochs, palette),
            loss,
            alt=f"Cross-entropy by epoch, {len(looks) - 1} looks so far",
        )
        draw(
            training_charts.accuracy_chart(table, epochs, palette),
            accuracy,
            alt=f"Accuracy on held-out images by epoch: {percent(table['Accuracy'].iloc[0], 1)} "
            f"at the start, {percent(table['Accuracy'].iloc[-1], 1)} now",
        )
    _templates("Before: the mean images", before.templates, before.classes, palette)
    if looks:
        now = looks[-1].templates.reshape(before.templates.shape)
        _templates("Now" if not ended else "After", now, before.classes, palette)
    if ended and training is not None and st.session_state.get("seen_ended") is not training:
        st.session_state["seen_ended"] = training
        st.rerun()


def _say_how_far(training: Training | None, looks: list) -> None:
    if training is None:
        st.markdown(
            "Nothing is trained yet. The recipe offered was chosen on held-out training images."
        )
        return
    if not looks:
        st.progress(0.0, text=STATUS[training.status])
        return
    last = looks[-1]
    so_far = f"{percent(last.accuracy, 1)} of the held-out images are right"
    text = f"{STATUS[training.status]}: {last.step:,} of {last.steps:,} mini-batches, {so_far}"
    st.progress(last.step / last.steps, text=text)


def _templates(name: str, templates: np.ndarray, classes: np.ndarray, palette: Palette) -> None:
    st.caption(name)
    alts = [f"{name}, template of {digit}" for digit in classes]
    names = [str(digit) for digit in classes]
    st.html(image_grid.grid(templates, names, alts, palette, least_px=44))
