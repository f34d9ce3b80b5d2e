"""The training as it runs: how far it is, its curves and its templates."""

import numpy as np
import streamlit as st

from dashboard import text
from dashboard.charting import per_class
from dashboard.charting import training as training_charts
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.server.gc_freeze import freeze_imports
from dashboard.services import charts
from dashboard.session import keys
from dashboard.text.markdown import as_text
from dashboard.widgets import image_grid
from dashboard.widgets.panel import panel
from engine.datasets.dataset import class_noun
from engine.evaluation.evaluation import Evaluation
from engine.io.numbers import percent
from engine.runtime.limits import MAX_CONCURRENT_TRAININGS
from engine.runtime.training_jobs import Status, Training, ahead

STATUS = {
    Status.WAITING: f"Waiting: {MAX_CONCURRENT_TRAININGS} trainings run at once on this server",
    Status.RUNNING: "Training",
    Status.PAUSED: "Paused",
    Status.STOPPED: "Stopped; the templates learned so far are kept",
    Status.FINISHED: "Finished",
    Status.FAILED: "This training failed; the reason is in the server's log",
}


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
        epochs = st.session_state[keys.TRAINING].recipe.epochs
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
    if ended and training is not None and st.session_state.get(keys.SEEN_ENDED) is not training:
        st.session_state[keys.SEEN_ENDED] = training
        st.rerun()


def _say_how_far(training: Training | None, looks: list) -> None:
    if training is None:
        st.markdown(
            "Nothing is trained yet. The recipe offered was chosen on held-out training images."
        )
        return
    if not looks:
        n = ahead(training) if training.status is Status.WAITING else 0
        more = f"; {n} before this one" if n else ""
        st.progress(0.0, text=f"{STATUS[training.status]}{more}")
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
