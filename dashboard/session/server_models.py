"""The models that whoever starts the server names, beside those of the table."""

import sys
from collections.abc import Mapping

from engine.cures import recipe
from engine.models.registry import MODELS, Model
from engine.own_models.server_models import named_models


def server_models() -> Mapping[str, Model]:
    """Those of ``--model`` after ``--`` of ``streamlit run``, by the names on screen."""
    return named_models(tuple(sys.argv[1:]))


def listed() -> dict[str, Model]:
    """All models that every viewer can choose, those of the table first."""
    return MODELS | server_models()


def model_named(name: str) -> Model:
    """The model of that name, or with cures. Raises KeyError for another name."""
    return server_models().get(name) or recipe.model_named(name)
