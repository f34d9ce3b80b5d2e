"""What does the classifier make of a picture of yours, and why?"""

import streamlit as st

from dashboard.services import datasets
from dashboard.session import url_state
from dashboard.views import dataset_and_model
from dashboard.views.classify import image_input, tabs
from dashboard.views.classify.answer import answer
from dashboard.widgets import inputs, link_notice, sharing
from dashboard.widgets.panel import panel

asked = link_notice.asked_for(*image_input.DEFAULTS, "classify_tab")
evaluation = dataset_and_model.open_evaluation_for_others()
palette = inputs.theme()
url_state.restore(**image_input.DEFAULTS)
url_state.restore(classify_tab=tabs.NAMES[0])
measures = datasets.reference(evaluation.dataset)

with panel("Your digit"):
    source = image_input.choose_source()
    left, right = st.columns([1, 2.1], gap="large")
    with left:
        given = image_input.take(source, evaluation.dataset, palette)
    with right:
        shown = answer(source, given, evaluation, measures, palette)
    if shown is not None:
        tabs.tabs(shown, evaluation, measures, palette)
link_notice.say_what_was_ignored(asked, st.session_state)
url_state.remember(*image_input.DEFAULTS, "classify_tab")
sharing.link_here("A picture of your own stays here; the link has none.")
