"""What the templates say of the answers."""

import numpy as np

from dashboard.text.markdown import plain
from dashboard.text.numbers import count


def least_ink(templates: np.ndarray, classes: np.ndarray, counts: np.ndarray) -> str:
    """Which template has the least ink, and how much more often than it should it is the answer."""
    place = int(templates.mean(axis=(1, 2)).argmin())
    called, there = counts[:, place].sum(), counts[place].sum()
    return (
        f"The template of {plain(classes[place])} asks for the least; it is the answer for "
        f"{count(called, 'image')}, and right would be {there:,}."
    )


def nearest_templates(templates: np.ndarray, classes: np.ndarray) -> str:
    """Which two templates are nearest to each other, and how far the pairs are in the middle."""
    rows, columns = np.triu_indices(len(classes), 1)
    if not len(rows):
        return ""
    apart = np.abs(templates[rows] - templates[columns]).mean(axis=(1, 2))
    near = int(apart.argmin())
    first, second = (plain(classes[places[near]]) for places in (rows, columns))
    return (
        f"The nearest two are {first} and {second}: {apart[near]:.3f} a pixel, where half of all "
        f"pairs are more than {np.median(apart):.3f} apart."
    )
