"""The confusion matrix beside the images of its chosen cell."""

from typing import NamedTuple

import streamlit as st

from dashboard import text
from dashboard.charting import confusion_matrix
from dashboard.charting.render import draw, sent
from dashboard.components import gallery
from dashboard.services import charts, evaluations
from dashboard.session import keys, url_state
from dashboard.text import numbers
from dashboard.text.markdown import as_text
from dashboard.views.confusion.choice import LISTS, SIDES, take_cell, take_nothing, to_errors
from dashboard.widgets import clicks, filters, inputs, link_notice
from dashboard.widgets.panel import panel
from engine.datasets.dataset import class_noun as noun_of
from engine.evaluation import metrics
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.filters import ANY, Filters, n_chosen, ordered

SHOW = {"Counts": "count", "% of true": "true", "% of predicted": "predicted"}
ORDER = tuple(order.value for order in metrics.Order)
ORDER_HELP = (
    "Errors: the classes with most errors first. Similarity: classes that are often taken for each "
    "other side by side."
)
SHOWN_AT_ONCE = 12
DEFAULTS = {"cells": "Counts", "order": "digit", "errors_only": False, "log": False}


class Look(NamedTuple):
    """How the matrix is drawn: what its cells show, the order of the classes, and two switches."""

    shown: str  # of SHOW
    order: str  # of ORDER
    hide_diagonal: bool
    log_color: bool


def controls(class_noun: str) -> Look:
    """The row of controls above the matrix."""
    url_state.restore(**DEFAULTS)
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
            # No closure: Streamlit would keep it, and with it all that this function holds.
            # As they are written here, so they are in links.
            format_func=({by: by for by in ORDER} | {"digit": class_noun}).get,
            help=ORDER_HELP,
            key="order",
            bind="query-params",
        )
        hide = st.toggle("Hide the diagonal", key="errors_only", bind="query-params")
        log = st.toggle("Log colour", key="log", bind="query-params")
    url_state.remember(*DEFAULTS)
    return Look(shown, order, hide, log)


@st.fragment
def cells(evaluation: Evaluation, look: Look, asked: dict[str, str]) -> None:
    """The matrix and the images of its cell; a click runs this part of the page only.

    ``asked`` is what the link said when the page was opened.
    """
    if keys.GO_TO in st.session_state:
        st.rerun()  # an opened image leads to another page, which this part alone cannot open
    left, right = st.columns([11, 9], gap="large")
    options = [ANY, *map(str, evaluation.classes)]
    chosen = tuple(filters.chosen(side, options, ANY) for side in SIDES)
    stale = [name for name in LISTS if clicks.renewed(name, chosen)]  # each is asked
    if stale:
        st.rerun()  # some of them stand outside this part
    above = right.container(key="cell_choice")
    with right, panel("The images of the cell"):  # first: a click is answered by its images
        _images(evaluation, chosen)
    with above, panel("The choice of a cell"):
        _choose(evaluation, chosen, options)
        link_notice.say_what_was_ignored(asked, st.session_state)
    with left, panel("The matrix"):
        _matrix(evaluation, look, chosen)


def _choose(evaluation: Evaluation, chosen: tuple[str, str], options: list[str]) -> None:
    """Both sides of the cell, each option with what it would leave."""
    counts = evaluations.of_evaluation(evaluation, filters.counts, Filters(*chosen, answers="all"))
    with st.container(horizontal=True):
        for side, label in zip(
            SIDES, (f"True {noun_of(evaluation.classes)}", "Predicted"), strict=True
        ):
            filters.pick(label, side, options, counts[side])
        st.button("Clear", on_click=take_nothing, disabled=chosen == (ANY, ANY), type="tertiary")
    url_state.remember(*SIDES)


def _images(evaluation: Evaluation, chosen: tuple[str, str]) -> None:
    """What the cell is in a sentence, and its images; the worst errors until one is chosen."""
    any_cell = chosen == (ANY, ANY)
    chosen_now = Filters(*chosen, answers="wrong" if any_cell else "all")
    rows = evaluation.table[chosen_now.mask(evaluation.table)]
    if any_cell:
        noun = noun_of(evaluation.classes)
        worst = f"the errors farthest from their true {noun}"
        first = worst if evaluation.scored else "the first errors in the test set"
        st.caption(f"Until a cell is chosen: {first}.")
    else:
        st.markdown(text.confusion_matrix.group(evaluation.counts, evaluation.classes, *chosen))
    if rows.empty:
        st.info(f"No test image is {'wrong' if any_cell else 'in this cell'}.")
        return
    gallery.gallery(
        ordered(rows, "most wrong").head(SHOWN_AT_ONCE),
        evaluation.dataset.testing,
        inputs.theme(),
        key="confusion_gallery",
        label="Test images of the chosen cell",
        on_open=to_errors,
        by="margin" if rows["right"].all() else "gap",
        unit=evaluation.unit,
        among=text.images.among(evaluation.is_sample),
    )
    number = "The image" if len(rows) == 1 else f"All {len(rows):,} images"
    if evaluation.is_sample:
        of = n_chosen(evaluation.counted, chosen_now)
        number = f"{len(rows):,} of {numbers.count(of, 'image')}"
    st.button(
        f"{number} on the errors page",
        icon=":material/arrow_forward:",
        type="tertiary",
        on_click=to_errors,
    )


def _matrix(evaluation: Evaluation, look: Look, chosen: tuple[str, str]) -> None:
    """The matrix with the cell outlined; it stays when another one is chosen."""
    said = evaluations.of_evaluation(evaluation, text.confusion_matrix.summary)
    spec = charts.chart(
        confusion_matrix.matrix_chart,
        evaluation.counts,
        evaluation.classes,
        metrics.class_order(evaluation.counts, look.order),
        SHOW[look.shown],
        look.hide_diagonal,
        look.log_color,
        inputs.theme(),
        of=evaluation.dataset,
    )
    if st.session_state.get(keys.MATRIX_DRAWN) is not spec:  # a new matrix holds no click
        clicks.renew("matrix")
        st.session_state[keys.MATRIX_DRAWN] = spec
    draw(
        spec,
        tables=sent(confusion_matrix.chosen_cells(chosen, evaluation.classes)),
        key=clicks.key_of("matrix"),
        on_select=take_cell,
        alt=f"Confusion matrix. {numbers.headline(evaluation)}. "
        f"{as_text(said.sink)} 'As a table' has the same figures.",
    )
