"""The tabs below the confusion matrix: the same counts in other forms."""

import functools

import streamlit as st

from dashboard import text
from dashboard.charting import confusion_matrix, destinations
from dashboard.charting.render import draw
from dashboard.services import charts, evaluations
from dashboard.text import numbers
from dashboard.text.markdown import as_text
from dashboard.views.confusion.choice import take_bar, take_mark, take_pair
from dashboard.widgets import clicks, inputs
from dashboard.widgets.tabs import draw_tabs
from engine.datasets.dataset import class_noun as noun_of
from engine.evaluation import metrics
from engine.evaluation.evaluation import Evaluation

RATES = ("recall", "precision", "F1")


def tabs(evaluation: Evaluation) -> None:
    """All tabs; only the open one is drawn."""
    views = {
        f"Per {noun_of(evaluation.classes)}": _per_class,
        "Most confused pairs": _pairs,
        "Where they go": _destinations,
        "Every image": _every_image,
        "As a table": _as_table,
    }
    if evaluation.is_sample:  # a mark for each of those here would show other shares than there are
        del views["Every image"]
    draw_tabs("below", views, evaluation)


def _per_class(evaluation: Evaluation) -> None:
    class_noun = noun_of(evaluation.classes)
    said = evaluations.of_evaluation(evaluation, text.confusion_matrix.summary)
    draw(
        charts.chart(
            destinations.rates_chart, evaluation.scores, inputs.theme(), of=evaluation.dataset
        ),
        alt=f"Recall and precision of each {class_noun}. {as_text(said.best_and_worst)}",
    )
    scores = evaluation.scores.rename(columns={"digit": class_noun})
    inputs.table(
        scores,
        f"Precision, recall, F1 and support of each {class_noun}, with 95 % intervals",
        [name for name in evaluation.scores if name.split()[0] in RATES],
    )
    inputs.csv_button(scores, f"digitscope-per-{class_noun}.csv")


def _pairs(evaluation: Evaluation) -> None:
    confused = metrics.most_confused(evaluation.counts, evaluation.classes)
    if confused.empty:
        st.info("No test image is wrong, so no two are confused.")
        return
    st.caption("Choose a row to see its images above.")
    inputs.table(
        confused,
        "Every confusion that happens, the most frequent first, with both shares",
        ("share of true", "share of predicted"),
        height=400,
        key=clicks.key_of("pairs"),
        on_select=functools.partial(take_pair, confused),
        selection_mode="single-row",
    )
    inputs.csv_button(confused, "digitscope-pairs.csv")


def _destinations(evaluation: Evaluation) -> None:
    said = evaluations.of_evaluation(evaluation, text.confusion_matrix.summary)
    draw(
        charts.chart(
            destinations.destinations_chart,
            confusion_matrix.matrix_table(evaluation.counts, evaluation.classes),
            inputs.theme(),
            of=evaluation.dataset,
        ),
        key=clicks.key_of("destinations"),
        on_select=take_bar,
        alt=f"Of each true {noun_of(evaluation.classes)}, the share that is answered by each. "
        f"{as_text(said.sink)}",
    )


def _every_image(evaluation: Evaluation) -> None:
    draw(
        destinations.strips_chart(evaluation.table, inputs.theme()),
        key="strips",
        on_select=take_mark,
        alt=f"One strip a {noun_of(evaluation.classes)} with a mark for every test image, placed "
        f"by its margin. {numbers.headline(evaluation)}.",
    )


def _as_table(evaluation: Evaluation) -> None:
    frame = metrics.matrix_frame(evaluation.counts, evaluation.classes)
    class_noun = noun_of(evaluation.classes)
    inputs.table(
        frame,
        f"The confusion matrix: true {class_noun} down, predicted across",
        height=min(38 + 36 * len(frame), 640),  # its last row has the sums
    )
    inputs.csv_button(frame.reset_index(), "digitscope-matrix.csv")
