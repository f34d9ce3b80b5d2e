"""The models a viewer can choose by name: those of the table, and the viewer's own."""

import streamlit as st

from dashboard.session import uploads
from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import Evaluation
from engine.models.registry import MODELS

OWN = uploads.my("templates")  # what this viewer trained, if anything


def own_evaluations(dataset: Dataset | None = None) -> dict[str, Evaluation]:
    """This viewer's own models by name: what was trained here, and predictions brought along.

    With ``dataset`` those of these data only.
    """
    trained = st.session_state.get(uploads.TRAINED)
    every = ({OWN: trained} if trained else {}) | uploads.models()
    return {n: s for n, s in every.items() if dataset is None or s.dataset.key == dataset.key}


def model_names() -> list[str]:
    """The models this viewer can choose, those of the table first."""
    return [*MODELS, *own_evaluations()]


def name_of(evaluation: Evaluation) -> str:
    """The name of its model in the list, also where it stands in for another that was chosen."""
    named = [name for name, one in own_evaluations().items() if one is evaluation]
    return (
        named[0] if named else next(n for n, model in MODELS.items() if model is evaluation.model)
    )
