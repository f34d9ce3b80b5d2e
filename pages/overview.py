"""How good is this classifier, and where does it fail first?"""

import streamlit as st

from dashboard import text
from dashboard.services import evaluations
from dashboard.views import annotations, dataset_and_model, overview
from dashboard.widgets import inputs, sharing
from dashboard.widgets.panel import panel

evaluation = dataset_and_model.open_evaluation()
palette = inputs.theme()
said = evaluations.of_evaluation(evaluation, text.confusion_matrix.summary)

with panel("Your marks of the last visit"):
    annotations.offer(evaluation.table, evaluation.dataset)
with panel("The figures"):
    overview.figures(evaluation, said)
left, right = st.columns([3, 2], gap="large")
if evaluation.has_templates:
    with left, panel("The templates"):
        overview.templates(evaluation, palette)
with left, panel("How often each digit is recognised"):
    overview.recalls(evaluation, said, palette)
with right, panel("Why this accuracy?"):
    overview.why_this_accuracy(evaluation, said)
sharing.link_here()
