"""The distance plane of two classes: how far each image is from one, and how far from the other.

Unlike a projection of pixels it loses nothing of the decision between the two, which is its
diagonal.
"""

import numpy as np
import pandas as pd

from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import most_confused
from engine.projection.points import Points
from engine.runtime.errors import Refused


def distance_plane(evaluation: Evaluation, a: int, b: int, everything: bool = False) -> Points:
    """x: distance to the class at place ``a`` of ``evaluation.classes``; y: to that at ``b``.

    Where distances are 1 − a share (`Evaluation.share`), as of models with probabilities, x and y
    are these shares. The points are the images that are or are called one of the two classes, or
    ``everything``. Of an image that is answered with one of them the answer is the nearer class,
    or the one with the larger share: none lies on the wrong side of x = y; on it there are ties.
    Raises Refused where answers come without scores, and unless these are two classes.
    """
    classes, table = evaluation.classes, evaluation.table
    if not evaluation.scored:
        raise Refused("The answers come without scores; wanted a distance to each class.")
    if a == b or not (0 <= a < len(classes) and 0 <= b < len(classes)):
        raise Refused(f"Found the classes {a} and {b}; wanted two of 0 to {len(classes) - 1}.")
    pair = [classes[a], classes[b]]
    called = table["predicted"].isin(pair).to_numpy()
    shown = np.ones(len(table), bool) if everything else called | table["true"].isin(pair)
    rows = np.flatnonzero(shown)
    x, y = (_of(evaluation, table.iloc[rows][f"distance to {name}"]) for name in pair)
    return Points(rows, x, y, ~called[rows])


def _of(evaluation: Evaluation, distance: pd.Series) -> np.ndarray:
    found = distance.to_numpy(dtype=float)
    return 1 - found if evaluation.share else found


def most_confused_pair(evaluation: Evaluation) -> tuple[int, int]:
    """Places of the true and the predicted class of the commonest error; of none the first two."""
    pairs = most_confused(evaluation.counts, evaluation.classes)
    if pairs.empty:
        return 0, 1
    names = list(evaluation.classes)
    return names.index(pairs["true"].iloc[0]), names.index(pairs["predicted"].iloc[0])
