"""Which of two models is better, by how much, and on which images?"""

import streamlit as st

from dashboard.views import annotations, dataset_and_model, reports
from dashboard.views.compare import choice, groups, tabs
from dashboard.widgets import inputs, link_notice
from dashboard.widgets.panel import Finished, panel

asked = link_notice.asked_for(*choice.IN_LINK)
before = dataset_and_model.open_evaluation()
palette = inputs.theme()
annotations.offer(before.table, before.dataset)
shown = choice.choose(before)
link_notice.say_what_was_ignored(asked, st.session_state)
if shown.rows.empty:
    st.info("No test image fits these filters. Clear them, or let one of them go, to see more.")
    raise Finished

choice.result(shown)
with panel("The four groups"):
    groups.counts(shown)
groups.images(shown, palette)
tabs.tabs(shown, palette)
with panel("The downloads"):
    reports.of_comparison(shown)
