"""The tabs below the answer: its reasons one by one, and how the picture was prepared."""

import hashlib

import numpy as np
import streamlit as st

from dashboard import text
from dashboard.charting.palette import Palette
from dashboard.services import evaluations
from dashboard.session import url_state
from dashboard.views import any_model, explanation
from dashboard.views.classify import feedback, preprocessing
from dashboard.views.classify.all_models import every_model
from dashboard.views.classify.answer import Answered
from dashboard.views.classify.image_input import Given
from dashboard.views.classify.what_if import what_if
from dashboard.widgets.panel import panel
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import NEAREST
from engine.inference.classify import Reference
from engine.inference.prediction import Answer
from engine.inference.rejection import farthest

NAMES = ("Why", "Preparation", "What if", "Nearest images", "Flip", "Every model", "Score")
NEAREST_FIRST = ("Nearest images", *(name for name in NAMES if name != "Nearest images"))
"""Of a model that compares with training images, which are its reasons."""
SHARED = ("Preparation", "What if", "Nearest images", "Every model", "Score")


def tabs(shown: Answered, evaluation: Evaluation, measures: Reference, palette: Palette) -> None:
    """All tabs, of which the open one is drawn; without an answer only the preparation."""
    found, image = shown.classification.prediction, shown.classification.prepared.image
    if shown.asked is None:
        _preparation(shown, evaluation, measures)
        return
    names = NAMES if NEAREST not in evaluation.table else NEAREST_FIRST
    url_state.reset_unless("classify_tab", lambda name: name in names, names[0])
    drawn = st.tabs(names, key="classify_tab", on_change="rerun", bind="query-params")
    by_name = dict(zip(names, drawn, strict=True))
    preparation, changed, near, models, scored = (by_name[name] for name in SHARED)
    # always run: Streamlit forgets the choice of a widget that is not drawn
    with preparation, panel("Preparation"):
        _preparation(shown, evaluation, measures)
    other = shown.asked if shown.asked != found.digit else found.order[1].item()
    if by_name["Why"].open:
        with by_name["Why"], panel("Why"):
            if evaluation.explains:
                explanation.why(image, evaluation, found.digit, other, palette, say=True)
            else:
                any_model.why(image, evaluation, other, palette, "classify")
    if changed.open:
        with changed:  # a fragment, with a panel of its own
            what_if(evaluation, image, found, palette)
    if near.open:
        with near, panel("Nearest images"):
            _nearest_images(shown.given, image, found, evaluation, palette)
    if by_name["Flip"].open:
        with by_name["Flip"], panel("Flip"):
            if evaluation.explains:
                explanation.flip(image, evaluation, found.digit, other, palette)
            else:
                any_model.flip(image, evaluation, palette)
    if models.open:
        with models, panel("Every model"):
            every_model(evaluation, image, shown.asked)
    if scored.open:
        with scored, panel("Score"):
            feedback.board()


def _nearest_images(
    given: Given, image: np.ndarray, found: Answer, evaluation: Evaluation, palette: Palette
) -> None:
    """The nearest training images, and those of the class it was, once that is known."""
    name = f"own {hashlib.sha256(image.tobytes()).hexdigest()}"
    table = evaluations.nearest_images(evaluation, name, image, explanation.NEIGHBOURS)
    nearest = table[table["overall"] <= explanation.NEIGHBOURS]["label"]
    said = None if given.true is not None else st.session_state.get(feedback.TRUE)
    st.markdown(text.prediction.neighbours(nearest, found.digit, said))
    if said is None:
        explanation.neighbours(image, name, evaluation, given.true, palette)
    else:  # a viewer's word is no label that could be wrong
        explanation.neighbours(image, name, evaluation, said, palette, labelled=False)


def _preparation(shown: Answered, evaluation: Evaluation, measures: Reference) -> None:
    """The steps to switch, what each did, and the rules with their limits."""
    if shown.given.true is None:
        preprocessing.choose_steps(bool(shown.given.strokes))
    steps = shown.classification.prepared.steps
    preprocessing.rules(
        measures.form, farthest(evaluation), measures.outliers, measures.shapes, steps, evaluation
    )
