"""Accuracy along an attribute: a point with its interval for each group of images."""

import altair as alt
import pandas as pd

from dashboard.charting.axes import percent_axis, percent_tips, titled, told_apart
from dashboard.charting.palette import Palette

WHOLE = alt.Scale(domain=[0, 1])
TWO_LINES = (
    "indexof(datum.label, ' to ') < 0 ? datum.label : "
    "[slice(datum.label, 0, indexof(datum.label, ' to ')) + ' to', "
    "slice(datum.label, indexof(datum.label, ' to ') + 4)]"
)


def along_chart(
    table: pd.DataFrame, attribute: str, unit: str, models: tuple[str, ...], palette: Palette
) -> alt.LayerChart:
    """A row of ``table`` is a ``model`` on a ``group``: ``rate``, ``low``, ``high``, ``images``.

    Groups stand in the order of the table. The selection ``bin`` holds the group that is clicked.
    """
    base = alt.Chart(table).encode(
        _across(table, attribute, unit),
        tooltip=[
            alt.Tooltip("model:N"),
            alt.Tooltip("group:N", title=attribute),
            *percent_tips(table, "rate", "low", "high"),
            alt.Tooltip("images:Q", format=","),
        ],
    )
    click = alt.selection_point(name="bin", fields=["group"], toggle=False)
    whole_height = base.mark_bar(color=palette.paper, opacity=0, cursor="pointer", aria=False)
    colour, dash = told_apart("model", models, palette)
    up = alt.Y("rate:Q", title="right (share of images)", axis=percent_axis(), scale=WHOLE)
    from_to = alt.Y("low:Q"), alt.Y2("high:Q"), colour
    chart = alt.layer(
        whole_height.encode(alt.YDatum(0), alt.Y2Datum(1)).add_params(click),
        base.mark_area(opacity=0.16, aria=False).encode(*from_to),
        base.mark_rule(strokeWidth=1.5).encode(*from_to),
        base.mark_line(strokeWidth=2).encode(up, colour, dash),
        base.mark_point(filled=True, size=90, opacity=1, cursor="pointer").encode(up, colour),
        height=400,
    )
    words = "Bands: 95 % intervals. Click a group to open its images"
    return titled(chart, f"How often answers are right by {attribute}", words, palette)


def _across(table: pd.DataFrame, attribute: str, unit: str) -> alt.X:
    return alt.X(
        "group:N",
        sort=list(dict.fromkeys(table["group"])),
        title=f"{attribute}{f' ({unit})' if unit else ''}",
        axis=alt.Axis(labelAngle=0, labelExpr=TWO_LINES),
    )
