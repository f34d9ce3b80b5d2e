"""The ladder of cures as bars: what each makes right and what it makes wrong."""

import altair as alt
import pandas as pd

from dashboard.charting.axes import titled
from dashboard.charting.palette import Palette

SIDES = ("fixed", "broken")


def ladder_chart(rungs: pd.DataFrame, palette: Palette) -> alt.Chart:
    """A row for each ``cure``, in the order given: ``fixed`` to the right, ``broken`` to the left.

    Both are in images.
    """
    long = rungs.melt(["cure"], list(SIDES), "what", "images")
    signs = long["what"].map({"fixed": 1, "broken": -1})
    chart = (
        alt.Chart(long.assign(change=signs * long["images"]))
        .mark_bar()
        .encode(
            alt.X(
                "change:Q",
                title="images broken and fixed",
                axis=alt.Axis(labelExpr="format(abs(datum.value), ',')", tickMinStep=1),
            ),
            alt.Y("cure:N", sort=list(rungs["cure"]), title=None, axis=alt.Axis(labelLimit=160)),
            alt.Color(
                "what:N",
                scale=alt.Scale(domain=SIDES, range=[palette.right, palette.wrong]),
                legend=alt.Legend(title=None, orient="bottom"),
            ),
            tooltip=[
                alt.Tooltip("cure:N"),
                alt.Tooltip("what:N"),
                alt.Tooltip("images:Q", format=","),
            ],
        )
        .properties(height={"step": 24})
    )
    return titled(chart, "What each cure alone fixes and breaks", "", palette)
