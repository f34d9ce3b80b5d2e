"""A viewer's training, from its start until another takes its place or its data are removed."""

from dataclasses import dataclass

import numpy as np

from engine.models.learned_templates import Recipe
from engine.runtime.training_jobs import Training


@dataclass(frozen=True, eq=False)
class TrainingSession:
    """A training with the ``key`` of its dataset, its recipe, and the classes it learns (k,)."""

    key: str
    job: Training
    recipe: Recipe
    classes: np.ndarray
