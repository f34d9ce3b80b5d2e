"""Accuracy under one kind of corruption, along its severities."""

import altair as alt
import pandas as pd

from dashboard.charting.axes import percent_axis, percent_tips, titled, told_apart
from dashboard.charting.palette import Palette

WHOLE = alt.Scale(domain=[0, 1])


def curve_chart(
    table: pd.DataFrame, kind: str, models: tuple[str, ...], palette: Palette
) -> alt.LayerChart:
    """``accuracy`` of each ``model`` at each ``severity``, 0 the clean images, in its interval."""
    base = alt.Chart(table).encode(
        alt.X(
            "severity:O",
            title="severity",
            scale=alt.Scale(domain=[0, 1, 2, 3, 4, 5]),
            axis=alt.Axis(labelAngle=0, labelExpr="datum.value ? datum.label : 'clean'"),
        ),
        tooltip=[
            alt.Tooltip("model:N"),
            alt.Tooltip("severity:O"),
            *percent_tips(table, "accuracy", "low", "high"),
        ],
    )
    colour, dash = told_apart("model", models, palette)
    up = alt.Y("accuracy:Q", title="right (share of images)", axis=percent_axis(), scale=WHOLE)
    chart = alt.layer(
        base.mark_area(opacity=0.16, aria=False).encode(alt.Y("low:Q"), alt.Y2("high:Q"), colour),
        base.mark_line(strokeWidth=2).encode(up, colour, dash),
        base.mark_point(filled=True, size=60, opacity=1).encode(up, colour),
        height=340,
    )
    return titled(chart, f"Right answers under {kind}", "Bands: 95 % intervals", palette)
