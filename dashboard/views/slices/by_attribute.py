"""How often answers are right along one attribute, for the model in hand and perhaps another."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.charting.slices.along import along_chart
from dashboard.services import charts
from dashboard.session import url_state, viewer_models
from dashboard.text.markdown import as_text
from dashboard.text.slices.along import ATTRIBUTES, UNITS, least_and_most
from dashboard.views import loading, shapes
from dashboard.widgets import clicks, filters, inputs
from engine.evaluation.evaluation import Evaluation
from engine.shapes.groups import groups
from engine.slices.along import rates

ALONE = "no other model"
RATES = ("right", "95 % from", "to")
IN_TABLE = {"rate": "right", "low": "95 % from", "high": "to"}


def show(evaluation: Evaluation, palette: Palette) -> None:
    """The choices, what they show in a sentence, the chart, and the same as a table."""
    measured = shapes.attributes(evaluation)
    if measured is None:
        st.info("The shapes could not be measured; the reason is in the server's log.")
        return
    url_state.restore(attribute="thickness", slices_to=ALONE)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        attribute = _attribute(list(measured))
        other = _other(evaluation)
    url_state.remember("attribute", "slices_to")
    table = _rates(attribute, measured[attribute], [evaluation, *other])
    models = tuple(dict.fromkeys(table["model"]))
    said = [least_and_most(attribute, name, table[table["model"] == name]) for name in models]
    st.markdown(" ".join(said))
    _chart(table, attribute, models, evaluation, palette, as_text(" ".join(said)))
    _table(table, attribute, evaluation)


def _attribute(names: list[str]) -> str:
    url_state.reset_unless("attribute", lambda name: name in names, names[0])
    return st.selectbox(
        "Attribute", names, key="attribute", bind="query-params", width=200,
        help=ATTRIBUTES,
    )  # fmt: skip


def _other(evaluation: Evaluation) -> list[Evaluation]:
    """The second model, if one is chosen."""
    dataset, first = evaluation.dataset, viewer_models.name_of(evaluation)
    names = [ALONE, *(name for name in viewer_models.names_on(dataset) if name != first)]
    url_state.reset_unless("slices_to", lambda name: name in names, ALONE)
    name = st.selectbox("Beside it", names, key="slices_to", bind="query-params", width=260)
    return [] if name == ALONE else [loading.named_evaluation(dataset, name)]


def _rates(attribute: str, values: pd.Series, evaluations: list[Evaluation]) -> pd.DataFrame:
    """A row for each model on each group: `engine.slices.along.rates`.

    Two models are judged on the images that both have judged.
    """
    found = groups(values)
    names = text.shapes.group_names(found)
    index = evaluations[0].table["index"]
    right = [one.table.set_index("index")["right"].reindex(index) for one in evaluations]
    judged = np.all([one.notna().to_numpy() for one in right], axis=0)
    tables = [
        rates(found, np.where(judged, one.to_numpy(), np.nan)).assign(
            model=viewer_models.name_of(evaluation),
            group=[name.split(": ", 1)[1] for name in names],
            filter=names,
        )
        for one, evaluation in zip(right, evaluations, strict=True)
    ]
    return pd.concat(tables, ignore_index=True)


def _chart(
    table: pd.DataFrame,
    attribute: str,
    models: tuple[str, ...],
    evaluation: Evaluation,
    palette: Palette,
    alt: str,
) -> None:
    def to_group() -> None:
        """A click on a group opens its images."""
        group = clicks.picked("along", "bin").get("group")
        if group in table["group"].to_numpy():
            clicks.renew("along")
            _open(table[table["group"] == group].iloc[0], attribute)

    unit = UNITS.get(attribute, "")
    draw(
        charts.chart(along_chart, table, attribute, unit, models, palette, of=evaluation.dataset),
        key=clicks.key_of("along"),
        on_select=to_group,
        alt=f"How often answers are right by {attribute}. {alt}",
    )


def _table(table: pd.DataFrame, attribute: str, evaluation: Evaluation) -> None:
    def to_group() -> None:
        row = clicks.picked_row("along_table")
        if row is not None:
            clicks.renew("along_table")
            _open(table.iloc[row], attribute)

    shown = table[["group", "model", "images", *IN_TABLE]]
    shown = shown.rename(columns=IN_TABLE | {"group": attribute})
    inputs.table(
        shown,
        f"Right answers by {attribute}",
        RATES,
        height="content",
        key=clicks.key_of("along_table"),
        on_select=to_group,
        selection_mode="single-row",
    )
    st.caption("Click a row to open its images.")
    inputs.csv_button(shown, "digitscope-by-attribute.csv")


def _open(row: pd.Series, attribute: str) -> None:
    """The images of that group, right and wrong, on the errors page."""
    where = {filters.SHAPE: attribute, filters.SHAPE_GROUP: row["filter"]}
    url_state.go("errors", **filters.only(answers="all", model=row["model"], **where))
