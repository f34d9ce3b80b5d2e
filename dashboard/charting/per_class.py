"""How well each class is recognised: a bar for each."""

import altair as alt
import pandas as pd

from dashboard.charting.axes import (
    class_axis,
    class_tip,
    class_title,
    height_for,
    percent_axis,
    percent_tips,
    titled,
)
from dashboard.charting.palette import Palette
from engine.io.numbers import percent


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
    over_all = "" if reference is None else f". Dashed: {percent(reference, 2)}, over all"
    return titled(chart, title, f"Thin lines: 95 % intervals{over_all}", palette)


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
