"""What the templates say of the answers."""

import numpy as np

from dashboard.text.markdown import plain
from engine.evaluation.template_bias import BLANK, BLANK_PIXELS, Relation
from engine.io.numbers import minus, percent, small
from engine.models.templates import mnist_distance
from engine.report.conclusion import p_value

NO_BIAS = (
    "Here neither ink, blank pixels nor contrast of the templates explains which classes are "
    "predicted too often (no Spearman correlation with p < 0.05)."
)


def bias(found: Relation | None) -> str:
    """What `engine.evaluation.template_bias.relation` found, with its figures; '' for nothing."""
    if found is None:
        return ""
    of_blank = found.name == BLANK_PIXELS
    more = "more" if found.rho > 0 else "fewer" if of_blank else "less"
    cutoff = f" (under {percent(BLANK, 0)} ink)" if of_blank else ""
    sentence = (
        f"Templates with {more} {found.name}{cutoff} tend to be predicted too often: over the "
        f"{len(found.values)} classes, {found.name} and surplus predictions correlate (Spearman "
        f"ρ = {minus(f'{found.rho:.2f}')}, p {p_value(found.p)})."
    )
    if not found.fails_at:
        return sentence
    others = " or ".join(percent(share, 0) for share in found.fails_at)
    return f"{sentence} With the cutoff at {others} this is not significant."


def nearest_templates(templates: np.ndarray, classes: np.ndarray) -> str:
    """Which two templates are nearest to each other, and how far the pairs are in the middle."""
    rows, columns = np.triu_indices(len(classes), 1)
    if not len(rows):
        return ""
    apart = mnist_distance(templates[rows], templates[columns])
    near = int(apart.argmin())
    first, second = (plain(classes[places[near]]) for places in (rows, columns))
    nearest, middle = small(apart[near]), small(float(np.median(apart)))
    return f"Closest pair: {first} and {second} ({nearest}; median of all pairs {middle})."
