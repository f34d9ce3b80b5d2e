"""Two models on the same images as one HTML file: who is better, and what is fixed and broken."""

import datetime
from collections.abc import Mapping

import pandas as pd

from engine.datasets.dataset import class_noun
from engine.evaluation.annotations import Mark, marks_table
from engine.evaluation.comparison import Change, Paired, changes_by_digit
from engine.evaluation.evaluation import Evaluation
from engine.report.conclusion import paired
from engine.report.errors import NO_MARKS
from engine.report.pages import filled, pictures

COLUMNS = ["index", "file", "true", "predicted", "was", "change", "margin", "gap"]


def changed(compared: pd.DataFrame) -> pd.DataFrame:
    """The rows of `comparison.compare` that are fixed or broken, each group by its margin.

    ``was`` is the first model's prediction, ``predicted`` the second's.
    """
    rows = compared[compared["change"].isin([Change.FIXED, Change.BROKEN])]
    order = {"change": rows["change"] == Change.BROKEN, "margin": -rows["margin"]}
    return rows.loc[pd.DataFrame(order).sort_values(list(order), kind="stable").index, COLUMNS]


def comparison_report(
    names: tuple[str, str],
    evaluation: Evaluation,
    compared: pd.DataFrame,
    address: str,
    now: datetime.datetime,
    what: str = "",
    picked: bool = False,
    marks: Mapping[int, Mark] = NO_MARKS,
) -> str:
    """The report of the models of these ``names`` on the rows of `comparison.compare`.

    ``evaluation`` is that of the second model. ``what`` says which images these are, '' for all;
    ``picked`` as in `conclusion.paired`. All text is escaped; of the fixed and of the broken
    images the first `MAX_REPORT_IMAGES` are inlined.
    """
    first, second = names
    return filled(
        "comparison.html.jinja",
        now,
        dataset=evaluation.dataset,
        first=first,
        second=second,
        said=paired(Paired.of(compared), first, second, picked),
        what=what,
        address=address,
        class_noun=class_noun(evaluation.classes),
        changes=changes_by_digit(compared).to_dict("records"),
        marks=marks_table(dict(marks), evaluation.table, "").to_dict("records"),
        groups=_groups(names, evaluation, changed(compared), marks),
    )


def _groups(
    names: tuple[str, str], evaluation: Evaluation, rows: pd.DataFrame, marks: Mapping[int, Mark]
) -> list[dict[str, object]]:
    """The fixed and the broken images of `changed`, with the wrong prediction of each."""
    first, second = names
    fixed, broken = (rows[rows["change"] == change] for change in (Change.FIXED, Change.BROKEN))
    groups = (
        ("fixed", fixed.assign(predicted=fixed["was"]), f"{first} is wrong, {second} is right"),
        ("broken", broken, f"{first} is right, {second} is wrong"),
    )
    return [
        {
            "name": name,
            "n": len(some),
            "meaning": meaning,
            "wrong": wrong,
            "images": pictures(some.assign(right=False), evaluation.dataset.testing, marks),
        }
        for (name, some, meaning), wrong in zip(groups, names, strict=True)
    ]
