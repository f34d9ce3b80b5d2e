"""Accuracy under every kind of corruption, as a heat table."""

import altair as alt
import pandas as pd

from dashboard.charting.axes import (
    either,
    percent_tips,
    sequential_scale,
    titled,
    wants_paper,
)
from dashboard.charting.palette import Palette

WHOLE = alt.Scale(domain=[0, 1])
FONT = alt.ExprRef("min(12, width / 26)")  # still fits its cell on a phone


def heat_chart(table: pd.DataFrame, across: str, title: str, palette: Palette) -> alt.LayerChart:
    """A row for each ``kind``, a column for each value of ``across``, in the order of ``table``.

    ``share`` in [0, 1] colours a cell and ``text`` stands in it. The selection ``cell`` holds the
    kind and the column of a cell that is clicked.
    """
    strong = wants_paper(table["share"], palette.sequential, palette)
    base = alt.Chart(table.assign(strong=strong)).encode(
        alt.X(f"{across}:N", sort=None, title=across, axis=alt.Axis(orient="top", labelAngle=0)),
        alt.Y("kind:N", sort=None, title=None, axis=alt.Axis(labelLimit=110)),
        tooltip=[
            alt.Tooltip("kind:N"),
            alt.Tooltip(f"{across}:N"),
            *percent_tips(table, "share", "low", "high"),
        ],
    )
    click = alt.selection_point(name="cell", fields=["kind", across], toggle=False)
    colour = alt.Color("share:Q", scale=sequential_scale(palette, 1.0), legend=None)
    boxes = base.mark_rect(stroke=palette.paper, cursor="pointer").encode(colour)
    ink = either(alt.ColorValue, "datum.strong", palette.paper, palette.ink)
    texts = base.mark_text(fontSize=FONT, aria=False).encode(text=alt.Text("text:N"), color=ink)
    chart = (boxes.add_params(click) + texts).properties(height={"step": 26})
    return titled(chart, title, "Right answers in % of the test images", palette)
