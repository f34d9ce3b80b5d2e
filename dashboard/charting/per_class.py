"""How well each digit is recognised, and how far one image is from each template."""

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charting.axes import (
    MOST_LETTERED,
    class_axis,
    class_tip,
    class_title,
    classes_down,
    distance_format,
    height_for,
    percent_axis,
    percent_tips,
    titled,
)
from dashboard.charting.palette import Palette
from engine.evaluation.evaluation import share_of
from engine.io.numbers import behind, percent, small

ROOM_FOR_LABELS = 1.25  # the axis goes on beyond the longest bar, for the figure behind it
TINY = 1e-9
NEAREST = 12  # classes of one image that are shown when there are too many to letter


def rate_bars(
    scores: pd.DataFrame, rate: str, title: str, palette: Palette, reference: float | None = None
) -> alt.LayerChart:
    """One bar a digit of `engine.evaluation.metrics.per_digit`: ``rate`` with its 95 % interval.

    ``reference`` draws a dashed line, for a rate over all digits.
    """
    base = alt.Chart(scores)
    names = scores["digit"]
    across = alt.X("digit:O", title=class_title(names), axis=class_axis(names))
    up = alt.Y(
        f"{rate}:Q",
        title=f"{rate} (share of images)",
        axis=percent_axis(),
        scale=alt.Scale(domain=[0, 1]),
    )
    tips = [
        class_tip(names),
        *percent_tips(scores, rate, f"{rate} low", f"{rate} high"),
        alt.Tooltip("images:Q", format=","),
    ]
    bars = base.mark_bar(color=palette.right, opacity=0.75).encode(across, up, tooltip=tips)
    whiskers = base.mark_rule(color=palette.ink, strokeWidth=1.5).encode(
        across, alt.Y(f"{rate} low:Q"), alt.Y2(f"{rate} high:Q")
    )
    layers = [bars, whiskers]
    if reference is not None:
        line = alt.Chart(pd.DataFrame({"all": [reference]}))
        layers.append(
            line.mark_rule(color=palette.faint, strokeDash=[4, 3]).encode(y=alt.Y("all:Q"))
        )
    chart = alt.layer(*layers, height=height_for(names, 320))
    over_all = "" if reference is None else f". Dashed: {percent(reference, 1)}, over all"
    return titled(chart, title, f"Thin lines: 95 % intervals{over_all}", palette)


def distance_bars(
    distances: np.ndarray,
    classes: np.ndarray,
    true: int,
    predicted: int,
    unit: str,
    palette: Palette,
) -> alt.LayerChart:
    """How much farther each class is than the prediction (k,), the nearest first.

    Of distances that are shares taken from 1 the shares themselves, the highest first.
    """
    share = share_of(unit)
    table = _distance_table(distances, classes, true, predicted, share)
    kinds = ["true and predicted", "true", "predicted", "other"]
    colours = [palette.right, palette.right, palette.wrong, palette.faint]
    down = classes_down(classes).sort(None)  # the order of the table
    tips = [class_tip(classes), _exact(table, share), alt.Tooltip("is:N")]
    base = alt.Chart(table)
    bars = base.mark_bar().encode(
        alt.X(
            "farther:Q",
            title=share or "farther than the prediction",
            axis=alt.Axis(titleAnchor="end", tickCount=4),  # so that it may begin under long names
            scale=alt.Scale(domain=[0, max(table["farther"].max(), TINY) * ROOM_FOR_LABELS]),
        ),
        down,
        alt.Color(
            "is:N",
            scale=alt.Scale(domain=kinds, range=colours),
            legend=alt.Legend(title=None, orient="bottom", values=sorted(set(table["is"]))),
        ),
        tooltip=tips,
    )
    labels = base.mark_text(align="left", dx=4, color=palette.ink, fontSize=11).encode(
        alt.X("farther:Q"), down, alt.Text("label:N")
    )
    title = _distance_title(classes, len(table), share)
    below = "The highest first" if share else f"The nearest first; {unit}"
    return titled((bars + labels).properties(height=360), title, below, palette)


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
    distances: np.ndarray, classes: np.ndarray, true: int, predicted: int, share: str
) -> pd.DataFrame:
    """The classes with their distances and what each is; of many the nearest, and the true one.

    ``farther`` is how far behind the prediction, or with a ``share`` 1 − distance.
    """
    table = pd.DataFrame({"digit": classes, "distance": distances})
    table["farther"] = distances - distances[list(classes).index(predicted)]
    table["label"] = ["0" if not far else behind(far) for far in table["farther"]]
    table["is"] = np.select(
        [table["digit"] == predicted, table["digit"] == true], ["predicted", "true"], "other"
    )
    if true == predicted:
        table.loc[table["digit"] == true, "is"] = "true and predicted"
    if share:
        table["farther"] = 1 - distances
        table["label"] = [small(part) for part in table["farther"]]
    table = table.sort_values("farther", kind="stable", ascending=not share)
    if len(table) <= MOST_LETTERED:
        return table
    near = table["distance"].rank(method="first") <= NEAREST
    return table[near | (table["digit"] == true)]


def value_bars(
    table: pd.DataFrame, value: str, title: str, unit: str, palette: Palette
) -> alt.Chart:
    """One bar a digit of a table with ``digit`` and ``value``; the unit stands under the title."""
    chart = (
        alt.Chart(table)
        .mark_bar(color=palette.ink, opacity=0.7)
        .encode(
            alt.X("digit:O", title=class_title(table["digit"]), axis=class_axis(table["digit"])),
            alt.Y(f"{value}:Q", title=value),
            tooltip=[class_tip(table["digit"]), alt.Tooltip(f"{value}:Q", format=".3f")],
        )
    )
    return titled(chart.properties(height=height_for(table["digit"], 300)), title, unit, palette)
