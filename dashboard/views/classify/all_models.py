"""The same image put to every model, side by side."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.services import calibration, evaluations
from dashboard.session import viewer_models
from dashboard.text.markdown import as_text, plain
from dashboard.widgets import inputs
from engine.evaluation.evaluation import Evaluation
from engine.inference.prediction import Answer, answer
from engine.io.numbers import distance_decimals


def every_model(evaluation: Evaluation, image: np.ndarray, asked: int | str) -> None:
    """The same image put to every model, of the slow ones to those that are fitted already."""
    dataset, in_hand = evaluation.dataset, viewer_models.name_of(evaluation)
    own = viewer_models.own_evaluations(dataset)
    fitted = [name for name in viewer_models.names_on(dataset) if name not in own]
    ready = [name for name in fitted if evaluations.ready(dataset, name)]
    every = {name: evaluations.evaluation(dataset, name) for name in ready} | own
    every |= {in_hand: evaluation}
    rows = [_row(one, image, asked) for one in every.values() if one.answers_others]
    table = pd.DataFrame(rows)
    answers = table["answer"].nunique()
    st.markdown(
        f"All {len(table)} models answer {plain(table['answer'][0])}."
        if answers == 1
        else f"The models disagree: {', '.join(map(plain, table['answer']))}."
    )
    shares = ("probability to be right", "95 % from", "to", "right on all test images")
    alt = "The answer of every model to this image"
    inputs.table(
        table, alt, shares, decimals={"margin": distance_decimals(table["margin"])}, least=2
    )
    if waiting := [name for name in fitted if name not in every]:
        st.caption(
            f"Not fitted on these data yet, so not asked: {', '.join(waiting)}. Choosing one in "
            "the sidebar fits it."
        )


def _place(found: Answer, asked: int | str) -> str:
    return str(found.rank(asked) or "tied") if found.scored else "–"


def _row(one: Evaluation, image: np.ndarray, asked: int | str) -> dict[str, object]:
    """What one model answers, how surely, and how often it is right at all."""
    found = answer(one, image)
    trust = calibration.of_answer(one, found.margin, found.digit)
    nothing = float("nan")
    rate, ends = (trust.best.rate, trust.best.interval) if trust else (nothing, (nothing, nothing))
    return {
        "model": viewer_models.name_of(one),
        "answer": found.digit,
        "next": as_text(text.prediction.runner_up(found)),
        "margin": found.margin if found.scored else nothing,
        "probability to be right": rate,
        "95 % from": ends[0],
        "to": ends[1],
        f"place of {asked}": _place(found, asked),
        "right on all test images": one.n_right / one.n_images,
    }
