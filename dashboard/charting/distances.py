"""One image among ten templates: its distances, who speaks for whom, and what a change did."""

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charting.axes import (
    class_tip,
    class_title,
    classes_down,
    distance_format,
    either,
    titled,
)
from dashboard.charting.palette import Palette
from engine.evaluation.evaluation import share_of

ROW_PX, AROUND_PX = 22, 110  # a bar's row; title and axis


def answer_bars(
    distances: np.ndarray, classes: np.ndarray, asked: int | str, unit: str, palette: Palette
) -> alt.LayerChart:
    """The distance to each template (k,): the nearest, the class asked about, and the others.

    The two colours are those of the contrast heatmap: what speaks for either class.
    """
    share, nearest = share_of(unit), classes[int(distances.argmin())]
    shown = 1 - distances if share else distances
    table = pd.DataFrame({"digit": classes, "distance": shown})
    table["is"] = np.select(
        [table["digit"] == nearest, table["digit"] == asked], ["nearest", "asked about"], "other"
    )
    colours = [palette.contrast[-1], palette.contrast[0], palette.faint]
    base, exact = alt.Chart(table), distance_format(shown)
    down = classes_down(classes, ticks=False, domain=False)
    bars = base.mark_bar(height={"band": 0.7}).encode(
        alt.X(
            "distance:Q",
            title=share or f"distance ({unit})",
            axis=alt.Axis(tickCount=4, titleAnchor="end"),
            scale=alt.Scale(zero=True, domainMax=float(shown.max()) * 1.16 or 1.0),
        ),
        down,
        alt.Color(
            "is:N",
            scale=alt.Scale(domain=["nearest", "asked about", "other"], range=colours),
            legend=None,
        ),
        opacity=either(alt.OpacityValue, "datum.is == 'other'", 0.45, 1.0),
        tooltip=[class_tip(classes), _exact(share, exact), alt.Tooltip("is:N")],
    )
    labels = base.mark_text(align="left", dx=4, color=palette.ink, fontSize=11)
    labels = labels.encode(alt.X("distance:Q"), down, alt.Text("distance:Q", format=exact))
    chart = (bars + labels).properties(height=ROW_PX * len(classes) + AROUND_PX)
    title, end = (
        f"{_of_each(share)} each {class_title(classes)}",
        "longest" if share else "shortest",
    )
    return titled(chart, title, f"The {end} bar is the answer", palette)


def _exact(share: str, form: str) -> alt.Tooltip:
    return alt.Tooltip("distance:Q", title=share or "distance", format=form)


def _of_each(share: str) -> str:
    return f"{share.capitalize()} of" if share else "Distance to"


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
        f"{_of_each(share)} each {class_title(classes)}",
        "Hollow: before the change, full: after it",
        palette,
    )
