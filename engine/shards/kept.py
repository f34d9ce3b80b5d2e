"""A few images of each cell of the confusion matrix, with their pixels, however many there are."""

from dataclasses import dataclass, fields

import numpy as np

COLUMNS = ("cell", "key", "shard", "index", "margin", "gap", "images")


@dataclass(frozen=True, eq=False)
class Kept:
    """The images of the smallest ``key`` of each cell, at most ``most`` of each; n in all.

    ``cell`` (n,) is true · k + predicted, by places in the classes; ``shard`` and ``index`` say
    where each image is, and ``images`` (n, h, w) shows it; ``margin`` and ``gap`` are as in
    `engine.evaluation.metrics.outcomes`. Sorted by cell, key, shard and index, which also breaks
    ties, so that the same are kept whatever the order in which parts are added.
    """

    most: int
    cell: np.ndarray
    key: np.ndarray
    shard: np.ndarray
    index: np.ndarray
    margin: np.ndarray
    gap: np.ndarray
    images: np.ndarray

    def __len__(self) -> int:
        return len(self.cell)

    def __add__(self, other: "Kept") -> "Kept":
        both = {
            name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in COLUMNS
        }
        order = (both["index"], both["shard"], both["key"], both["cell"])
        return Kept(self.most, **_rows(both, lowest(both["cell"], order, self.most)))

    def of_cell(self, true: int, predicted: int, classes: int) -> "Kept":
        """Those of one cell, by places in the ``classes`` many classes."""
        chosen = np.flatnonzero(self.cell == true * classes + predicted)
        return Kept(self.most, **_rows(self.arrays(), chosen))

    def arrays(self) -> dict[str, np.ndarray]:
        """The columns by name."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name in COLUMNS}


def lowest(cell: np.ndarray, order: tuple[np.ndarray, ...], most: int) -> np.ndarray:
    """The rows that come first in each cell, at most ``most`` of each, in that order.

    ``order`` is what `numpy.lexsort` takes, and ends with ``cell``.
    """
    rows = np.lexsort(order)
    cells = cell[rows]
    rank = np.arange(len(rows)) - np.searchsorted(cells, cells)
    return rows[rank < most]


def _rows(columns: dict[str, np.ndarray], rows: np.ndarray) -> dict[str, np.ndarray]:
    return {name: column[rows] for name, column in columns.items()}
