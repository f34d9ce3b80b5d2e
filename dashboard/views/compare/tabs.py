"""The tabs below: the change of each class, the difference of the matrices, and all models."""

import streamlit as st

from dashboard import text
from dashboard.charting import comparison as comparison_charts
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.services import charts
from dashboard.session import url_state
from dashboard.text import numbers
from dashboard.text.markdown import as_text
from dashboard.views import every_model
from dashboard.views.compare.choice import Compared
from dashboard.widgets import clicks, filters, inputs
from dashboard.widgets.tabs import draw_tabs
from dashboard.widgets.ways import way
from engine.datasets.dataset import class_noun as noun_of
from engine.evaluation import comparison
from engine.evaluation.risk_coverage import MODEL_SHARES, model_table
from engine.io.numbers import PER_CENT, percent

POINTS = {"change": "points", "low": "points low", "high": "points high"}  # as the table has them


def tabs(shown: Compared, palette: Palette) -> None:
    """All tabs; only the open one is drawn."""
    views = {
        f"Per {noun_of(shown.before.classes)}": _per_class,
        "Difference of the matrices": _difference,
        "All models": _all_models,
    }
    if shown.before.is_sample:  # there is no other model
        del views["All models"]
    draw_tabs("compare_tab", views, shown, palette)


def _per_class(shown: Compared, palette: Palette) -> None:
    class_noun = noun_of(shown.before.classes)
    changes = comparison.changes_by_digit(shown.counted)
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
            comparison.matrix_difference(shown.counted, classes),
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
    table = model_table(every_model.judged(shown.before, shown.first))
    draw(
        comparison_charts.accuracy_chart(table, palette),
        alt="The accuracy of each model, the best first: "
        + ", ".join(f"{row.model} {percent(row.accuracy, 1)}" for row in table.itertuples()),
    )
    images = numbers.count(shown.before.n_images, "test image")
    inputs.table(table, f"All models on the {images} compared", MODEL_SHARES, least=2)
    inputs.csv_button(table, "digitscope-models.csv")
    way("How right each is where it is surest", "trust", trust_tab="Answer or abstain")
