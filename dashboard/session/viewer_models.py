"""The models a viewer can choose by name: those of the table, with cures, and the viewer's own."""

import streamlit as st

from dashboard.session import keys, uploads, url_state
from dashboard.session.server_models import listed
from engine.cures.recipe import PLUS, recipe_named
from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import Evaluation

OWN = uploads.my("templates")  # what this viewer trained, if anything


def own_evaluations(dataset: Dataset | None = None) -> dict[str, Evaluation]:
    """This viewer's own models by name: what was trained here, and predictions brought along.

    With ``dataset`` those of these data only.
    """
    trained = st.session_state.get(keys.TRAINED)
    every = ({OWN: trained} if trained else {}) | uploads.runs() | uploads.models()
    return {n: s for n, s in every.items() if dataset is None or s.dataset.key == dataset.key}


def model_names() -> list[str]:
    """The models this viewer can choose, those of the table first."""
    _keep_taken()
    return [*listed(), *taken(), *own_evaluations()]


def names_on(dataset: Dataset) -> list[str]:
    """The models this viewer can choose on these data, those of the table first."""
    if dataset.is_sample:
        return list(dataset.models)
    return [*listed(), *taken(), *own_evaluations(dataset)]


def taken() -> list[str]:
    """The template models with cures that this viewer has chosen so far."""
    return list(st.session_state.get(keys.TAKEN, []))


def take(name: str) -> None:
    """A template model with cures becomes the model in hand; for ``on_click``."""
    url_state.reset(model=name)
    _keep_taken()


def _keep_taken() -> None:
    """A template model with cures that the link or a click has named stays in the list."""
    held, kept = st.session_state, st.session_state.get(keys.KEPT, {})
    taken = held.setdefault(keys.TAKEN, [])
    for name in (held.get("model"), kept.get("model"), st.query_params.get("model")):
        if PLUS in str(name) and name not in taken and recipe_named(name):
            taken.append(name)


def name_of(evaluation: Evaluation) -> str:
    """The name of its model in the list, also where it stands in for another that was chosen."""
    named = [name for name, one in own_evaluations().items() if one is evaluation]
    tabled = [name for name, model in listed().items() if model is evaluation.model]
    return next(iter(named + tabled), None) or evaluation.classifier.name
