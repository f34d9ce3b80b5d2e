"""What does the classifier make of your own digit, and why?"""

import streamlit as st

from dashboard import answers, cached, controls, opening, reasons, score, sources
from dashboard.sources import Given
from dashboard.whatif import what_if
from engine.answer import Answer, answer, farthest
from engine.preparation import Prepared
from engine.scorecard import Entry

st.title("Classify your own digit")
study = opening.open_study()
palette = controls.theme()
form = cached.form(study.digits)
UNKNOWN = -1  # what a digit was, until the viewer says so


@st.fragment
def desk() -> None:
    """The pad, the answer and its reasons; what happens here runs this part of the page only."""
    source = sources.choose_source()
    left, right = st.columns([1, 2.1], gap="large")
    with left:
        given = sources.take(source, study.digits, palette)
    with right:
        if not given:
            answers.invite(source, study, palette)
            return
        one = answers.choose_among(given, study, form, palette)
        if one.problem:
            answers.refuse(one)
            return
        prepared = answers.ready(one, form)
        found = answer(study, prepared.image)
        asked = answers.card(study, one, prepared, found, palette)
        if len(prepared.steps) > 1:
            reasons.strip(prepared.steps, one.is_ink, palette)
        if asked is not None and one.true is None:
            now = (
                prepared.image,
                one.source,
                study.model.label,
                found.digit,
                UNKNOWN,
                found.margin,
            )
            score.ask(Entry(*now), study.classes)
    panels(one, prepared, found, asked)


def panels(one: Given, prepared: Prepared, found: Answer, asked: int | None) -> None:
    """The reasons, one tab each; without an answer only how the picture was prepared."""
    image = prepared.image
    if asked is None:
        prepare_panel(one, prepared)
        return
    names = ("Why", "Preparation", "What if", "Nearest images", "Flip", "Every model", "Score")
    tabs = st.tabs(names, key="classify_tab", on_change="rerun", bind="query-params")
    why, preparation, changed, near, flip, models, scored = tabs
    with preparation:  # always run: Streamlit forgets the choice of a widget that is not drawn
        prepare_panel(one, prepared)
    if why.open:
        with why:
            reasons.why(study, image, found, asked, palette)
    if changed.open:
        with changed:
            what_if(study, image, found, palette)
    if near.open:
        with near:
            reasons.neighbours(study, image, found, asked, palette)
    if flip.open:
        with flip:
            reasons.flip(study, image, found, asked, palette)
    if models.open:
        with models:
            reasons.every_model(study, image, asked)
    if scored.open:
        with scored:
            score.board()


def prepare_panel(one: Given, prepared: Prepared) -> None:
    """The steps to switch, what each did, and the rules with their limits."""
    if one.true is None:
        reasons.choose_steps()
    reasons.rules(form, farthest(study), prepared.steps)


desk()
