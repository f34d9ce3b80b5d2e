"""What do the wrong ones look like, and what was each of them close to?"""

import streamlit as st

from dashboard import text
from dashboard.charting import per_class
from dashboard.charting.render import draw
from dashboard.components import gallery
from dashboard.services import charts
from dashboard.session import url_state
from dashboard.text.markdown import plain
from dashboard.views import annotations, dataset_and_model, explanation
from dashboard.widgets import filters, image_grid, inputs, sharing
from dashboard.widgets.panel import Finished, panel
from engine.datasets.dataset import class_noun
from engine.evaluation.filters import SORTS, number_for, ordered

PER_PAGE = (24, 48, 96)
REASONS = ("Pixel by pixel", "The smallest change", "Nearest training images")
ORDER = {"sort": next(iter(SORTS)), "per_page": PER_PAGE[0], "order_seed": 0}
DEFAULTS = ORDER | {
    "page": 1,
    "image": None,
    "against": None,
}


def open_image(index: int) -> None:
    """Shows that image, and the page of the gallery it is on."""
    st.session_state["image"] = float(index)
    place = rows["index"].tolist().index(index) if index in set(rows["index"]) else None
    if place is not None:
        st.session_state["page"] = place // per_page + 1


notice = st.empty()
asked = dataset_and_model.asked_for(*filters.ALL_NAMES, *DEFAULTS)
evaluation = dataset_and_model.open_evaluation()
palette = inputs.theme()
url_state.restore(**DEFAULTS)
url_state.reset_unless("image", lambda index: index is None or index < len(evaluation.table), None)

with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = filters.filters(evaluation)
    st.button("Clear filters", on_click=filters.clear, type="tertiary")
    st.button(
        "Compare two models on these",
        key="errors_compare",
        on_click=filters.compare_these,
        type="tertiary",
        icon=":material/compare:",
    )
with st.container(horizontal=True, vertical_alignment="bottom"):
    orders = text.images.sorts(SORTS)
    sort = st.selectbox(
        "Sort by",
        list(SORTS),
        key="sort",
        bind="query-params",
        width=170,
        help=orders,
    )
    per_page = st.selectbox("Per page", PER_PAGE, key="per_page", bind="query-params", width=90)
    seed = 0
    if sort == "random":
        seed = inputs.whole_number("Seed", 0, 9999, 0, "order_seed", width=110)
url_state.remember(*ORDER)

rows = ordered(evaluation.table[chosen.mask(evaluation.table)], sort, seed)
st.markdown(
    text.images.selection(len(rows), len(evaluation.table), chosen, class_noun(evaluation.classes))
)
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
        "Image (index in the test set)",
        0,
        len(evaluation.table) - 1,
        None,
        "image",
        placeholder="the first one shown",
    )
url_state.remember("page", "image", "against")
with notice:
    filters.say_what_was_ignored(asked, st.session_state)
row = visible.iloc[0] if wanted is None else evaluation.table.iloc[wanted]
index, true, predicted = int(row["index"]), row["true"], row["predicted"]
image = evaluation.dataset.testing.images[index]
distances = row[[f"distance to {digit}" for digit in evaluation.classes]].to_numpy(dtype=float)

order_of = distances.argsort(kind="stable")
runner_up = next(str(c) for c in evaluation.classes[order_of] if c != predicted)
rival = str(true) if true != predicted else runner_up
with left, panel("The images"):
    gallery.gallery(
        visible,
        evaluation.dataset.testing,
        palette,
        key="errors_gallery",
        label="Test images that fit the filters",
        on_open=open_image,
        chosen=index,
        marks=annotations.marks_of(evaluation.dataset),
        by=number_for(sort),
    )
with right, panel("The chosen image"):
    order = rows["index"].tolist()
    place = order.index(index) if index in order else -1
    steps = st.container(horizontal=True)
    steps.button(
        "Previous",
        icon=":material/arrow_back:",
        shortcut="Left",
        disabled=place < 1,
        on_click=open_image,
        args=(order[max(place - 1, 0)],),
    )
    steps.button(
        "Next",
        icon=":material/arrow_forward:",
        shortcut="Right",
        disabled=place == len(order) - 1,
        on_click=open_image,
        args=(order[min(place + 1, len(order) - 1)],),
    )
    picture, facts = st.columns(2)
    picture.html(image_grid.grid([image], [""], [gallery.alt_text(row)], palette, most_in_row=1))
    with facts:
        st.markdown(text.images.image(row, evaluation.classes))
        st.text(row["file"])
    if evaluation.explains:
        st.markdown(explanation.reason(image, evaluation, predicted, rival))
    draw(
        charts.chart(
            per_class.distance_bars,
            distances,
            evaluation.classes,
            true,
            predicted,
            evaluation.unit,
            palette,
        ),
        alt=f"Distances of {gallery.alt_text(row)}, to each {class_noun(evaluation.classes)}",
    )
    annotations.mark_image(index, evaluation.dataset)
    st.page_link(
        "../pages/classify.py",
        label="What if it were drawn a little differently?",
        icon=":material/draw:",
        query_params={
            "classify_from": "Data set",
            "classify_index": str(index),
            "classify_tab": "What if",
        },
    )

others = [str(digit) for digit in evaluation.classes if digit != predicted]
heading = st.container()
label = (
    f"Compare {plain(predicted)} with another {class_noun(evaluation.classes)} than {plain(rival)}"
)
url_state.reset_unless("against", lambda name: name is None or name in others, None)
against = inputs.one_of(label, others, "against", bind="query-params")
other = next(digit for digit in evaluation.classes if str(digit) == (against or rival))
heading.subheader(f"Why is test image {index:,} called {plain(predicted)} and not {plain(other)}?")
url_state.restore(reason=REASONS[0])
exact, fewest, near = st.tabs(REASONS, key="reason", on_change="rerun", bind="query-params")
url_state.remember("reason")
if exact.open:
    with exact, panel("Pixel by pixel"):
        explanation.why(image, evaluation, predicted, other, palette)
if fewest.open:
    with fewest, panel("The smallest change"):
        explanation.flip(image, evaluation, predicted, other, palette)
if near.open:
    with near, panel("Nearest training images"):
        explanation.neighbours(image, f"test {index}", evaluation, true, palette)

with panel("Your marks"):
    annotations.marks_panel(evaluation.table, evaluation.dataset)
with panel("The downloads"):
    sharing.downloads(rows, evaluation, chosen, sort)
