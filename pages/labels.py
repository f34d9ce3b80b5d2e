"""Which labels are wrong? Suspects one by one, what is decided on them, and the figures after."""

import streamlit as st

from dashboard.views import dataset_and_model
from dashboard.views.labels import outcome, queue
from dashboard.widgets import inputs, link_notice, sharing
from dashboard.widgets.panel import Finished, panel

asked = link_notice.asked_for(*queue.IN_LINK)
evaluation = dataset_and_model.open_whole_evaluation()
palette = inputs.theme()

try:
    found = queue.choose(evaluation)
except Finished:
    found = None
link_notice.say_what_was_ignored(asked, st.session_state)
if found is not None:
    with panel("The suspects"):
        queue.show(found, evaluation, palette)
st.subheader("What is decided")
with panel("The decisions"):
    outcome.show(evaluation)
sharing.link_here()
