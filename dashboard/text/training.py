"""A training in words: the recipe that its results belong to."""

from dashboard.text.numbers import count
from engine.models.learned_templates import LearnedTemplates, Recipe


def recipe(of: Recipe | LearnedTemplates) -> str:
    """'5 epochs, learning rate 0.1, mini-batches of 128, scale 300, seed 0'."""
    return (
        f"{count(of.epochs, 'epoch')}, learning rate {of.rate:g}, mini-batches of {of.batch}, "
        f"scale {of.scale:g}, seed {of.seed}"
    )


def belongs_to(trained: Recipe, chosen: Recipe) -> str:
    """What results belong to, where the settings ``chosen`` have moved since; '' otherwise."""
    if trained == chosen:
        return ""
    return (
        f"The settings have changed since. What is shown belongs to {recipe(trained)}, not to "
        f"{recipe(chosen)}: train again to see these."
    )
