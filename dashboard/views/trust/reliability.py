"""Reliability: whether a probability comes true as often as it says, before and after."""

import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.charting import trust as trust_charts
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.services import calibration
from dashboard.session import url_state
from dashboard.text.markdown import as_text, plain
from dashboard.widgets import inputs
from engine.calibration import reliability
from engine.calibration.calibration import Calibration
from engine.calibration.reliability import Kind
from engine.datasets.dataset import class_noun
from engine.evaluation.evaluation import Evaluation
from engine.io.numbers import percent

SHARES = ("right", "low", "high", "probability", "ECE", "ECE by answer")


def show(evaluation: Evaluation, palette: Palette) -> None:
    """The part of the page of this name."""
    with st.spinner("Calibrating", show_time=True):
        found = calibration.of(evaluation)
    if found is None:
        st.info(text.trust.reliability.nothing(evaluation))
        return
    shown = _bins(found, evaluation, None)
    st.markdown(text.trust.reliability.method(found))
    st.markdown(text.trust.reliability.calibrated(shown))
    if Kind.OWN in shown:
        st.markdown(text.trust.reliability.own(shown[Kind.OWN], evaluation.share))
    _diagram(found, evaluation, palette)
    _by_answer(found, evaluation)


def _bins(found: Calibration, evaluation: Evaluation, answer: object) -> dict[Kind, pd.DataFrame]:
    rows = found.judged
    if answer is not None:
        rows = rows[rows["predicted"] == answer]
    every = reliability.kinds(evaluation)
    each = {kind: reliability.bins(kind, found, rows, evaluation.classes) for kind in every}
    return {kind: bins for kind, bins in each.items() if len(bins)}


def _diagram(found: Calibration, evaluation: Evaluation, palette: Palette) -> None:
    names = evaluation.classes.tolist()
    url_state.restore(trust_answer=None)
    url_state.reset_unless("trust_answer", lambda name: name is None or name in names, None)
    answer = inputs.one_of(
        "Only the answers", names, "trust_answer", buttons="pills", bind="query-params"
    )
    url_state.remember("trust_answer")
    shown = _bins(found, evaluation, answer)
    if not shown:
        st.info("No test image is answered so.")
        return
    draw(
        trust_charts.reliability_chart(shown, palette),
        alt="Reliability diagram, the share that is right against the probability said. "
        + " ".join(_in_words(kind, bins) for kind, bins in shown.items()),
    )
    if answer is not None:
        errors = (
            f"{kind}: {text.trust.reliability.error(bins, _by(kind))}"
            for kind, bins in shown.items()
        )
        st.caption(f"Answers {plain(answer)}, {'; '.join(errors)}.")


def _by(kind: Kind) -> str:
    return "margin" if kind is Kind.CALIBRATED else "what it says"


def _in_words(kind: Kind, bins: pd.DataFrame) -> str:
    pairs = zip(bins["probability"], bins["rate"], strict=True)
    each = ", ".join(f"{percent(said, 0)}: {percent(rate, 0)}" for said, rate in pairs)
    return as_text(f"{kind.capitalize()}: {each}.")


def _by_answer(found: Calibration, evaluation: Evaluation) -> None:
    noun = class_noun(evaluation.classes)
    st.subheader(f"By the {noun} that is answered")
    table = reliability.by_answer(found, evaluation)
    st.markdown(text.trust.reliability.by_answer(table))
    inputs.table(table, f"How reliable each answer is, by {noun}", SHARES)
    inputs.csv_button(table, "digitscope-reliability.csv")
