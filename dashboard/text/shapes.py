"""The shape of images, in words."""

from types import MappingProxyType

import pandas as pd

from dashboard.text.numbers import count, share
from engine.evaluation.metrics import wilson
from engine.io.numbers import JOIN, minus, small
from engine.shapes.attributes import COLUMNS
from engine.shapes.groups import Group

MEANINGS = MappingProxyType(
    {
        "ink": "the mean pixel, of full ink",
        "area": "pixels of ink",
        "length": "how long the strokes are, in pixels",
        "thickness": "how thick the strokes are on average, in pixels",
        "slant": "in degrees, to the right above 0",
        "width": "of the ink once it is upright, in pixels",
        "height": "of the ink, in pixels",
        "pieces": "pieces of ink that do not touch",
        "holes": "places that ink closes in",
        "off center": "pixels from the center of mass to the middle",
    }
)
HELP = (
    "Groups of test images by one attribute of their shape, as Morpho-MNIST defines it:\n\n"
    + "\n".join(f"- **{name}**: {MEANINGS[name]}" for name in COLUMNS)
)
RATES = ("right", "95 % from", "to")


def group_names(groups: list[Group]) -> list[str]:
    """'1 of 5: 1.17 to 2.12', '3 of 4: 3'; the lowest first."""
    return [f"{n} of {len(groups)}: {_span(one)}" for n, one in enumerate(groups, 1)]


def _span(group: Group) -> str:
    low, high = (minus(small(value)) for value in (group.low, group.high))
    return low if low == high else f"{low} to {high}"


def chosen(name: str, group: Group, right: pd.Series) -> str:
    """How many of the images of a group are right, of all that were judged."""
    inside = right[group.images]
    return (
        f"Of {count(len(inside), 'test image')} with {name} {_span(group)}, {inside.sum():,} are "
        f"right: {share(int(inside.sum()), len(inside))}."
    )


def by_group(name: str, groups: list[Group], right: pd.Series) -> pd.DataFrame:
    """One row for each group: its images, and the share of them that is right."""
    rows = []
    for group in groups:
        inside = right[group.images]
        n_right, n = int(inside.sum()), len(inside)
        rows.append((_span(group), n, n_right / n, *wilson(n_right, n)))
    return pd.DataFrame(rows, columns=[name, "images", *RATES])


def of_image(measured: pd.Series) -> str:
    """The attributes of one image: 'ink 0.131 · area 104 px · slant 12°'."""
    bare = dict.fromkeys(("ink", "pieces", "holes"), "") | {"slant": "°"}
    return " · ".join(
        f"{name} {minus(small(measured[name]))}{bare.get(name, f'{JOIN}px')}" for name in COLUMNS
    )
