"""What the steps of a model with cures make of one image, and what its reasons are exact in."""

import numpy as np

from dashboard import text
from engine.cures.recipe import Recipe, recipe_named
from engine.evaluation.evaluation import Evaluation
from engine.models.by_class import Compared


def recipe_of(evaluation: Evaluation) -> Recipe | None:
    """The recipe of a model with cures; None for another model."""
    return recipe_named(getattr(evaluation.classifier, "name", ""))


def after_each(image: np.ndarray, evaluation: Evaluation) -> list[tuple[str, np.ndarray]]:
    """The steps of the model by name and the picture after each, (h, w) in [0, 1].

    Its darkest pixel is shown as full ink. Empty for a model that takes images as they are.
    """
    recipe = recipe_of(evaluation)
    if recipe is None:
        return []
    pictures = (as_picture(one) for one in evaluation.classifier.after_each(image))
    return list(zip(recipe.steps, pictures, strict=True))


def as_picture(image: np.ndarray, most: float = 0.0) -> np.ndarray:
    """Ink from 0 to ``most``, by default that of the darkest pixel, as shares of it."""
    most = most or float(image.max(initial=0)) or 1.0
    return np.clip(image / most, 0, 1)


def shown(compared: Compared, images: list[np.ndarray], evaluation: Evaluation) -> list[np.ndarray]:
    """Images beside each other, with one scale of ink; as they are without any cure."""
    if recipe_of(evaluation) is None:
        return images
    return [
        as_picture(one, float(max(compared.full, *(i.max() for i in images)))) for one in images
    ]


def said(evaluation: Evaluation) -> str:
    """In which pixels the reasons are exact; '' where they are those of the dataset's image."""
    recipe = recipe_of(evaluation)
    return text.cures.as_compared(recipe) if recipe is not None else ""
