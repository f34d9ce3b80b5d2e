"""Why one template and not another: what each pixel contributes to the margin, exactly.

Both metrics are means over pixels, so the difference of two distances is a sum of one part a pixel,
and of the offsets of a model that has them.
Nothing here is estimated: the parts add up to the margin.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.models.by_class import Compared
from engine.models.templates import as_shares


@dataclass(frozen=True, eq=False)
class Contrast:
    """Why ``winner`` and not ``other``: each part is positive where it speaks for the winner.

    ``parts`` (h, w) is ``there + missing`` and sums, with ``offset``, to ``margin``, the distance
    to the other template minus the distance to the winner's. ``there`` counts ink the image has
    beyond a template, ``missing`` ink a template has beyond the image.
    """

    there: np.ndarray
    missing: np.ndarray
    offset: float = 0.0

    @property
    def parts(self) -> np.ndarray:
        return self.there + self.missing

    @property
    def margin(self) -> float:
        return float(self.parts.sum()) + self.offset

    def deciding(self, most: int = 20) -> pd.DataFrame:
        """The strongest pixels of either sign, strongest first: row, column, part."""
        parts = self.parts
        order = np.argsort(-np.abs(parts), axis=None, kind="stable")[:most]
        rows, columns = np.unravel_index(order, parts.shape)
        table = pd.DataFrame({"row": rows, "column": columns, "part": parts[rows, columns]})
        return table[table["part"] != 0]


def between(compared: Compared, winner: int, other: int) -> Contrast:
    """`contrast` of two classes, by their places, on an image as the model compares it."""
    templates, offsets = compared.templates, compared.offsets
    apart = float(offsets[other] - offsets[winner])
    return contrast(compared.image, templates[winner], templates[other], compared.metric, apart)


def contrast(
    image: np.ndarray,
    winner: np.ndarray,
    other: np.ndarray,
    metric: str = "l1",
    offset: float = 0.0,
) -> Contrast:
    """Compares two templates (h, w) on one image (h, w), in the unit of `distances`.

    ``offset`` is what is added to the distance to the other beyond what the winner's gets.
    """
    ink = as_shares(image)
    power = 1 if metric == "l1" else 2

    def too_much(more: np.ndarray, less: np.ndarray) -> np.ndarray:
        return np.maximum(more - less, 0) ** power / ink.size

    there = too_much(ink, other) - too_much(ink, winner)
    missing = too_much(other, ink) - too_much(winner, ink)
    return Contrast(there, missing, offset)
