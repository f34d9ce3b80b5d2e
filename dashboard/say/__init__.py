"""Sentences computed from tables: Markdown with names escaped, and no line break within a figure.

`dashboard.names.as_text` gives them as text.
"""

from dashboard.say import answers, data, images, matrix, models, templates

__all__ = ["answers", "data", "images", "matrix", "models", "templates"]
