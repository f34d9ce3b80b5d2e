"""What is in a template, and why do some win too often?"""

import streamlit as st

from dashboard import text
from dashboard.services import evaluations
from dashboard.session.viewer_models import name_of
from dashboard.text.markdown import plain
from dashboard.views import dataset_and_model, templates
from dashboard.widgets import inputs, sharing
from dashboard.widgets.panel import panel
from engine.models.registry import MODELS

evaluation = dataset_and_model.open_evaluation()
palette = inputs.theme()
own = evaluation.has_templates  # else others stand in, whose predictions are not the model's
if not own:
    label = plain(name_of(evaluation))
    say = text.images.own_templates if evaluation.explains else text.images.no_templates
    st.info(say(label))
    evaluation = evaluations.evaluation(evaluation.dataset, next(iter(MODELS)))
    st.markdown("Below are the mean images of the training set.")

with panel("The templates"):
    templates.all_templates(evaluation, palette)
templates.bias(evaluation, own, palette)
st.subheader("Two templates, pixel by pixel")
first, second = templates.choose_two(evaluation.classes)
with panel("Two templates, pixel by pixel"):
    templates.two_templates(evaluation, first, second, palette)
st.subheader("How far the templates are from each other")
with panel("How far the templates are from each other"):
    templates.distances(evaluation, palette)
sharing.link_here()
