"""Sentences computed from tables: Markdown with names escaped, and no line break within a figure.

`dashboard.text.markdown.as_text` gives them as text.
"""

from dashboard.text import (
    comparison,
    confusion_matrix,
    cures,
    dataset,
    images,
    labels,
    prediction,
    shapes,
    templates,
    training,
    trust,
)

__all__ = [
    "comparison",
    "confusion_matrix",
    "cures",
    "dataset",
    "images",
    "labels",
    "prediction",
    "shapes",
    "templates",
    "training",
    "trust",
]
