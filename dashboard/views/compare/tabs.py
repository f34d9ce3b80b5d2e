"""The tabs below: the change of each class, the difference of the matrices, and all models."""

import streamlit as st

from dashboard import text
from dashboard.charting import comparison as comparison_charts
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.services import charts, evaluations
from dashboard.session import url_state, viewer_models
from dashboard.text import numbers
from dashboard.text.markdown import as_text
from dashboard.views import loading
from dashboard.views.compare.choice import Compared
from dashboard.widgets import clicks, filters, inputs
from dashboard.widgets.tabs import draw_tabs
from engine.datasets.dataset import Dataset
from engine.datasets.dataset import class_noun as noun_of
from engine.evaluation import comparison
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.risk_coverage import MODEL_SHARES, model_table, risk_coverage
from engine.io.numbers import PER_CENT, percent
from engine.models.registry import MODELS

POINTS = {"change": "points", "low": "points low", "high": "points high"}  # as the table has them


def tabs(shown: Compared, palette: Palette) -> None:
    """All tabs; only the open one is drawn."""
    views = {
        f"Per {noun_of(shown.before.classes)}": _per_class,
        "Difference of the matrices": _difference,
        "All models": _all_models,
    }
    draw_tabs("compare_tab", views, shown, palette)


def _per_class(shown: Compared, palette: Palette) -> None:
    class_noun = noun_of(shown.before.classes)
    changes = comparison.changes_by_digit(shown.rows)
    draw(
        charts.chart(comparison_charts.change_chart, changes, palette, of=shown.dataset),
        alt=f"Change of each {class_noun}'s recall from {shown.first} to {shown.second}, "
        "in percentage points: " + text.comparison.change_of_each(changes),
    )
    whose = {"right before": f"right: {shown.first}", "right after": f"right: {shown.second}"}
    table = changes.rename(columns=POINTS | whose | {"digit": class_noun})
    table[list(POINTS.values())] *= 100
    st.caption(
        "The change of each recall is in percentage points, with the ends of its "
        f"95{PER_CENT} interval."
    )
    inputs.table(
        table,
        f"Fixed and broken per {class_noun}",
        signed=dict.fromkeys(POINTS.values(), "+.1f"),
    )
    inputs.csv_button(table, "digitscope-changes.csv")


def _difference(shown: Compared, palette: Palette) -> None:
    first, second, classes = shown.first, shown.second, shown.before.classes

    def to_cell() -> None:
        """A click in the difference of the matrices opens what the second model answers so."""
        cell = clicks.picked("difference", "cell")
        if cell:
            clicks.renew("difference")
            url_state.go("errors", **filters.only(model=second, answers="all", **cell))

    draw(
        charts.chart(
            comparison_charts.difference_chart,
            comparison.matrix_difference(shown.rows, classes),
            classes,
            palette,
            of=shown.dataset,
        ),
        key=clicks.key_of("difference"),
        on_select=to_cell,
        alt=f"Confusion matrix of {second} minus that of {first}. "
        + as_text(text.comparison.paired(shown.paired, first, second, shown.chosen.by_answer)),
    )


def _all_models(shown: Compared, palette: Palette) -> None:
    waiting = [name for name in MODELS if not evaluations.ready(shown.dataset, name)]
    if waiting:
        _offer_to_fit(shown.dataset, waiting)
    judged = _judged(shown, waiting)
    curves = {name: risk_coverage(evaluation.table) for name, evaluation in judged.items()}
    table = model_table(judged, curves)
    draw(
        comparison_charts.coverage_chart(curves, palette),
        alt="Accuracy against the share of images kept by margin. All of them: "
        + ", ".join(f"{row.model} {percent(row.accuracy, 1)}" for row in table.itertuples()),
    )
    st.caption(text.comparison.all_models(curves))
    images = numbers.count(shown.before.n_images, "test image")
    inputs.table(table, f"All models on the {images} compared", MODEL_SHARES, least=2)
    inputs.csv_button(table, "digitscope-models.csv")


def _offer_to_fit(dataset: Dataset, waiting: list[str]) -> None:
    st.markdown(f"Not fitted on these data yet: {', '.join(waiting)}.")
    if st.button("Fit them now", key="compare_fit"):
        for name in waiting:
            loading.fitted(dataset, name)
        st.rerun()


def _judged(shown: Compared, waiting: list[str]) -> dict[str, Evaluation]:
    """By name every model that needs no waiting and the viewer's own, on the images compared."""
    ready = [name for name in MODELS if name not in waiting]
    judged = {name: evaluations.evaluation(shown.dataset, name) for name in ready}
    judged |= viewer_models.own_evaluations(shown.dataset)
    if not shown.before.is_partial:
        return judged
    some = {name: one.on(shown.before.table["index"]) for name, one in judged.items()}
    return {name: one for name, one in some.items() if one.n_images}
