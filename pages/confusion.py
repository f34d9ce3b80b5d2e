"""What is taken for what, and how sure is each rate?"""

import streamlit as st

from dashboard import text
from dashboard.charting import confusion_matrix, destinations
from dashboard.charting.render import draw, sent
from dashboard.components import gallery
from dashboard.services import charts, evaluations
from dashboard.session import url_state
from dashboard.text import numbers
from dashboard.text.markdown import as_text
from dashboard.views import dataset_and_model
from dashboard.widgets import clicks, filters, inputs, sharing
from dashboard.widgets.panel import panel
from engine.datasets.dataset import class_noun as noun_of
from engine.evaluation import metrics
from engine.evaluation.filters import ANY, Filters, ordered

SHOW = {"Counts": "count", "% of true": "true", "% of predicted": "predicted"}
ORDER = ("digit", "errors", "similarity")
SHOWN_AT_ONCE = 12
SIDES = ("true", "predicted")
BELOW = ("Most confused pairs", "Where they go", "Every image", "As a table")  # after each class
DEFAULTS = {"cells": "Counts", "order": "digit", "errors_only": False, "log": False}


LISTS = ("matrix", "pairs", "destinations")  # each shows the choice, and a click in it changes it


def take(name: str, pair: dict[str, object]) -> None:
    """A click on a cell, a label, a bar or a row becomes the choice of both classes."""
    clicks.take(name, **{side: str(pair.get(side, ANY)) for side in SIDES})


def take_cell(name: str) -> None:
    """A click in the matrix or on a bar."""
    cell = clicks.picked(name, "cell")
    if cell:
        take(name, cell)


def take_pair() -> None:
    """A click on a row of the list of pairs; on the same row again it lets the choice go."""
    row = clicks.picked_row("pairs")
    pairs = metrics.most_confused(evaluation.counts, evaluation.classes)
    # Side by side: a row of the whole table would turn 1 to 1.0.
    take("pairs", {} if row is None else {side: pairs[side].iloc[row] for side in SIDES})


def take_nothing() -> None:
    url_state.reset(true=ANY, predicted=ANY)


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
    url_state.go("errors", **chosen, answers=answers, **rest)


def take_mark() -> None:
    """A click on one image's mark opens that image."""
    marks = st.session_state["strips"]["selection"].get("image")
    if marks:
        to_errors(int(marks[0]["index"]))


asked = dataset_and_model.asked_for(*DEFAULTS, *SIDES)
evaluation = dataset_and_model.open_evaluation()
palette, class_noun = inputs.theme(), noun_of(evaluation.classes)
said = evaluations.of_evaluation(evaluation, text.confusion_matrix.summary)
url_state.restore(**DEFAULTS)
url_state.restore(**dict.fromkeys(SIDES, ANY))
dataset = [ANY, *map(str, evaluation.classes)]

st.markdown(f"{numbers.headline(evaluation.n_right, evaluation.n_images)}. {said.sink}")

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
        format_func=({by: by for by in ORDER} | {"digit": class_noun}).get,
        key="order",
        bind="query-params",
    )
    hide = st.toggle("Hide the diagonal", key="errors_only", bind="query-params")
    log = st.toggle("Log colour", key="log", bind="query-params")

url_state.remember(*DEFAULTS)


@st.fragment
def cells() -> None:
    """The matrix and the images of its cell; a click runs this part of the page only."""
    if "go_to" in st.session_state:
        st.rerun()  # an opened image leads to another page, which this part alone cannot open
    left, right = st.columns([11, 9], gap="large")
    chosen = tuple(filters.chosen(side, dataset, ANY) for side in SIDES)
    stale = [name for name in LISTS if clicks.renewed(name, chosen)]  # each is asked
    if stale:
        st.rerun()  # some of them stand outside this part
    with right:  # before the matrix, which takes longest: a click is answered by its images
        with panel("The choice of a cell"):
            choose(chosen)
        with panel("The images of the cell"):
            images(chosen)
    with left, panel("The matrix"):
        matrix(chosen)


def choose(chosen: tuple[str, str]) -> None:
    """Both sides of the cell, each option with what it would leave."""
    counts = evaluations.of_evaluation(evaluation, filters.counts, Filters(*chosen, answers="all"))
    with st.container(horizontal=True):
        for side, label in zip(SIDES, (f"True {class_noun}", "Predicted"), strict=True):
            filters.pick(label, side, dataset, counts[side])
        st.button("Clear", on_click=take_nothing, disabled=chosen == (ANY, ANY), type="tertiary")
    url_state.remember(*SIDES)
    filters.say_what_was_ignored(asked, st.session_state)


def images(chosen: tuple[str, str]) -> None:
    """What the cell is in a sentence, and its images; the worst errors until one is chosen."""
    any_cell = chosen == (ANY, ANY)
    rows = evaluation.table[
        Filters(*chosen, answers="wrong" if any_cell else "all").mask(evaluation.table)
    ]
    if any_cell:
        st.caption(f"Until a cell is chosen: the errors farthest from their true {class_noun}.")
    else:
        st.markdown(text.confusion_matrix.group(evaluation.counts, evaluation.classes, *chosen))
    if rows.empty:
        st.info(f"No test image is {'wrong' if any_cell else 'in this cell'}.")
        return
    gallery.gallery(
        ordered(rows, "most wrong").head(SHOWN_AT_ONCE),
        evaluation.dataset.testing,
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
    spec = charts.chart(
        confusion_matrix.matrix_chart,
        evaluation.counts,
        evaluation.classes,
        metrics.class_order(evaluation.counts, order),
        SHOW[shown],
        hide,
        log,
        palette,
        of=evaluation.dataset,
    )
    if st.session_state.get("matrix_drawn") != id(spec):  # a new matrix holds no click
        clicks.renew("matrix")
        st.session_state["matrix_drawn"] = id(spec)
    draw(
        spec,
        tables=sent(confusion_matrix.chosen_cells(chosen, evaluation.classes)),
        key=clicks.key_of("matrix"),
        on_select=lambda: take_cell("matrix"),
        alt=f"Confusion matrix. {numbers.headline(evaluation.n_right, evaluation.n_images)}. "
        f"{as_text(said.sink)} 'As a table' has the same figures.",
    )


cells()

tabs = (f"Per {class_noun}", *BELOW)
url_state.restore(below=tabs[0])
url_state.reset_unless(
    "below", lambda tab: tab in tabs, tabs[0]
)  # of digits, and these are classes
per_digit, pairs, bars, strips, as_table = st.tabs(
    tabs, key="below", on_change="rerun", bind="query-params"
)
url_state.remember("below")
if per_digit.open:
    with per_digit, panel(tabs[0]):
        draw(
            charts.chart(
                destinations.rates_chart, evaluation.scores, palette, of=evaluation.dataset
            ),
            alt=f"Recall and precision of each {class_noun}. {as_text(said.best_and_worst)}",
        )
        rates = [
            name for name in evaluation.scores if name.split()[0] in ("recall", "precision", "F1")
        ]
        scores = evaluation.scores.rename(columns={"digit": class_noun})
        inputs.table(
            scores,
            f"Precision, recall, F1 and support of each {class_noun}, with 95 % intervals",
            rates,
        )
        inputs.csv_button(scores, f"digitscope-per-{class_noun}.csv")
if pairs.open:
    with pairs, panel("Most confused pairs"):
        confused = metrics.most_confused(evaluation.counts, evaluation.classes)
        if confused.empty:
            st.info("No test image is wrong, so no two are confused.")
        else:
            st.caption("Choose a row to see its images above.")
            inputs.table(
                confused,
                "Every confusion that happens, the most frequent first, with both shares",
                ("share of true", "share of predicted"),
                height=400,
                key=clicks.key_of("pairs"),
                on_select=take_pair,
                selection_mode="single-row",
            )
            inputs.csv_button(confused, "digitscope-pairs.csv")
if bars.open:
    with bars, panel("Where they go"):
        draw(
            charts.chart(
                destinations.destinations_chart,
                confusion_matrix.matrix_table(evaluation.counts, evaluation.classes),
                palette,
                of=evaluation.dataset,
            ),
            key=clicks.key_of("destinations"),
            on_select=lambda: take_cell("destinations"),
            alt=f"Of each true {class_noun}, the share that is answered by each. "
            f"{as_text(said.sink)}",
        )
if strips.open:
    with strips, panel("Every image"):
        draw(
            destinations.strips_chart(evaluation.table, palette),
            key="strips",
            on_select=take_mark,
            alt=f"One strip a {class_noun} with a mark for every test image, placed by its margin. "
            f"{numbers.headline(evaluation.n_right, evaluation.n_images)}.",
        )
if as_table.open:
    with as_table, panel("As a table"):
        frame = metrics.matrix_frame(evaluation.counts, evaluation.classes)
        inputs.table(frame, f"The confusion matrix: true {class_noun} down, predicted across")
        inputs.csv_button(frame.reset_index(), "digitscope-matrix.csv")

sharing.link_here()
