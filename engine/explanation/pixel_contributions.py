"""Why one template and not another: what each pixel contributes to the margin, exactly.

Both metrics are means over pixels, so the difference of two distances is a sum of one part a pixel.
Nothing here is estimated: the parts add up to the margin.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.models.templates import WHITE


def as_shares(image: np.ndarray) -> np.ndarray:
    """An image as float64 ink in [0, 1]; uint8 is read as level / 255, floats are kept."""
    return image / WHITE if image.dtype == np.uint8 else image.astype(np.float64)


@dataclass(frozen=True, eq=False)
class Contrast:
    """Why ``winner`` and not ``other``: each part is positive where it speaks for the winner.

    ``parts`` (h, w) is ``there + missing`` and sums to ``margin``, the distance to the other
    template minus the distance to the winner's. ``there`` counts ink the image has beyond a
    template, ``missing`` ink a template has beyond the image.
    """

    there: np.ndarray
    missing: np.ndarray

    @property
    def parts(self) -> np.ndarray:
        return self.there + self.missing

    @property
    def margin(self) -> float:
        return float(self.parts.sum())

    def deciding(self, most: int = 20) -> pd.DataFrame:
        """The strongest pixels of either sign, strongest first: row, column, part."""
        parts = self.parts
        order = np.argsort(-np.abs(parts), axis=None, kind="stable")[:most]
        rows, columns = np.unravel_index(order, parts.shape)
        table = pd.DataFrame({"row": rows, "column": columns, "part": parts[rows, columns]})
        return table[table["part"] != 0]


def contrast(
    image: np.ndarray, winner: np.ndarray, other: np.ndarray, metric: str = "l1"
) -> Contrast:
    """Compares two templates (h, w) on one image (h, w), in the unit of `distances`."""
    ink = as_shares(image)
    power = 1 if metric == "l1" else 2

    def too_much(more: np.ndarray, less: np.ndarray) -> np.ndarray:
        return np.maximum(more - less, 0) ** power / ink.size

    there = too_much(ink, other) - too_much(ink, winner)
    missing = too_much(other, ink) - too_much(winner, ink)
    return Contrast(there, missing)
