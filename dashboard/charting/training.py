"""A training as it runs: loss on the training images, accuracy on those held out."""

import altair as alt
import pandas as pd

from dashboard.charting.axes import (
    class_axis,
    class_tip,
    class_title,
    height_for,
    percent_axis,
    titled,
)
from dashboard.charting.palette import Palette
from engine.io.numbers import percent_decimals
from engine.models.learned_templates import Look

MOST_STEPS = 7  # between the ticks of an axis of images


def looks_table(looks: list[Look]) -> pd.DataFrame:
    """One row per look: Step, Epoch, Loss (missing at the start), Accuracy."""
    rows = [(look.step, look.epoch, look.loss, look.accuracy) for look in looks]
    return pd.DataFrame(rows, columns=["Step", "Epoch", "Loss", "Accuracy"])


def loss_chart(table: pd.DataFrame, epochs: int, palette: Palette) -> alt.LayerChart:
    """Mean cross-entropy since the look before, against epochs."""
    up = alt.Y("Loss:Q", title="cross-entropy (nats)", scale=alt.Scale(zero=True))
    chart = _line(table.dropna(subset="Loss"), up, ".4f", epochs, palette.ink)
    return titled(
        chart, "Cross-entropy on the training images", "Average since last evaluation", palette
    )


def accuracy_chart(table: pd.DataFrame, epochs: int, palette: Palette) -> alt.LayerChart:
    """Share of the held-out images that are right, against epochs; dashed: before training."""
    up = alt.Y(
        "Accuracy:Q",
        title="accuracy",
        axis=percent_axis(),
        scale=alt.Scale(zero=False, padding=12),
    )
    start = alt.Chart(table.head(1)).mark_rule(color=palette.faint, strokeDash=[5, 3])
    form = f".{percent_decimals(table['Accuracy'], 2)}%"
    chart = _line(table, up, form, epochs, palette.right) + start.encode(up)
    return titled(chart, "Accuracy on held-out images", "Dashed: the mean templates", palette)


def _line(table: pd.DataFrame, up: alt.Y, form: str, epochs: int, colour: str) -> alt.LayerChart:
    across = alt.X("Epoch:Q", title="epoch", scale=alt.Scale(domain=[0, epochs], nice=False))
    tips = [
        alt.Tooltip("Step:Q", format=",", title="mini-batches"),
        alt.Tooltip(up.shorthand, format=form),
    ]
    base = alt.Chart(table).encode(across, up)
    dots = base.mark_circle(size=28, color=colour, opacity=1).encode(tooltip=tips)
    return (base.mark_line(color=colour, strokeWidth=2) + dots).properties(height=300)


def changes_chart(table: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """Images fixed (up) and broken (down) of each true digit."""
    long = table.assign(broken=-table["broken"]).melt("digit", ["fixed", "broken"], "change")
    colour = alt.Color(
        "change:N",
        scale=alt.Scale(domain=["fixed", "broken"], range=[palette.right, palette.wrong]),
        legend=alt.Legend(title=None, orient="bottom"),
    )
    bars = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            alt.X(
                "digit:O",
                title=class_title(table["digit"], "true"),
                axis=class_axis(table["digit"]),
            ),
            _up(table),
            colour,
            tooltip=[
                class_tip(table["digit"]),
                alt.Tooltip("change:N"),
                alt.Tooltip("value:Q", format=","),
            ],
        )
    )
    zero = (
        alt.Chart(pd.DataFrame({"value": [0]}))
        .mark_rule(color=palette.ink)
        .encode(y=alt.Y("value:Q"))
    )
    chart = (bars + zero).properties(height=height_for(table["digit"], 300))
    return titled(
        chart, f"Test images fixed and broken, by true {class_title(table['digit'])}", "", palette
    )


def _up(table: pd.DataFrame) -> alt.Y:
    """The axis of images fixed and broken."""
    ticks = _ticks(int(table["broken"].max()), int(table["fixed"].max()))
    return alt.Y(
        "value:Q",
        title="test images",
        axis=alt.Axis(format="~s", values=ticks),
        scale=alt.Scale(domain=[ticks[0], ticks[-1]]),
    )


def _ticks(down: int, up: int) -> list[int]:
    """Even whole numbers of images from -``down`` to ``up``, or just beyond both; 0 among them."""
    step = next(
        many * 10**power
        for power in range(10)
        for many in (1, 2, 5)
        if down + up <= MOST_STEPS * many * 10**power
    )
    return list(range(-step * -(-down // step), step * -(-max(up, 1) // step) + 1, step))
