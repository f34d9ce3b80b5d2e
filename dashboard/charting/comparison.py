"""Two models side by side: the change of each digit, the two matrices' difference, the curves."""

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charting.axes import (
    MOST_LETTERED,
    class_axis,
    class_tip,
    class_title,
    diverging_scale,
    either,
    on_scale,
    percent_axis,
    percent_tips,
    titled,
    wants_paper,
)
from dashboard.charting.palette import Palette
from engine.io.numbers import percent_decimals

KINDS = ("better", "worse", "not sure")


def change_table(changes: pd.DataFrame) -> pd.DataFrame:
    """`comparison.changes_by_digit` with ``is``: on which side of 0 the interval lies."""
    sides = [changes["low"] > 0, changes["high"] < 0]
    return changes.assign(**{"is": np.select(sides, KINDS[:2], KINDS[2])})


def change_chart(changes: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """The change of each digit's recall with its 95 % interval, around a line at no change."""
    shares = ("change", "low", "high")
    exact = percent_decimals(changes[[*shares]], 1)
    base = alt.Chart(change_table(changes)).encode(
        alt.Y(
            "digit:O", title=class_title(changes["digit"], "true"), axis=alt.Axis(labelLimit=140)
        ),
        alt.Color(
            "is:N",
            scale=alt.Scale(domain=KINDS, range=[palette.right, palette.wrong, palette.faint]),
            legend=alt.Legend(title=None, orient="bottom"),
        ),
        tooltip=[
            class_tip(changes["digit"]),
            *(alt.Tooltip(f"{name}:Q", format=",") for name in ("images", "fixed", "broken")),
            *(alt.Tooltip(f"{name}:Q", format=f"+.{exact}%") for name in shares),
        ],
    )
    across = percent_axis(signed=True)
    lines = base.mark_rule(strokeWidth=2.5).encode(
        alt.X("low:Q", title="change of recall (percentage points)", axis=across), alt.X2("high:Q")
    )
    points = base.mark_point(filled=True, size=75, opacity=1).encode(alt.X("change:Q"))
    zero = alt.Chart(pd.DataFrame({"change": [0]})).mark_rule(color=palette.ink, strokeDash=[3, 3])
    chart = (zero.encode(alt.X("change:Q")) + lines + points).properties(
        height={"step": 34 if len(changes) <= MOST_LETTERED else 16}
    )
    return titled(
        chart,
        f"How the recall of each {class_title(changes['digit'])} changes",
        "Lines: 95 % score intervals for paired proportions (Tango)",
        palette,
    )


def difference_chart(difference: np.ndarray, classes: np.ndarray, palette: Palette) -> alt.Chart:
    """Confusion matrix of the second model minus that of the first, in images; blue is better.

    The selection ``cell`` holds the true and predicted class of a clicked cell as text.
    """
    most = float(np.abs(difference).max())
    table = _difference_table(difference, classes)
    places = 0.5 + 0.5 * on_scale(table["good"], most)
    table["strong"] = wants_paper(places, palette.diverging, palette)
    order = [str(name) for name in classes]
    base = alt.Chart(table).encode(
        alt.X(
            "predicted:N", title=class_title(classes, "predicted"), sort=order,
            axis=class_axis(classes, orient="top"),
        ),
        alt.Y(
            "true:N", title=class_title(classes, "true"), sort=order,
            axis=alt.Axis(labelLimit=110, labelOverlap=len(classes) > MOST_LETTERED),
        ),
        tooltip=[
            alt.Tooltip("true:N"), alt.Tooltip("predicted:N"), alt.Tooltip("images:Q", format="+,")
        ],
    )  # fmt: skip
    colour = alt.Color("good:Q", scale=diverging_scale(palette.diverging, most), legend=None)
    boxes = base.mark_rect(stroke=palette.paper, cursor="pointer").encode(colour)
    click = alt.selection_point(name="cell", fields=["true", "predicted"], toggle=False)
    ink = either(alt.ColorValue, "datum.strong", palette.paper, palette.ink)
    font = alt.ExprRef(f"min(12, width / {3.6 * max(len(classes), 10):.0f})")
    texts = base.mark_text(fontSize=font, aria=False)
    chart = boxes.add_params(click)
    if len(classes) <= MOST_LETTERED:
        chart = chart + texts.encode(text=alt.Text("text:N"), color=ink)
    return titled(
        chart.properties(height=500),
        "Images more (+) or fewer (−) in each cell",
        "Blue: for the better. Orange: for the worse. Click a cell to open its images",
        palette,
    )


def _difference_table(difference: np.ndarray, classes: np.ndarray) -> pd.DataFrame:
    """One row a cell: its change, whether that is good, and how it is written."""
    rows, columns = np.indices(difference.shape)
    table = pd.DataFrame(
        {
            "true": classes[rows.ravel()].astype(str),
            "predicted": classes[columns.ravel()].astype(str),
            "images": difference.ravel(),
            "good": np.where(rows == columns, difference, -difference).ravel(),
        }
    )
    table["text"] = [f"{n:+,}".replace("-", "−") if n else "" for n in table["images"]]
    return table


def accuracy_chart(table: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """`engine.evaluation.risk_coverage.model_table`: the accuracy of each model, its interval."""
    base = alt.Chart(table).encode(
        alt.Y("model:N", title=None, sort=None, axis=alt.Axis(labelLimit=260)),
        tooltip=[alt.Tooltip("model:N"), *percent_tips(table, "accuracy", "low", "high")],
    )
    across = alt.Scale(zero=False)
    lines = base.mark_rule(strokeWidth=2.5, color=palette.right).encode(
        alt.X("low:Q", title="accuracy", axis=percent_axis(), scale=across), alt.X2("high:Q")
    )
    points = base.mark_point(filled=True, size=75, opacity=1, color=palette.right).encode(
        alt.X("accuracy:Q")
    )
    chart = (lines + points).properties(height={"step": 34})
    return titled(chart, "The accuracy of each model", "Lines: 95 % intervals", palette)
