"""How often answers are right along an attribute, group by group."""

import numpy as np
import pandas as pd

from engine.evaluation.metrics import wilson
from engine.shapes.groups import Group


def rates(groups: list[Group], right: np.ndarray) -> pd.DataFrame:
    """A row for each group, in its order: ``images``, ``right`` of them and their ``rate``.

    ``right`` (n,) is bool, or nan where there is no answer, which then does not count. ``low`` to
    ``high`` is the Wilson 95 % interval of the rate; all three are nan without answers.
    """
    answers = [pd.Series(right[group.images]).dropna().astype(bool) for group in groups]
    images = np.array([len(some) for some in answers], dtype=int)
    n_right = np.array([some.sum() for some in answers], dtype=int)
    low, high = wilson(n_right, images)
    rate = np.divide(n_right, images, where=images > 0, out=np.full(len(images), np.nan))
    return pd.DataFrame(
        {"images": images, "right": n_right, "rate": rate, "low": low, "high": high}
    )
