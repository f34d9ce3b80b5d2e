"""What do the wrong ones look like, and what was each of them close to?"""

import streamlit as st

from dashboard import text
from dashboard.session import url_state
from dashboard.views import annotations, dataset_and_model, errors, reports
from dashboard.views.selection import DEFAULTS, select
from dashboard.widgets import filters, inputs, link_notice
from dashboard.widgets.panel import Finished, panel
from engine.datasets.dataset import class_noun

notice = st.empty()
asked = link_notice.asked_for(*filters.ALL_NAMES, *DEFAULTS)
evaluation = dataset_and_model.open_evaluation()
table, images = evaluation.table, evaluation.dataset.testing
url_state.restore(**DEFAULTS)
url_state.reset_unless("image", lambda index: index is None or index < len(images), None)

annotations.offer(table, evaluation.dataset)
selection = select(evaluation)
rows, per_page = selection.rows, selection.per_page
noun = class_noun(evaluation.classes)
st.markdown(text.images.selection(selection.n, evaluation.n_images, selection.chosen, noun))
if few := text.dataset.here(len(rows), selection.n):
    st.caption(few)
if rows.empty:
    st.info("No test image fits these filters. Clear them, or let one of them go, to see more.")
    raise Finished

left, right = st.columns([3, 2], gap="large")
n_pages = -(-len(rows) // per_page)
url_state.reset_unless("page", lambda page: page <= n_pages, 1)
page = left.pagination(n_pages, key="page", bind="query-params") if n_pages > 1 else 1
visible = rows.iloc[(page - 1) * per_page : page * per_page]
with right:
    wanted = inputs.whole_number(
        text.images.index_label(evaluation.is_sample),
        0,
        len(images) - 1,
        None,
        "image",
        placeholder="the first one shown",
    )
url_state.remember("page", "image", "against")
with notice:
    link_notice.say_what_was_ignored(asked, st.session_state)
with right:
    row = errors.chosen_row(wanted, visible, table)
with left, panel("The images"):
    errors.images(selection, visible, int(row["index"]), evaluation)
place = None
with right.container(key=errors.OPENED), panel("The chosen image"):
    place = errors.chosen_image(row, selection, evaluation)
errors.reasons(row, evaluation)
with panel("Your marks"):
    annotations.marks_panel(table, evaluation.dataset)
with panel("The downloads"):
    reports.of_errors(selection, row, evaluation)
with panel("How probable the answer is"):
    errors.probability(place, row, evaluation)
