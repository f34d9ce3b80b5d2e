"""Images in a few groups by one attribute, as equal in number as its values allow."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

MOST = 5


@dataclass(frozen=True, eq=False)
class Group:
    """``images`` (n,) bool have values from ``low`` to ``high``, both of them found among these."""

    low: float
    high: float
    images: np.ndarray


def groups(values: pd.Series, most: int = MOST) -> list[Group]:
    """At most so many groups of all values (n,), the lowest first; equal values stay together.

    Of whole numbers each has a group of its own, and the largest share the last; others are parted
    at their quantiles. No values give no groups.
    """
    found = values.to_numpy()
    if not len(found):
        return []
    if values.dtype.kind in "iu":
        starts = np.unique(found)[1:most]
    else:
        starts = np.unique(np.quantile(found, np.arange(1, most) / most))
        starts = starts[starts > found.min()]
    place = np.searchsorted(starts, found, side="right")
    masks = [place == at for at in np.unique(place)]
    return [Group(found[mask].min().item(), found[mask].max().item(), mask) for mask in masks]
