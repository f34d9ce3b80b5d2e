"""Images unlike their class, and classes whose training and test images differ."""

import numpy as np
import pandas as pd

from engine.cures.cover import holm
from engine.label_review.suspects import Shares

ENOUGH = 2  # of a class and split at least, for a spread


def unusual(found: Shares, labels: np.ndarray) -> pd.DataFrame:
    """The images by how far their nearest image is, beside others of the class, the farthest first.

    ``labels`` are those of the whole split. ``index``, ``class``, ``nearest``: the Euclidean
    distance of the nearest image; ``times``: that distance over the median one of the class, 1
    where all are alike. Equal ones are ordered by index. Empty where nothing was compared.
    """
    nearest = found.distance[:, 0] if found.distance.shape[1] else np.empty(0)
    index = found.index[: len(nearest)]
    table = pd.DataFrame({"index": index, "class": labels[index], "nearest": nearest})
    usual = table.groupby("class")["nearest"].transform("median").to_numpy()
    times = np.divide(nearest, usual, out=np.where(nearest > 0, np.inf, 1.0), where=usual > 0)
    table["times"] = times
    return table.sort_values(["times", "index"], ascending=[False, True], ignore_index=True)


def drift(
    training: pd.DataFrame, testing: pd.DataFrame, labels: tuple[np.ndarray, np.ndarray]
) -> pd.DataFrame:
    """By class and attribute, how far the test images differ from the training ones.

    Both tables have a row an image and a number a column; ``labels`` are theirs. ``class``,
    ``attribute``, ``training`` and ``test``: the means; ``difference`` (test less training),
    ``low`` and ``high``: its 95 % interval by Welch; ``p``, corrected by Holm for all rows. The
    smallest p first, then the largest difference in units of its interval. Classes with fewer than
    two images on a side, and attributes without a spread, are left out.
    """
    rows = []
    for name in np.unique(labels[0]):
        one, other = training[labels[0] == name], testing[labels[1] == name]
        if min(len(one), len(other)) >= ENOUGH:
            rows += [_welch(name, column, one[column], other[column]) for column in training]
    names = ["class", "attribute", "training", "test", "difference", "low", "high", "p"]
    table = pd.DataFrame([row for row in rows if row is not None], columns=names)
    table["p"] = holm(table["p"].to_numpy(float))
    width = (table["high"] - table["low"]).replace(0, np.nan)
    order = pd.DataFrame({"p": table["p"], "by": -(table["difference"].abs() / width)})
    return table.loc[order.sort_values(["p", "by"], kind="stable").index].reset_index(drop=True)


def _welch(name: object, column: str, one: pd.Series, other: pd.Series) -> tuple | None:
    from scipy import stats

    one, other = one.dropna().to_numpy(float), other.dropna().to_numpy(float)
    if min(len(one), len(other)) < ENOUGH or not (np.ptp(one) or np.ptp(other)):
        return None
    found = stats.ttest_ind(other, one, equal_var=False)
    low, high = found.confidence_interval(0.95)
    means = one.mean(), other.mean()
    return name, column, *means, means[1] - means[0], float(low), float(high), float(found.pvalue)
