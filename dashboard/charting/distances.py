"""One image among ten templates: its distances, who speaks for whom, and what a change did."""

from enum import StrEnum

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charting.axes import (
    MOST_LETTERED,
    class_tip,
    class_title,
    classes_down,
    distance_format,
    titled,
)
from dashboard.charting.palette import Palette
from engine.evaluation.evaluation import share_of
from engine.io.numbers import behind, small

ROW_PX, AROUND_PX = 22, 140  # a bar's row; title, axis and legend
ROOM_FOR_LABELS = 1.25  # the axis goes on beyond the longest bar, for the figure behind it
TINY = 1e-9
NEAREST = 12  # classes of one image that are shown when there are too many to letter


class Role(StrEnum):
    """What stands beside the prediction in `distance_bars`."""

    TRUE = "true"
    ASKED = "asked about"


def distance_bars(
    distances: np.ndarray,
    classes: np.ndarray,
    predicted: int | str,
    other: int | str | None,
    role: Role,
    unit: str,
    palette: Palette,
) -> alt.LayerChart:
    """How much farther each class is than the prediction (k,), the nearest first; ``other`` is the
    true class or the one asked about, if one was.

    The prediction's own bar has no length: what it is, is written there and not in the legend. Of
    distances that are shares taken from 1 the shares themselves, the highest first.
    """
    share = share_of(unit)
    table = _distance_table(distances, classes, predicted, other, role, share)
    down = classes_down(classes).sort(None)  # the order of the table
    base = alt.Chart(table)
    bars = base.mark_bar().encode(
        _across(table, share),
        down,
        _colour(table, role, palette),
        tooltip=[class_tip(classes), _exact(table, share), alt.Tooltip("is:N")],
    )
    labels = base.mark_text(align="left", dx=4, color=palette.ink, fontSize=11).encode(
        alt.X("farther:Q"), down, alt.Text("label:N")
    )
    chart = (bars + labels).properties(height=ROW_PX * len(table) + AROUND_PX)
    below = "The highest first" if share else f"The nearest first; {unit}"
    return titled(chart, _distance_title(classes, len(table), share), below, palette)


def _across(table: pd.DataFrame, share: str) -> alt.X:
    return alt.X(
        "farther:Q",
        title=share or "farther than the prediction",
        axis=alt.Axis(titleAnchor="end", tickCount=4),  # so that it may begin under long names
        scale=alt.Scale(domain=[0, max(table["farther"].max(), TINY) * ROOM_FOR_LABELS]),
    )


def _colour(table: pd.DataFrame, role: Role, palette: Palette) -> alt.Color:
    """Right and wrong on a true class; else those of the contrast heatmap, what speaks for each."""
    seen = sorted(set(table["is"][table["farther"] > 0]))
    own, predicted = palette.right, palette.wrong
    if role is Role.ASKED:
        own, predicted = palette.contrast[0], palette.contrast[-1]
    return alt.Color(
        "is:N",
        scale=alt.Scale(
            domain=[_both(role), role.value, "predicted", "other"],
            range=[own, own, predicted, palette.faint],
        ),
        legend=alt.Legend(title=None, orient="bottom", values=seen) if len(seen) > 1 else None,
    )


def _both(role: Role) -> str:
    return f"{role} and predicted"


def _exact(table: pd.DataFrame, share: str) -> alt.Tooltip:
    if share:
        return alt.Tooltip("farther:Q", title=share, format=".3~r")
    return alt.Tooltip("distance:Q", format=distance_format(table["distance"]))


def _distance_title(classes: np.ndarray, shown: int, share: str) -> str:
    if shown < len(classes):
        return f"The {NEAREST} nearest of {len(classes)} classes"
    if share:
        return f"{share.capitalize()} of each {class_title(classes)}"
    return f"How much farther each {class_title(classes)} is"


def _distance_table(
    distances: np.ndarray,
    classes: np.ndarray,
    predicted: int | str,
    other: int | str | None,
    role: Role,
    share: str,
) -> pd.DataFrame:
    """The classes with their distances and what each is; of many the nearest, and ``other``.

    ``farther`` is how far behind the prediction, or with a ``share`` 1 − distance.
    """
    table = pd.DataFrame({"digit": classes, "distance": distances})
    table["farther"] = distances - distances[list(classes).index(predicted)]
    table["label"] = ["0" if not far else behind(far) for far in table["farther"]]
    is_other = table["digit"] == other
    name = _both(role) if other == predicted else role.value
    table["is"] = np.select([is_other, table["digit"] == predicted], [name, "predicted"], "other")
    unseen = (table["farther"] == 0) & (table["is"] != "other")  # no bar to have a colour
    table.loc[unseen, "label"] = "0, " + table["is"]
    if share:
        table["farther"] = 1 - distances
        table["label"] = [small(part) for part in table["farther"]]
    table = table.sort_values("farther", kind="stable", ascending=not share)
    if len(table) <= MOST_LETTERED:
        return table
    near = table["distance"].rank(method="first") <= NEAREST
    return table[near | (table["digit"] == other)]


def before_after(
    before: np.ndarray, after: np.ndarray, classes: np.ndarray, unit: str, palette: Palette
) -> alt.LayerChart:
    """Two distances a digit, joined: a hollow dot before the change, a full one after it."""
    share, nearest = share_of(unit), np.where(after == after.min(), "nearest", "other")
    before, after = (1 - before, 1 - after) if share else (before, after)
    table = pd.DataFrame({"digit": classes, "before": before, "after": after, "nearest": nearest})
    colour = alt.Color(
        "nearest:N",
        scale=alt.Scale(domain=["nearest", "other"], range=[palette.contrast[-1], palette.faint]),
        legend=None,
    )
    most = float(max(before.max(), after.max())) or 1.0
    exact = distance_format([*before, *after])
    across = alt.Scale(domain=[0, 1.05 * most])
    base = alt.Chart(table).encode(
        classes_down(classes, ticks=False),
        tooltip=[
            class_tip(classes),
            *(alt.Tooltip(f"{c}:Q", format=exact) for c in ("before", "after")),
        ],
    )
    title = share or f"distance ({unit})"
    joined = base.mark_rule(strokeWidth=2, opacity=0.6).encode(
        alt.X("before:Q", title=title, scale=across, axis=alt.Axis(tickCount=5, titleAnchor="end")),
        alt.X2("after:Q"),
        colour,
    )
    old = base.mark_point(size=45, color=palette.faint).encode(alt.X("before:Q", scale=across))
    new = base.mark_point(size=70, filled=True, opacity=1).encode(
        alt.X("after:Q", scale=across), colour
    )
    chart = (joined + old + new).properties(height=ROW_PX * len(classes) + AROUND_PX)
    return titled(
        chart,
        f"{share.capitalize() + ' of' if share else 'Distance to'} each {class_title(classes)}",
        "Hollow: before the change, full: after it",
        palette,
    )
