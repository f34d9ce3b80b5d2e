"""How often answers are right along one attribute, for the model in hand and perhaps another."""

from collections.abc import Callable
from typing import NamedTuple

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
from engine.shapes.attributes import COLUMNS
from engine.shapes.groups import Group, groups
from engine.slices.along import rates
from engine.slices.rules import Condition, Rule

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
    parts = _parts(attribute, measured[attribute])
    table = _rates(parts, [evaluation, *other])
    models = tuple(dict.fromkeys(table["model"]))
    said = [least_and_most(attribute, name, table[table["model"] == name]) for name in models]
    st.markdown(" ".join(said))

    def to_group(row: pd.Series) -> None:
        """The images of that group, right and wrong, on the errors page."""
        link = parts[row["place"]].link
        url_state.go("errors", **filters.only(answers="all", model=row["model"], **link))

    _chart(table, attribute, models, evaluation, palette, as_text(" ".join(said)), to_group)
    _table(table, attribute, to_group)


def _attribute(names: list[str]) -> str:
    url_state.reset_unless("attribute", lambda name: name in names, names[0])
    return st.selectbox(
        "Attribute", names, key="attribute", bind="query-params", help=ATTRIBUTES, width=200
    )


def _other(evaluation: Evaluation) -> list[Evaluation]:
    """The second model, if one is chosen."""
    dataset, first = evaluation.dataset, viewer_models.name_of(evaluation)
    names = [ALONE, *(name for name in viewer_models.names_on(dataset) if name != first)]
    url_state.reset_unless("slices_to", lambda name: name in names, ALONE)
    name = st.selectbox("Beside it", names, key="slices_to", bind="query-params", width=260)
    return [] if name == ALONE else [loading.named_evaluation(dataset, name)]


class Part(NamedTuple):
    """A group of images as it is called, and the choices that show it on the errors page."""

    name: str
    group: Group
    link: dict[str, str]


def _parts(attribute: str, values: pd.Series) -> list[Part]:
    """Groups of equal number by a number, or one for each value of a text; missing is in none."""
    if not pd.api.types.is_numeric_dtype(values):
        every = sorted(values.dropna().unique())
        masks = [Group(0, 0, (values == value).to_numpy()) for value in every]
        rules = [Rule((Condition(attribute, "=", value),)) for value in every]
        return [
            Part(value, group, {filters.SLICE: str(rule)})
            for value, group, rule in zip(every, masks, rules, strict=True)
        ]
    there = values.notna().to_numpy()
    parts = []
    found = groups(values[there])
    for label, group in zip(text.shapes.group_names(found), found, strict=True):
        mask = there.copy()
        mask[there] = group.images
        link = {filters.SHAPE: attribute, filters.SHAPE_GROUP: label}
        if attribute not in COLUMNS:
            ends = Condition(attribute, ">=", group.low), Condition(attribute, "<=", group.high)
            link = {filters.SLICE: str(Rule(ends))}
        parts.append(Part(label.split(": ", 1)[1], Group(group.low, group.high, mask), link))
    return parts


def _rates(parts: list[Part], evaluations: list[Evaluation]) -> pd.DataFrame:
    """A row for each model on each group: `engine.slices.along.rates`, and its ``place``.

    Two models are judged on the images that both have judged.
    """
    index = evaluations[0].table["index"]
    right = [one.table.set_index("index")["right"].reindex(index) for one in evaluations]
    judged = np.all([one.notna().to_numpy() for one in right], axis=0)
    tables = [
        rates([part.group for part in parts], np.where(judged, one.to_numpy(), np.nan)).assign(
            model=viewer_models.name_of(evaluation),
            group=[part.name for part in parts],
            place=range(len(parts)),
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
    open_group: Callable[[pd.Series], None],
) -> None:
    def clicked() -> None:
        group = clicks.picked("along", "bin").get("group")
        if group in table["group"].to_numpy():
            clicks.renew("along")
            open_group(table[table["group"] == group].iloc[0])

    unit = UNITS.get(attribute, "")
    draw(
        charts.chart(along_chart, table, attribute, unit, models, palette, of=evaluation.dataset),
        key=clicks.key_of("along"),
        on_select=clicked,
        alt=f"How often answers are right by {attribute}. {alt}",
    )


def _table(table: pd.DataFrame, attribute: str, open_group: Callable[[pd.Series], None]) -> None:
    def clicked() -> None:
        row = clicks.picked_row("along_table")
        if row is not None:
            clicks.renew("along_table")
            open_group(table.iloc[row])

    shown = table[["group", "model", "images", *IN_TABLE]]
    shown = shown.rename(columns=IN_TABLE | {"group": attribute})
    inputs.table(
        shown,
        f"Right answers by {attribute}",
        RATES,
        height="content",
        key=clicks.key_of("along_table"),
        on_select=clicked,
        selection_mode="single-row",
    )
    st.caption("Click a row to open its images.")
    inputs.csv_button(shown, "digitscope-by-attribute.csv")
