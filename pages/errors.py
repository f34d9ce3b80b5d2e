"""What do the wrong ones look like, and what was each of them close to?"""

import streamlit as st

from dashboard import (
    cached,
    controls,
    filters,
    gallery,
    memory,
    notes,
    opening,
    pictures,
    reasons,
    say,
    sharing,
)
from dashboard.charts import scores
from dashboard.drawing import draw
from dashboard.names import plain
from dashboard.panels import Finished, panel
from engine.digits import noun
from engine.selection import SORTS, number_for, ordered

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
asked = opening.asked_for(*filters.ALL_NAMES, *DEFAULTS)
study = opening.open_study()
palette = controls.theme()
memory.restore(**DEFAULTS)
memory.reset_unless("image", lambda index: index is None or index < len(study.table), None)

with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = filters.filters(study)
    st.button("Clear filters", on_click=filters.clear, type="tertiary")
    st.button(
        "Compare two models on these",
        key="errors_compare",
        on_click=filters.compare_these,
        type="tertiary",
        icon=":material/compare:",
    )
with st.container(horizontal=True, vertical_alignment="bottom"):
    orders = say.images.sorts(SORTS)
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
        seed = controls.whole_number("Seed", 0, 9999, 0, "order_seed", width=110)
memory.remember(*ORDER)

rows = ordered(study.table[chosen.mask(study.table)], sort, seed)
st.markdown(say.images.selection(len(rows), len(study.table), chosen, noun(study.classes)))
if rows.empty:
    st.info("No test image fits these filters. Clear them, or let one of them go, to see more.")
    raise Finished

left, right = st.columns([3, 2], gap="large")
n_pages = -(-len(rows) // per_page)
memory.reset_unless("page", lambda page: page <= n_pages, 1)
page = left.pagination(n_pages, key="page", bind="query-params") if n_pages > 1 else 1
visible = rows.iloc[(page - 1) * per_page : page * per_page]
with right:
    wanted = controls.whole_number(
        "Image (index in the test set)",
        0,
        len(study.table) - 1,
        None,
        "image",
        placeholder="the first one shown",
    )
memory.remember("page", "image", "against")
with notice:
    filters.say_what_was_ignored(asked, st.session_state)
row = visible.iloc[0] if wanted is None else study.table.iloc[wanted]
index, true, predicted = int(row["index"]), row["true"], row["predicted"]
image = study.digits.testing.images[index]
distances = row[[f"distance to {digit}" for digit in study.classes]].to_numpy(dtype=float)

with left, panel("The images"):
    gallery.gallery(
        visible,
        study.digits.testing,
        palette,
        key="errors_gallery",
        label="Test images that fit the filters",
        on_open=open_image,
        chosen=index,
        marks=notes.marks_of(study.digits),
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
    picture.html(pictures.grid([image], [""], [gallery.alt_text(row)], palette, most_in_row=1))
    with facts:
        st.markdown(say.images.image(row, study.classes))
        st.text(row["file"])
    draw(
        cached.chart(
            scores.distance_bars, distances, study.classes, true, predicted, study.unit, palette
        ),
        alt=f"Distances of {gallery.alt_text(row)}, to each {noun(study.classes)}",
    )
    notes.mark_image(index, study.digits)
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

others = [str(digit) for digit in study.classes if digit != predicted]
runner_up = str(study.classes[distances.argsort(kind="stable")[1]])
rival = str(true) if true != predicted else runner_up
heading = st.container()
label = f"Compare {plain(predicted)} with another {noun(study.classes)} than {plain(rival)}"
memory.reset_unless("against", lambda name: name is None or name in others, None)
against = controls.one_of(label, others, "against", bind="query-params")
other = next(digit for digit in study.classes if str(digit) == (against or rival))
heading.subheader(f"Why is test image {index:,} called {plain(predicted)} and not {plain(other)}?")
memory.restore(reason=REASONS[0])
exact, fewest, near = st.tabs(REASONS, key="reason", on_change="rerun", bind="query-params")
memory.remember("reason")
if exact.open:
    with exact, panel("Pixel by pixel"):
        reasons.why(image, study, predicted, other, palette)
if fewest.open:
    with fewest, panel("The smallest change"):
        reasons.flip(image, study, predicted, other, palette)
if near.open:
    with near, panel("Nearest training images"):
        reasons.neighbours(image, f"test {index}", study, true, palette)

with panel("Your marks"):
    notes.marks_panel(study.table, study.digits)
with panel("The downloads"):
    sharing.downloads(rows, study, chosen, sort)
