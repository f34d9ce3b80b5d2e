"""What does the classifier make of a picture of yours, and why?"""

import hashlib

import numpy as np
import streamlit as st

from dashboard import (
    answers,
    cached,
    controls,
    memory,
    opening,
    preparing,
    reasons,
    say,
    score,
    several,
    sharing,
    sources,
)
from dashboard.every_model import every_model
from dashboard.panels import panel
from dashboard.sources import Given
from dashboard.whatif import what_if
from engine.answer import Answer, answer, farthest
from engine.preparation import Prepared

TABS = ("Why", "Preparation", "What if", "Nearest images", "Flip", "Every model", "Score")

study = opening.open_study_for_others()
palette = controls.theme()
memory.restore(**sources.DEFAULTS)
memory.restore(classify_tab=TABS[0])
form, known = cached.form(study.digits), cached.familiar(study.digits)


def take_and_answer() -> None:
    """The picture, the answer beside it, and the tabs below."""
    source = sources.choose_source()
    left, right = st.columns([1, 2.1], gap="large")
    with left:
        given = sources.take(source, study.digits, palette)
    with right:
        if not given:
            answers.invite(source, study, palette)
            return
        one = several.choose_among(given, study, form, palette)
        if one.problem:
            answers.refuse(one)
            return
        prepared = answers.ready(one, study, form)
        found = answer(study, prepared.image)
        asked = answers.card(study, one, prepared, found, palette)
        if len(prepared.steps) > 1:
            with panel("The steps of preparation"):
                preparing.strip(prepared.steps, one.is_ink, palette)
        if asked is not None and one.true is None:
            with panel("The question what it was"):
                score.ask(prepared.image, one.source, study, found)
    panels(one, prepared, found, asked)


def panels(one: Given, prepared: Prepared, found: Answer, asked: int | None) -> None:
    """The reasons, one tab each; without an answer only how the picture was prepared."""
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
            reasons.why(image, study, found.digit, other, palette)
    if changed.open:
        with changed:  # a fragment, with a panel of its own
            what_if(study, image, found, palette)
    if near.open:
        with near, panel("Nearest images"):
            neighbours(one, image, found)
    if flip.open:
        with flip, panel("Flip"):
            reasons.flip(image, study, found.digit, other, palette)
    if models.open:
        with models, panel("Every model"):
            every_model(study, image, asked)
    if scored.open:
        with scored, panel("Score"):
            score.board()


def neighbours(one: Given, image: np.ndarray, found: Answer) -> None:
    """The nearest training images, and those of the digit it was, once that is known."""
    name = f"own {hashlib.sha256(image.tobytes()).hexdigest()}"
    table = cached.nearest_images(study, name, image, reasons.NEIGHBOURS)
    st.markdown(
        say.answers.neighbours(table[table["overall"] <= reasons.NEIGHBOURS]["label"], found.digit)
    )
    true = one.true if one.true is not None else st.session_state.get(score.TRUE)
    reasons.neighbours(image, name, study, true, palette)


def prepare_panel(one: Given, prepared: Prepared) -> None:
    """The steps to switch, what each did, and the rules with their limits."""
    if one.true is None:
        preparing.choose_steps()
    preparing.rules(form, farthest(study), known, prepared.steps, study.classes)


with panel("Your digit"):
    take_and_answer()
memory.remember(*sources.DEFAULTS, "classify_tab")
sharing.link_here("A picture of your own stays here; the link has none.")
