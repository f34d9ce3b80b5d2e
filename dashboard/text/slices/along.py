"""Accuracy along an attribute, in words."""

from types import MappingProxyType

import pandas as pd

from dashboard.text.markdown import plain
from dashboard.text.numbers import count, rate
from dashboard.text.shapes import MEANINGS

UNITS = MappingProxyType(
    {
        "ink": "mean pixel, of full ink",
        "area": "pixels",
        "length": "pixels",
        "thickness": "pixels",
        "slant": "degrees to the right",
        "width": "pixels",
        "height": "pixels",
        "off center": "pixels",
    }
)
ATTRIBUTES = "\n".join(f"- **{name}**: {meaning}" for name, meaning in MEANINGS.items())


def least_and_most(attribute: str, model: str, groups: pd.DataFrame) -> str:
    """Where a model is right least and most often, if the two intervals lie apart.

    ``groups`` are rows of `engine.slices.along.rates` with the name of each ``group``.
    """
    found = groups[groups["images"] > 0]
    if len(found) < 2:
        return f"All images judged have about the same {plain(attribute)}: there is one group."
    worst, best = found.loc[found["rate"].idxmin()], found.loc[found["rate"].idxmax()]
    if worst["high"] >= best["low"]:
        return (
            f"By {plain(attribute)} no difference of **{plain(model)}** is beyond doubt: the "
            "intervals of its lowest and its highest group overlap."
        )
    return (
        f"By {plain(attribute)}, **{plain(model)}** is right least often at "
        f"{plain(worst['group'])} ({_of(worst)}), and most often at {plain(best['group'])} "
        f"({_of(best)})."
    )


def _of(group: pd.Series) -> str:
    n = int(group["images"])
    return f"{rate(int(group['right']), n)}, of {count(n, 'image')}"
