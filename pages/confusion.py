"""Which digits are taken for which, and how sure is each rate?"""

import streamlit as st

from dashboard import controls, filters, gallery, opening, words
from dashboard.charts import answers, confusion
from engine import evaluation
from engine.export import csv_bytes
from engine.selection import ANY, Filters, option_counts, ordered

SHOW = {"Counts": "count", "% of true": "true", "% of predicted": "predicted"}
ORDER = ("digit", "errors", "similarity")
SHOWN_AT_ONCE = 12
SIDES = ("true", "predicted")


def take_cell(key: str) -> None:
    """A click on a cell, a label or a bar becomes the choice of both digits."""
    picked = st.session_state[key]["selection"].get("cell")
    if picked:
        st.session_state.update({side: str(picked[0].get(side, ANY)) for side in SIDES})


def take_pair() -> None:
    """A click on a row of the list of pairs does the same."""
    rows = st.session_state["pairs"]["selection"]["rows"]
    if rows:
        pair = evaluation.most_confused(study.counts, study.classes).iloc[rows[0]]
        st.session_state.update({side: str(pair[side]) for side in SIDES})


def take_image(index: int) -> None:
    st.session_state["opened"] = index


st.title("Which digits are taken for which?")
study = opening.open_study()
palette = controls.theme()
digits = [ANY, *map(str, study.classes)]

if "opened" in st.session_state:  # a picture on this page was clicked: on to its reasons
    image = str(st.session_state.pop("opened"))
    st.switch_page(
        "../pages/errors.py", query_params=opening.link_params(image=image, answers="all")
    )

st.markdown(f"{words.headline(study.n_right, study.n_images)}. {words.sink(study.scores)}")

with st.container(horizontal=True, vertical_alignment="bottom"):
    shown = st.segmented_control(
        "Cells show", list(SHOW), default="Counts", required=True, key="cells", bind="query-params"
    )
    order = st.segmented_control(
        "Order by", ORDER, default="digit", required=True, key="order", bind="query-params"
    )
    hide = st.toggle("Hide the diagonal", key="errors_only", bind="query-params")
    log = st.toggle("Log colour", key="log", bind="query-params")

left, right = st.columns([11, 9], gap="large")
chosen = tuple(filters.chosen(side, digits, ANY) for side in SIDES)
with left:
    key = f"matrix_{'_'.join(chosen)}"  # a new chart a choice, so that a second click counts too
    st.altair_chart(
        confusion.matrix_chart(
            study.counts,
            study.classes,
            evaluation.class_order(study.counts, order),
            SHOW[shown],
            hide,
            log,
            chosen,
            palette,
        ),
        key=key,
        on_select=lambda: take_cell(key),
        alt=f"Confusion matrix. {words.headline(study.n_right, study.n_images)}. "
        f"{words.sink(study.scores)} The table under 'As a table' has the same figures.",
    )
with right:
    bar = st.container(horizontal=True)
    everything = Filters(chosen[0], chosen[1], answers="all")
    with bar:
        for side, label in zip(SIDES, ("True digit", "Predicted"), strict=True):
            counts = option_counts(study.table, everything, side)
            filters.pick(label, side, digits, counts)
        st.button("Clear", on_click=filters.clear, disabled=chosen == (ANY, ANY), type="tertiary")
    st.markdown(words.group(study.counts, study.classes, *chosen))
    rows = ordered(study.table[everything.mask(study.table)], "most wrong")
    if chosen == (ANY, ANY):
        rows = ordered(study.table[~study.table["right"]], "most wrong")
        st.caption("Until a cell is chosen: the errors farthest from their true digit.")
    if rows.empty:
        st.info("No test image is in this cell.")
    else:
        gallery.gallery(
            rows.head(SHOWN_AT_ONCE),
            study.digits.testing,
            palette,
            key="confusion_gallery",
            label="Test images of the chosen cell",
            on_open=take_image,
        )
        st.page_link(
            "../pages/errors.py",
            label=f"All {words.count(len(rows), 'image')} on the errors page",
            icon=":material/arrow_forward:",
            query_params=opening.link_params(
                true=chosen[0],
                predicted=chosen[1],
                answers="wrong" if chosen == (ANY, ANY) else "all",
                sort="most wrong",
            ),
        )

per_digit, pairs, bars, strips, as_table = st.tabs(
    ["Per digit", "Most confused pairs", "Where they go", "Every image", "As a table"],
    key="below",
    on_change="rerun",
    bind="query-params",
)
percent = st.column_config.NumberColumn(format="percent")
if per_digit.open:
    with per_digit:
        st.altair_chart(
            answers.rates_chart(study.scores, palette),
            alt=f"Recall and precision of each digit. {words.best_and_worst(study.scores)}",
        )
        rates = [name for name in study.scores if name.split()[0] in ("recall", "precision", "F1")]
        st.dataframe(
            study.scores,
            hide_index=True,
            column_config=dict.fromkeys(rates, percent),
            alt="Precision, recall, F1 and support of each digit, with 95 % intervals",
        )
        st.download_button(
            "Download as CSV", csv_bytes(study.scores), "digitscope-per-digit.csv", "text/csv"
        )
if pairs.open:
    with pairs:
        confused = evaluation.most_confused(study.counts, study.classes)
        if confused.empty:
            st.info("No test image is wrong, so no two digits are confused.")
        else:
            st.caption("Choose a row to see its images above.")
            st.dataframe(
                confused,
                hide_index=True,
                height=400,
                key="pairs",
                on_select=take_pair,
                selection_mode="single-row",
                column_config={"share of true": percent, "share of predicted": percent},
                alt="Every confusion that happens, the most frequent first, with both shares",
            )
            st.download_button(
                "Download as CSV", csv_bytes(confused), "digitscope-pairs.csv", "text/csv"
            )
if bars.open:
    with bars:
        st.altair_chart(
            answers.destinations_chart(
                confusion.matrix_table(study.counts, study.classes), palette
            ),
            key="destinations",
            on_select=lambda: take_cell("destinations"),
            alt="Of each true digit, the share that is answered by each digit. "
            f"{words.sink(study.scores)}",
        )
if strips.open:
    with strips:
        event = st.altair_chart(
            answers.strips_chart(study.table, palette),
            key="strips",
            on_select="rerun",
            alt="One strip a digit with a mark for every test image, placed by its margin. "
            f"{words.headline(study.n_right, study.n_images)}.",
        )
        marks = event["selection"].get("image")
        if marks:
            take_image(int(marks[0]["index"]))
            st.rerun()
if as_table.open:
    with as_table:
        matrix = evaluation.matrix_frame(study.counts, study.classes)
        st.dataframe(matrix, alt="The confusion matrix: true digit down, predicted digit across")
        st.download_button(
            "Download as CSV",
            csv_bytes(matrix.reset_index()),
            "digitscope-matrix.csv",
            "text/csv",
        )
