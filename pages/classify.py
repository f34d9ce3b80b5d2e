"""What does the classifier make of a picture of yours, and why?"""

import hashlib

import numpy as np
import streamlit as st

from dashboard import text
from dashboard.services import datasets, evaluations
from dashboard.session import url_state
from dashboard.views import dataset_and_model, explanation
from dashboard.views.classify import batch, feedback, image_input, preprocessing, result
from dashboard.views.classify.all_models import every_model
from dashboard.views.classify.image_input import Given
from dashboard.views.classify.what_if import what_if
from dashboard.widgets import inputs, sharing
from dashboard.widgets.panel import panel
from engine.inference.classify import Classification
from engine.inference.prediction import Answer
from engine.inference.rejection import farthest
from engine.preprocessing.pipeline import Prepared

TABS = ("Why", "Preparation", "What if", "Nearest images", "Flip", "Every model", "Score")

evaluation = dataset_and_model.open_evaluation_for_others()
palette = inputs.theme()
url_state.restore(**image_input.DEFAULTS)
url_state.restore(classify_tab=TABS[0])
measures = datasets.reference(evaluation.dataset)


def take_and_answer() -> None:
    """The picture, the answer beside it, and the tabs below."""
    source = image_input.choose_source()
    left, right = st.columns([1, 2.1], gap="large")
    with left:
        given = image_input.take(source, evaluation.dataset, palette)
    with right:
        if not given:
            result.invite(source, evaluation, palette)
            return
        one = batch.choose_among(given, evaluation, measures, palette)
        if one.problem:
            result.refuse(one)
            return
        answered = result.classified(one, evaluation, measures)
        prepared = answered.prepared
        asked = result.card(evaluation, one, answered, palette)
        if len(prepared.steps) > 1:
            with panel("The steps of preparation"):
                preprocessing.strip(prepared.steps, one.is_ink, palette)
        if asked is not None and one.true is None:
            with panel("The question what it was"):
                feedback.ask(prepared.image, one.source, evaluation, answered.prediction)
    panels(one, answered, asked)


def panels(one: Given, answered: Classification, asked: int | None) -> None:
    """The reasons, one tab each; without an answer only how the picture was prepared."""
    prepared, found = answered.prepared, answered.prediction
    image = prepared.image
    if asked is None:
        prepare_panel(one, prepared)
        return
    tabs = st.tabs(TABS, key="classify_tab", on_change="rerun", bind="query-params")
    why, preparation, changed, near, flip, models, scored = tabs
    # always run: Streamlit forgets the choice of a widget that is not drawn
    with preparation, panel("Preparation"):
        prepare_panel(one, prepared)
    other = asked if asked != found.digit else found.order[1].item()
    if why.open:
        with why, panel("Why"):
            explanation.why(image, evaluation, found.digit, other, palette)
    if changed.open:
        with changed:  # a fragment, with a panel of its own
            what_if(evaluation, image, found, palette)
    if near.open:
        with near, panel("Nearest images"):
            neighbours(one, image, found)
    if flip.open:
        with flip, panel("Flip"):
            explanation.flip(image, evaluation, found.digit, other, palette)
    if models.open:
        with models, panel("Every model"):
            every_model(evaluation, image, asked)
    if scored.open:
        with scored, panel("Score"):
            feedback.board()


def neighbours(one: Given, image: np.ndarray, found: Answer) -> None:
    """The nearest training images, and those of the digit it was, once that is known."""
    name = f"own {hashlib.sha256(image.tobytes()).hexdigest()}"
    table = evaluations.nearest_images(evaluation, name, image, explanation.NEIGHBOURS)
    st.markdown(
        text.prediction.neighbours(
            table[table["overall"] <= explanation.NEIGHBOURS]["label"], found.digit
        )
    )
    true = one.true if one.true is not None else st.session_state.get(feedback.TRUE)
    explanation.neighbours(image, name, evaluation, true, palette)


def prepare_panel(one: Given, prepared: Prepared) -> None:
    """The steps to switch, what each did, and the rules with their limits."""
    if one.true is None:
        preprocessing.choose_steps()
    preprocessing.rules(
        measures.form,
        farthest(evaluation),
        measures.outliers,
        prepared.steps,
        evaluation,
    )


with panel("Your digit"):
    take_and_answer()
url_state.remember(*image_input.DEFAULTS, "classify_tab")
sharing.link_here("A picture of your own stays here; the link has none.")
