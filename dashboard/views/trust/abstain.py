"""Answer or abstain: how right each model is where it is surest."""

import streamlit as st

from dashboard import text
from dashboard.charting import trust as trust_charts
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.text import numbers
from dashboard.views import every_model
from dashboard.widgets import inputs
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.risk_coverage import RISK_SHARES, risk_coverage, risk_table
from engine.io.numbers import percent


def show(evaluation: Evaluation, palette: Palette) -> None:
    """The part of the page of this name."""
    st.subheader("How right each model is where it is surest")
    _every_model(evaluation, palette)


def _every_model(evaluation: Evaluation, palette: Palette) -> None:
    judged = every_model.judged(evaluation)
    curves = {name: risk_coverage(one.table) for name, one in judged.items()}
    table = risk_table(curves)
    draw(
        trust_charts.coverage_chart(curves, palette),
        alt="Accuracy against the share of images kept by margin. Area under each model's risk: "
        + ", ".join(f"{row.model} {percent(row.AURC, 1)}" for row in table.itertuples()),
    )
    st.caption(text.trust.risk_columns(curves))
    images = numbers.count(evaluation.n_images, "test image")
    inputs.table(table, f"All models on {images} by their risk", RISK_SHARES, least=2)
    inputs.csv_button(table, "digitscope-risk.csv")
