"""A slice as a filter: its rule in a text field, read, said, and as a mask of the images."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.session import url_state
from dashboard.text.markdown import plain
from dashboard.text.slices.rules import EXAMPLE, inside
from dashboard.views import shapes
from dashboard.widgets import filters
from engine.evaluation.evaluation import Evaluation
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_RULE_CHARACTERS
from engine.slices.rules import Rule, parse

CLASSES = ("true", "predicted")
HELP = (
    "Conditions on the shape of an image (`thickness`, `length`, `slant` …), its `true` and its "
    f"`predicted` class, joined by `and`: `{EXAMPLE}`, `holes = 2 and true = 8`. Signs are "
    "`<= < >= > = !=`."
)


class Chosen(NamedTuple):
    """A rule, and which rows of the table are in its slice, (n,)."""

    rule: Rule
    mask: np.ndarray
    said: str


def choose(evaluation: Evaluation, label: str = "Slice", width: int | str = 330) -> Chosen | None:
    """The field and what it chooses; None while it is empty or cannot be read, which is said."""
    written = st.text_input(
        label,
        key=filters.SLICE,
        bind="query-params",
        placeholder=EXAMPLE,
        help=HELP,
        max_chars=MAX_RULE_CHARACTERS,
        width=width,
    )
    url_state.remember(filters.SLICE)
    if not written.strip() or (measured := shapes.attributes(evaluation)) is None:
        return None
    table = with_classes(measured, evaluation)
    kinds = {name: pd.api.types.is_numeric_dtype(table[name]) for name in table}
    try:
        rule = parse(written, kinds)
    except Refused as refused:
        st.error(f"The slice is not used: {plain(str(refused))}", width=420)
        return None
    mask = rule.mask(table)
    return Chosen(rule, mask, inside(rule, evaluation.table["right"], mask))


def with_classes(attributes: pd.DataFrame, evaluation: Evaluation) -> pd.DataFrame:
    """The attributes and, as text, the true and the predicted class: what a rule may speak of."""
    classes = {name: evaluation.table[name].astype(str) for name in CLASSES}
    return attributes.assign(**classes)
