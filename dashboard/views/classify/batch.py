"""Several pictures at once: a table of their answers, and the one that is looked at."""

from collections.abc import Sequence
from types import MappingProxyType

import pandas as pd
import streamlit as st

from dashboard.charting.palette import Palette
from dashboard.services import calibration
from dashboard.text import numbers
from dashboard.text.markdown import plain
from dashboard.views.classify.image_input import Given
from dashboard.views.classify.result import classified
from dashboard.widgets import image_grid
from engine.evaluation.evaluation import Evaluation
from engine.inference.classify import Reference
from engine.io.numbers import distance_decimals, percent_decimals

RATES = MappingProxyType(
    {
        "probability": "That the answer is right: the share of images with this answer and a like "
        "margin that were",
        "any answer": "The same, whatever the answer",
    }
)
"""The two rates that stand beside each answer: the table's columns, and what they are."""


def choose_among(
    given: Sequence[Given], evaluation: Evaluation, measures: Reference, palette: Palette
) -> Given:
    """Of several pictures: a table of all answers, and the one whose row is chosen.

    Until one is chosen it is the first with an answer.
    """
    if len(given) == 1:
        return given[0]
    lines, against = zip(*(_row(one, evaluation, measures, palette) for one in given), strict=True)
    names = [one.source for one in given]
    table = pd.DataFrame(lines)
    event = st.dataframe(
        table,
        hide_index=True,
        height=min(38 + 35 * len(given), 250),
        key="classify_table",
        on_select="rerun",
        selection_mode="single-row",
        placeholder="–",
        column_config=_columns(table),
        alt=f"The answers to {numbers.count(len(given), 'picture')}",
    )
    rows = [row for row in event["selection"]["rows"] if row < len(given)]
    first = next((row for row, line in enumerate(lines) if line["answer"] is not None), 0)
    st.caption("Choose a row to see its reasons below.")
    without = [f"- {plain(n)}: {plain(why)}" for n, why in zip(names, against, strict=True) if why]
    if without:
        st.markdown("No answer is given to\n" + "\n".join(without))
    return given[rows[0] if rows else first]


def _columns(table: pd.DataFrame) -> dict[str, object]:
    """How each column is drawn."""
    exact = distance_decimals(table["margin"].dropna())
    whole = percent_decimals(table[[*RATES]].astype(float).to_numpy().ravel() / 100, 0)
    rates = {
        name: st.column_config.NumberColumn(format=f"%.{whole}f %%", width=90, help=meaning)
        for name, meaning in RATES.items()
    }
    return rates | {
        "prepared": st.column_config.ImageColumn(width=60),
        "answer": st.column_config.TextColumn(width=60),
        "margin": st.column_config.NumberColumn(format=f"%.{exact}f", width=70),
        "so": st.column_config.TextColumn(width=100),
    }


def _row(
    given: Given, evaluation: Evaluation, measures: Reference, palette: Palette
) -> tuple[dict[str, object], str]:
    """One picture's line in the table of several, and why there is no answer, or ''."""
    line = dict.fromkeys(("prepared", "answer", "margin", *RATES, "so"))
    line |= {"file": given.source}
    if given.problem:
        return line, given.problem
    result = classified(given, evaluation, measures)
    found = result.prediction
    line["prepared"] = image_grid.data_uri(result.prepared.image, palette)
    if not result.rejection:
        line |= {"answer": str(found.digit), "margin": found.margin if found.scored else None}
        trust = calibration.of_answer(evaluation, found.margin, found.digit)
        wrong = False
        if trust is not None:
            rates = 100 * trust.best.rate, 100 * trust.like.rate
            line |= dict(zip(RATES, rates, strict=True))
            wrong = trust.best.usually_wrong
        line |= {"so": "unsure" if result.doubt else "usually wrong" if wrong else ""}
    return line, result.reason
