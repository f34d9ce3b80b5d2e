"""Chooses among judged images: filters, what each filter option holds, and orders."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.evaluation.evaluation import BEHIND_HIGHEST, share_of
from engine.evaluation.metrics import NEAREST, images_of

ANY = "any"
TO_TRUE = "true distance"  # a column that `ordered` adds where it orders by it
LOW, HIGH = "low ", "high "  # begin the orders by an attribute
TIED = "tied"  # the rank of a true class that shares its distance with another


class Answers(StrEnum):
    """Which images are shown, by whether their answer is right."""

    WRONG = "wrong"
    RIGHT = "right"
    ALL = "all"


ANSWERS = tuple(kind.value for kind in Answers)


class Sort(StrEnum):
    """The orders of a gallery."""

    MOST_WRONG = "most wrong"
    CLOSEST_CALL = "closest call"
    MOST_CONFIDENT = "most confident"
    MOST_TYPICAL = "most typical"
    INDEX = "index"
    RANDOM = "random"


class Counts(NamedTuple):
    """How many images there are, and how many of them are wrong."""

    images: int
    wrong: int


@dataclass(frozen=True)
class Filters:
    """What an image must be to be shown; `ANY` and the defaults leave everything but right ones.

    ``true``, ``predicted`` and ``rank`` are a digit or a place as text, or "any"; a rank may be
    "tied". ``answers`` is one of `ANSWERS`. ``low`` and ``high`` bound the margin, both included;
    the defaults leave images without one, too.
    """

    true: str = ANY
    predicted: str = ANY
    answers: str = Answers.WRONG
    rank: str = ANY
    low: float = 0.0
    high: float = np.inf

    def mask(self, table: pd.DataFrame) -> np.ndarray:
        """Which rows of `engine.evaluation.metrics.outcomes` pass, (n,) bool."""
        outside = (table["margin"] < self.low) | (table["margin"] > self.high)
        if self.low > 0 or np.isfinite(self.high):
            outside |= table["margin"].isna()
        keep = ~outside.to_numpy()
        for column in ("true", "predicted", "rank"):
            if getattr(self, column) != ANY:
                keep = keep & (_names(table, column) == getattr(self, column))
        if self.answers != Answers.ALL:
            keep = keep & (table["right"] == (self.answers == Answers.RIGHT)).to_numpy()
        return keep

    @property
    def by_answer(self) -> bool:
        """Whether images are picked by what they were answered, and not only by what they are."""
        return self != Filters(true=self.true, answers=Answers.ALL)

    def without(self, *names: str) -> "Filters":
        """These filters with some of them let go: ``answers`` then is "all"."""
        free = {f.name: f.default for f in fields(self)} | {"answers": Answers.ALL}
        return replace(self, **{name: free[name] for name in names})


def _names(table: pd.DataFrame, column: str) -> np.ndarray:
    """What is in a column as the filters name it, (n,) text."""
    values = table[column].astype(object)
    return values.where(values.notna(), TIED).astype(str).to_numpy(dtype=object)


def option_counts(table: pd.DataFrame, filters: Filters, name: str) -> dict[str, Counts]:
    """For each value of a filter: how many images it would show, and how many of them are wrong.

    ``name`` is "true", "predicted", "rank" or "answers"; the other filters stay as they are.
    Values without an image are left out; `ANY` (for answers "all") is always there.
    """
    kept = filters.without(name).mask(table)
    images = images_of(table)[kept]
    wrong = images * ~table["right"].to_numpy()[kept]
    n, n_wrong = int(images.sum()), int(wrong.sum())
    if name == "answers":
        kinds = Counts(n_wrong, n_wrong), Counts(n - n_wrong, 0), Counts(n, n_wrong)
        return dict(zip(ANSWERS, kinds, strict=True))
    values, places = np.unique(_names(table, name)[kept], return_inverse=True)
    all_of, wrong_of = (np.bincount(places, weights=some) for some in (images, wrong))
    rows = zip(values, all_of, wrong_of, strict=True)
    return {ANY: Counts(n, n_wrong)} | {str(v): Counts(int(a), int(w)) for v, a, w in rows}


def n_chosen(table: pd.DataFrame, filters: Filters) -> int:
    """How many images the filters show."""
    return int(images_of(table)[filters.mask(table)].sum())


SORTS = MappingProxyType(
    {
        Sort.MOST_WRONG.value: "largest distance of the true class beyond the prediction first",
        Sort.CLOSEST_CALL.value: "smallest margin between prediction and runner-up first",
        Sort.MOST_CONFIDENT.value: "largest margin first",
        Sort.MOST_TYPICAL.value: "smallest distance to what it truly is first",
        Sort.INDEX.value: "as in the test set",
        Sort.RANDOM.value: "shuffled by the seed",
    }
)
"""Orders for a gallery, and what each of them means."""

WITHOUT_SCORES = (Sort.INDEX.value, Sort.RANDOM.value)
"""The orders of answers that come without scores."""

BEHIND = MappingProxyType(
    {
        "margin": "margin: distance to runner-up minus distance to prediction",
        "gap": "distance to the true class minus distance to the prediction",
        TO_TRUE: "distance to the true class",
    }
)
"""The columns of `engine.evaluation.metrics.outcomes` that may stand under an image, in words.

`TO_TRUE` is there in the rows of `ordered` only.
"""


def in_words(column: str, unit: str) -> str:
    """What a column of `BEHIND` is of a model whose distances have that unit (`Evaluation.unit`).

    Of probabilities, votes and scores the higher is the better: then nothing is called a distance.
    """
    if column not in BEHIND:  # an attribute of the image
        return column
    what = _higher_is_better(unit)
    if not what:
        return BEHIND[column]
    if column == TO_TRUE:
        return f"{unit} of the true class"
    if column == "gap":
        return f"{what} of the prediction minus {what} of the true class"
    return f"margin: {what} of the prediction minus {what} of the runner-up"


def order_in_words(sort: str, unit: str) -> str:
    """What an order of `SORTS` means for a model whose distances have that unit."""
    if attribute := attribute_of(sort):
        return f"{'largest' if sort.startswith(HIGH) else 'smallest'} {attribute} first"
    what = _higher_is_better(unit)
    if what and sort == Sort.MOST_WRONG:
        return f"largest {in_words('gap', unit)} first"
    if what and sort == Sort.MOST_TYPICAL:
        return f"largest {what} of what it truly is first"
    return SORTS[sort]


def _higher_is_better(unit: str) -> str:
    return share_of(unit) or ("score" if unit == BEHIND_HIGHEST else "")


def by_attribute(names: Iterable[str]) -> list[str]:
    """The orders by attributes of the images: 'low thickness', 'high thickness'."""
    return [way + name for name in names for way in (LOW, HIGH)]


def attribute_of(sort: str) -> str:
    """The attribute that an order is by; '' of others."""
    return next((sort.removeprefix(way) for way in (LOW, HIGH) if sort.startswith(way)), "")


def number_for(sort: str) -> str:
    """The column of `BEHIND` that goes with an order of `SORTS`, or the attribute it is by."""
    if attribute := attribute_of(sort):
        return attribute
    return {Sort.MOST_WRONG: "gap", Sort.MOST_TYPICAL: TO_TRUE}.get(sort, "margin")


def ordered(table: pd.DataFrame, sort: str, seed: int = 0) -> pd.DataFrame:
    """The rows of `metrics.outcomes` in an order of `SORTS`, or by an attribute among the columns.

    Ties are broken by the distance to the ``nearest`` training image where the table has it, the
    smallest first, and then keep index order.

    ``seed`` matters for "random" only. Raises KeyError for another name.
    """
    if attribute := attribute_of(sort):
        return table.sort_values(attribute, ascending=sort.startswith(LOW), kind="stable")
    if sort == Sort.MOST_TYPICAL:
        table = table.assign(**{TO_TRUE: _distance_to_true(table)})
    if sort == Sort.RANDOM:
        return table.iloc[np.random.default_rng(seed).permutation(len(table))]
    keys = {
        Sort.CLOSEST_CALL: lambda: table["margin"],
        Sort.MOST_WRONG: lambda: -table["gap"],
        Sort.MOST_CONFIDENT: lambda: -table["margin"],
        Sort.MOST_TYPICAL: lambda: table[TO_TRUE],
        Sort.INDEX: lambda: table["index"],
    }
    by = [np.asarray(keys[sort]())]
    if NEAREST in table and sort != Sort.INDEX:
        by.insert(0, table[NEAREST].to_numpy())
    return table.iloc[np.lexsort(by)]


def _distance_to_true(table: pd.DataFrame) -> np.ndarray:
    """Each image's distance to the template of what it truly is, (n,)."""
    columns = [name for name in table.columns if name.startswith("distance to ")]
    places = {name.removeprefix("distance to "): place for place, name in enumerate(columns)}
    own = table["true"].astype(str).map(places).to_numpy(dtype=int)
    return table[columns].to_numpy()[np.arange(len(table)), own]
