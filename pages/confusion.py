"""What is taken for what, and how sure is each rate?"""

import streamlit as st

from dashboard import cached, controls, filters, gallery, memory, opening, say, sharing, words
from dashboard.charts import answers, confusion
from dashboard.drawing import draw, sent
from dashboard.names import as_text
from dashboard.panels import panel
from engine import evaluation
from engine.digits import noun as noun_of
from engine.selection import ANY, Filters, ordered

SHOW = {"Counts": "count", "% of true": "true", "% of predicted": "predicted"}
ORDER = ("digit", "errors", "similarity")
SHOWN_AT_ONCE = 12
SIDES = ("true", "predicted")
BELOW = ("Most confused pairs", "Where they go", "Every image", "As a table")  # after each class
DEFAULTS = {"cells": "Counts", "order": "digit", "errors_only": False, "log": False}


def take_cell(key: str) -> None:
    """A click on a cell, a label or a bar becomes the choice of both digits."""
    picked = st.session_state[key]["selection"].get("cell")
    if picked:
        st.session_state.update({side: str(picked[0].get(side, ANY)) for side in SIDES})


def matrix_key(matrix: dict, chosen: tuple[str, str]) -> str:
    """The chart's key: a new one, and so a new chart, when it may hold a click that is not chosen.

    Otherwise a click on that cell would be no change, and count for nothing.
    """
    state = st.session_state
    if state.get("matrix_holds") != (id(matrix), chosen):
        state["matrix_turn"] = state.get("matrix_turn", 0) + 1
    state["matrix_holds"] = id(matrix), chosen
    return f"matrix_{state['matrix_turn']}"


def take_from_matrix() -> None:
    """A click in the matrix, which then holds what is chosen."""
    take_cell(f"matrix_{st.session_state['matrix_turn']}")
    now = tuple(st.session_state[side] for side in SIDES)
    st.session_state["matrix_holds"] = st.session_state["matrix_holds"][0], now


def take_pair() -> None:
    """A click on a row of the list of pairs does the same."""
    rows = st.session_state["pairs"]["selection"]["rows"]
    if rows:
        pair = evaluation.most_confused(study.counts, study.classes).iloc[rows[0]]
        st.session_state.update({side: str(pair[side]) for side in SIDES})


def take_nothing() -> None:
    memory.reset(true=ANY, predicted=ANY)


def to_errors(image: int | None = None) -> None:
    """Opens the errors page on what is chosen here: the cell, or else all errors."""
    chosen = {side: st.session_state[side] for side in SIDES}
    answers = "wrong" if set(chosen.values()) == {ANY} and image is None else "all"
    rest = {
        "rank": ANY,
        "margin": None,
        "page": 1,
        "sort": "most wrong",
        "image": None if image is None else float(image),
    }
    memory.go("errors", **chosen, answers=answers, **rest)


def take_mark() -> None:
    """A click on one image's mark opens that image."""
    marks = st.session_state["strips"]["selection"].get("image")
    if marks:
        to_errors(int(marks[0]["index"]))


asked = opening.asked_for(*DEFAULTS, *SIDES)
study = opening.open_study()
palette, noun = controls.theme(), noun_of(study.classes)
said = cached.of_study(study, say.matrix.summary)
memory.restore(**DEFAULTS)
memory.restore(**dict.fromkeys(SIDES, ANY))
digits = [ANY, *map(str, study.classes)]

st.markdown(f"{words.headline(study.n_right, study.n_images)}. {said.sink}")

with st.container(horizontal=True, vertical_alignment="bottom"):
    shown = st.segmented_control(
        "Cells show",
        list(SHOW),
        default=DEFAULTS["cells"],
        required=True,
        key="cells",
        bind="query-params",
    )
    order = st.segmented_control(
        "Order by",
        ORDER,
        default=DEFAULTS["order"],
        required=True,
        # No function of this page: Streamlit would keep it, and with it all that the page holds.
        format_func=({by: by for by in ORDER} | {"digit": noun}).get,
        key="order",
        bind="query-params",
    )
    hide = st.toggle("Hide the diagonal", key="errors_only", bind="query-params")
    log = st.toggle("Log colour", key="log", bind="query-params")

memory.remember(*DEFAULTS)


@st.fragment
def cells() -> None:
    """The matrix and the images of its cell; a click runs this part of the page only."""
    if "go_to" in st.session_state:
        st.rerun()  # an opened image leads to another page, which this part alone cannot open
    left, right = st.columns([11, 9], gap="large")
    chosen = tuple(filters.chosen(side, digits, ANY) for side in SIDES)
    with right:  # before the matrix, which takes longest: a click is answered by its images
        with panel("The choice of a cell"):
            choose(chosen)
        with panel("The images of the cell"):
            images(chosen)
    with left, panel("The matrix"):
        matrix(chosen)


def choose(chosen: tuple[str, str]) -> None:
    """Both sides of the cell, each option with what it would leave."""
    counts = cached.of_study(study, filters.counts, Filters(*chosen, answers="all"))
    with st.container(horizontal=True):
        for side, label in zip(SIDES, (f"True {noun}", "Predicted"), strict=True):
            filters.pick(label, side, digits, counts[side])
        st.button("Clear", on_click=take_nothing, disabled=chosen == (ANY, ANY), type="tertiary")
    memory.remember(*SIDES)
    filters.say_what_was_ignored(asked, st.session_state)


def images(chosen: tuple[str, str]) -> None:
    """What the cell is in a sentence, and its images; the worst errors until one is chosen."""
    any_cell = chosen == (ANY, ANY)
    rows = study.table[Filters(*chosen, answers="wrong" if any_cell else "all").mask(study.table)]
    if any_cell:
        st.caption(f"Until a cell is chosen: the errors farthest from their true {noun}.")
    else:
        st.markdown(say.matrix.group(study.counts, study.classes, *chosen))
    if rows.empty:
        st.info(f"No test image is {'wrong' if any_cell else 'in this cell'}.")
        return
    gallery.gallery(
        ordered(rows, "most wrong").head(SHOWN_AT_ONCE),
        study.digits.testing,
        palette,
        key="confusion_gallery",
        label="Test images of the chosen cell",
        on_open=to_errors,
        by="margin" if rows["right"].all() else "gap",
    )
    number = "The image" if len(rows) == 1 else f"All {len(rows):,} images"
    st.button(
        f"{number} on the errors page",
        icon=":material/arrow_forward:",
        type="tertiary",
        on_click=to_errors,
    )


def matrix(chosen: tuple[str, str]) -> None:
    """The matrix with the cell outlined; it stays when another one is chosen."""
    spec = cached.chart(
        confusion.matrix_chart,
        study.counts,
        study.classes,
        evaluation.class_order(study.counts, order),
        SHOW[shown],
        hide,
        log,
        palette,
        of=study.digits,
    )
    draw(
        spec,
        tables=sent(confusion.chosen_cells(chosen, study.classes)),
        key=matrix_key(spec, chosen),
        on_select=take_from_matrix,
        alt=f"Confusion matrix. {words.headline(study.n_right, study.n_images)}. "
        f"{as_text(said.sink)} 'As a table' has the same figures.",
    )


cells()

tabs = (f"Per {noun}", *BELOW)
memory.restore(below=tabs[0])
memory.reset_unless("below", lambda tab: tab in tabs, tabs[0])  # of digits, and these are classes
per_digit, pairs, bars, strips, as_table = st.tabs(
    tabs, key="below", on_change="rerun", bind="query-params"
)
memory.remember("below")
if per_digit.open:
    with per_digit, panel(tabs[0]):
        draw(
            cached.chart(answers.rates_chart, study.scores, palette, of=study.digits),
            alt=f"Recall and precision of each {noun}. {as_text(said.best_and_worst)}",
        )
        rates = [name for name in study.scores if name.split()[0] in ("recall", "precision", "F1")]
        scores = study.scores.rename(columns={"digit": noun})
        controls.table(
            scores, f"Precision, recall, F1 and support of each {noun}, with 95 % intervals", rates
        )
        controls.csv_button(scores, f"digitscope-per-{noun}.csv")
if pairs.open:
    with pairs, panel("Most confused pairs"):
        confused = evaluation.most_confused(study.counts, study.classes)
        if confused.empty:
            st.info("No test image is wrong, so no two are confused.")
        else:
            st.caption("Choose a row to see its images above.")
            controls.table(
                confused,
                "Every confusion that happens, the most frequent first, with both shares",
                ("share of true", "share of predicted"),
                height=400,
                key="pairs",
                on_select=take_pair,
                selection_mode="single-row",
            )
            controls.csv_button(confused, "digitscope-pairs.csv")
if bars.open:
    with bars, panel("Where they go"):
        draw(
            cached.chart(
                answers.destinations_chart,
                confusion.matrix_table(study.counts, study.classes),
                palette,
                of=study.digits,
            ),
            key="destinations",
            on_select=lambda: take_cell("destinations"),
            alt=f"Of each true {noun}, the share that is answered by each. {as_text(said.sink)}",
        )
if strips.open:
    with strips, panel("Every image"):
        draw(
            answers.strips_chart(study.table, palette),
            key="strips",
            on_select=take_mark,
            alt=f"One strip a {noun} with a mark for every test image, placed by its margin. "
            f"{words.headline(study.n_right, study.n_images)}.",
        )
if as_table.open:
    with as_table, panel("As a table"):
        frame = evaluation.matrix_frame(study.counts, study.classes)
        controls.table(frame, f"The confusion matrix: true {noun} down, predicted across")
        controls.csv_button(frame.reset_index(), "digitscope-matrix.csv")

sharing.link_here()
