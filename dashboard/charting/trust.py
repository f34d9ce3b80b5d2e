"""How sure a model may be: accuracy against the share of images kept."""

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charting.axes import percent_axis, percent_tips, titled, told_apart
from dashboard.charting.palette import Palette

MOST_POINTS = 200  # of one curve


def thinned(curve: pd.DataFrame) -> pd.DataFrame:
    """At most `MOST_POINTS` rows of a curve, its first and last among them."""
    some = np.unique(np.linspace(0, len(curve) - 1, MOST_POINTS).round().astype(int))
    return curve.iloc[some] if len(curve) > MOST_POINTS else curve


def coverage_chart(curves: dict[str, pd.DataFrame], palette: Palette) -> alt.Chart:
    """`engine.evaluation.risk_coverage` of several models: accuracy against the share kept.

    The lines differ in dash as well as in colour.
    """
    table = pd.concat([thinned(curve).assign(model=name) for name, curve in curves.items()])
    table = table[table["kept"] >= 0.01]  # the very first images tell nothing
    chart = (
        alt.Chart(table)
        .mark_line(strokeWidth=2)
        .encode(
            alt.X(
                "kept:Q",
                title="share of the images kept, the largest margins first",
                axis=percent_axis(),
                scale=alt.Scale(domain=[0, 1]),
            ),
            alt.Y(
                "accuracy:Q",
                title="accuracy on those kept",
                axis=percent_axis(),
                scale=alt.Scale(zero=False),
            ),
            *told_apart("model", list(curves), palette),
            tooltip=[
                alt.Tooltip("model:N"),
                *percent_tips(table, "kept", "accuracy"),
                alt.Tooltip("margin:Q", format=".3~r", title="margin at least"),
            ],
        )
        .properties(height=380)
    )
    return titled(chart, "How right each model is where it is surest", "", palette)
