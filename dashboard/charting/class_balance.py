"""What a dataset holds: each class's share of the training and of the test images."""

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

SPLITS = ("training", "testing")


def balance_chart(counts: pd.DataFrame, palette: Palette) -> alt.Chart:
    """Two bars a class of `engine.datasets.summary.class_counts`: its share of either split."""
    shares = counts.assign(**{name: counts[name] / max(counts[name].sum(), 1) for name in SPLITS})
    long = shares.melt("digit", SPLITS, "split", "share")
    long["images"] = counts.melt("digit", SPLITS)["value"]
    chart = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            alt.X(
                "digit:O",
                title=class_title(counts["digit"]),
                axis=class_axis(counts["digit"]),
            ),
            alt.Y("share:Q", title="share of the images", axis=percent_axis()),
            alt.Color(
                "split:N",
                scale=alt.Scale(domain=SPLITS, range=[palette.ink, palette.faint]),
                legend=alt.Legend(title=None, orient="bottom"),
            ),
            alt.XOffset("split:N", sort=SPLITS),
            tooltip=[
                class_tip(counts["digit"]),
                alt.Tooltip("split:N"),
                alt.Tooltip("images:Q", format=","),
                *percent_tips(long, "share"),
            ],
        )
    )
    title = "Share of each class"
    return titled(chart.properties(height=height_for(counts["digit"], 330)), title, "", palette)
