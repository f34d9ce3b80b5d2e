"""Answer or abstain: sets that hold the true class as promised, and answers kept by margin."""

import streamlit as st

from dashboard import text
from dashboard.charting import trust as trust_charts
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.services import calibration
from dashboard.session.viewer_models import name_of
from dashboard.text import numbers
from dashboard.views import every_model
from dashboard.views.trust import sets
from dashboard.widgets import inputs
from dashboard.widgets.panel import panel
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.risk_coverage import RISK_SHARES, risk_coverage, risk_table
from engine.io.numbers import percent


def show(evaluation: Evaluation, palette: Palette) -> None:
    """The part of the page of this name."""
    st.subheader("Every class that it may be")
    found = calibration.of(evaluation)
    if found is None:
        st.info(text.trust.reliability.nothing(evaluation))
    else:
        with panel("The sets"):
            sets.show(found, evaluation, palette)
    st.subheader("Answer only where the margin is large")
    _every_model(evaluation, palette)


def _every_model(evaluation: Evaluation, palette: Palette) -> None:
    judged = every_model.judged(evaluation, name_of(evaluation))
    curves = {name: risk_coverage(one.table) for name, one in judged.items()}
    table = risk_table(curves)
    draw(
        trust_charts.coverage_chart(curves, palette),
        alt="Accuracy against the share of images kept by margin. Area under each model's risk: "
        + ", ".join(f"{row.model} {percent(row.AURC, 1)}" for row in table.itertuples()),
    )
    st.caption(text.trust.reliability.risk_columns(curves))
    images = numbers.count(evaluation.n_images, "test image")
    inputs.table(table, f"All models on {images} by their risk", RISK_SHARES, least=2)
    inputs.csv_button(table, "digitscope-risk.csv")
