"""What the templates say of the answers."""

import numpy as np

from dashboard.text.comparison import p_value
from dashboard.text.markdown import plain
from engine.evaluation.template_bias import Relation
from engine.io.numbers import minus, told_apart

NO_BIAS = (
    "Here neither ink, blank pixels nor contrast of the templates explains which classes are "
    "predicted too often (no Spearman correlation with p < 0.05)."
)


def bias(found: Relation | None) -> str:
    """What `engine.evaluation.template_bias.relation` found, with its figures; '' for nothing."""
    if found is None:
        return ""
    more = "more" if found.rho > 0 else "less" if found.name != "blank pixels" else "fewer"
    return (
        f"Templates with {more} {found.name} tend to be predicted too often: over the "
        f"{len(found.values)} classes, {found.name} and surplus predictions correlate (Spearman "
        f"ρ = {minus(f'{found.rho:.2f}')}, p {p_value(found.p)})."
    )


def nearest_templates(templates: np.ndarray, classes: np.ndarray) -> str:
    """Which two templates are nearest to each other, and how far the pairs are in the middle."""
    rows, columns = np.triu_indices(len(classes), 1)
    if not len(rows):
        return ""
    apart = np.abs(templates[rows] - templates[columns]).mean(axis=(1, 2))
    near = int(apart.argmin())
    first, second = (plain(classes[places[near]]) for places in (rows, columns))
    nearest, middle = told_apart([apart[near], np.median(apart)], 3)
    return f"Closest pair: {first} and {second} ({nearest}; median of all pairs {middle})."
