"""On the errors page: images by an attribute of their shape, and the attributes of each."""

from typing import NamedTuple

import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.services import shapes
from dashboard.session import url_state
from dashboard.widgets import inputs
from dashboard.widgets.filters import SHAPE, SHAPE_GROUP
from dashboard.widgets.progress import watched
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.filters import ANY
from engine.shapes.attributes import COLUMNS
from engine.shapes.groups import Group, groups


class Chosen(NamedTuple):
    """A group by an attribute, the groups beside it, and which answers are right, (n,)."""

    name: str
    group: Group
    groups: list[Group]
    right: pd.Series

    @property
    def said(self) -> str:
        return text.shapes.chosen(self.name, self.group, self.right)


def attributes(evaluation: Evaluation) -> pd.DataFrame | None:
    """The attributes of every row of the table, waited for; None when they cannot be measured."""
    measured = watched(shapes.measuring(evaluation.dataset))
    return None if measured is None else shapes.of_rows(measured, evaluation)


def choose(evaluation: Evaluation) -> Chosen | None:
    """The attribute and the group by it; None while any will do, or nothing could be measured."""
    names = [ANY, *COLUMNS]
    url_state.reset_unless(SHAPE, lambda name: name in names, ANY)
    name = st.selectbox(
        "Shape", names, key=SHAPE, bind="query-params", width=140, help=text.shapes.HELP
    )
    if name == ANY or (measured := attributes(evaluation)) is None:
        url_state.reset(**{SHAPE_GROUP: None})
        return None
    found = groups(measured[name])
    labels = text.shapes.group_names(found)
    url_state.reset_unless(SHAPE_GROUP, lambda label: label in labels, labels[0])
    label = st.selectbox(name.capitalize(), labels, key=SHAPE_GROUP, bind="query-params", width=210)
    return Chosen(name, found[labels.index(label)], found, evaluation.table["right"])


def say(chosen: Chosen | None) -> None:
    """How many of the group are right, and of all the others beside it."""
    if chosen is None:
        return
    st.caption(chosen.said)
    title = f"Right answers by {chosen.name}"
    with st.expander(title, key="shape_rates", on_change="rerun") as below:
        if below.open:
            table = text.shapes.by_group(chosen.name, chosen.groups, chosen.right)
            inputs.table(table, title, text.shapes.RATES, height="content")


def with_columns(evaluation: Evaluation, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, of images by their ``index``, with their attributes, if these can be measured."""
    task = shapes.measuring(evaluation.dataset)
    task.finished(None)
    if task.result is None:
        return rows
    measured = shapes.of_rows(task.result, evaluation).set_axis(evaluation.table["index"])
    return rows.join(measured[[name for name in measured if name not in rows]], on="index")


def of_image(evaluation: Evaluation, index: int) -> None:
    """The attributes of one image, once they are measured."""
    measured = shapes.known(evaluation.dataset)
    if measured is not None:
        st.caption(text.shapes.of_image(measured.iloc[index]))
