"""What a projection gives: a point for each of some judged images."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Points:
    """``rows`` (n,) are places in the table of an `Evaluation`, ``x`` and ``y`` (n,) floats.

    ``third`` (n,) bool: which of them are answered with neither of the two classes of the plane.
    Shared by all viewers: take copies before changing anything.
    """

    rows: np.ndarray
    x: np.ndarray
    y: np.ndarray
    third: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)
