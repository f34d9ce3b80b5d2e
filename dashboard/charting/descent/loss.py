"""The loss of a descent, step by step, and the axes its sister charts share with it."""

import altair as alt
import pandas as pd

from dashboard.charting.axes import FIGURES, chart_of, either, figure, keep_figures, titled
from dashboard.charting.palette import Palette
from engine.descent.closed_form import QuadraticLoss
from engine.descent.trace import LOOPED

HIGHEST = 1e12  # a loss beyond this leaves the chart at its top
JUMPS = [0, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]
TINY = 1e-9
POWERS = [10.0**power for power in range(-12, 13)]  # those outside an axis are not shown
End = float | alt.ExprRef  # of an axis
OPTIMUM = "optimum L*"


def loss_chart(last: int, note: str, palette: Palette) -> alt.LayerChart:
    """The loss at each step to ``last`` on a log axis, with L* and the loss of the mean as lines.

    The tables are `loss_tables`. A click picks a step (selection "step"); hovering reads one.
    """
    up = loss_axis(figure("low", 1.0), figure("high", 10.0))
    across = steps_axis(last)
    base = chart_of("losses")
    pick = alt.selection_point(
        name="step", fields=["Step"], nearest=True, on="click", empty=False, clear=False
    )
    near = alt.selection_point(
        name="near", fields=["Step"], nearest=True, on="pointerover", empty=False
    )
    ahead = base.mark_line(color=palette.faint, opacity=0.45).encode(across, up)
    done = base.transform_filter("datum.Taken").mark_line(color=palette.wrong, strokeWidth=2.5)
    dots = base.mark_point(filled=True, size=70, color=palette.wrong).encode(
        across,
        up,
        opacity=alt.OpacityValue(0, condition={"param": near.name, "empty": False, "value": 1}),
        tooltip=[alt.Tooltip("Step:Q", format=","), alt.Tooltip("Loss:Q", format=",.5~g")],
    )
    here = base.transform_filter("datum.Now").mark_point(
        filled=True, size=110, color=palette.wrong, opacity=1
    )
    layers = [ahead, done.encode(across, up), here.encode(across, up), dots.add_params(near, pick)]
    lines = level_lines(chart_of("levels"), up, palette)
    chart = alt.layer(*layers, *lines, keep_figures(), height=380)
    return titled(chart, "Loss, step by step", note, palette)


def loss_tables(
    table: pd.DataFrame, step: int, quadratic: QuadraticLoss
) -> dict[str, pd.DataFrame]:
    """The tables of `loss_chart` after ``step`` steps; ``table`` is `engine.descent.trace.trace`.

    Steps not yet taken are there, too, so that the axis stands still while one steps.
    """
    shown = table[table["Loss"] <= HIGHEST]
    taken = shown["Step"] <= step
    last = shown["Step"][taken].max()  # the last that the chart can hold
    low, high = loss_frame(shown, quadratic)
    return {
        "losses": shown[["Step", "Loss"]].assign(Taken=taken, Now=shown["Step"] == last),
        "levels": levels(quadratic),
        FIGURES: pd.DataFrame({"low": [low], "high": [high]}),
    }


def loss_frame(shown: pd.DataFrame, quadratic: QuadraticLoss) -> tuple[float, float]:
    """The lowest and highest loss of an axis that holds the curve, L* and the mean's loss."""
    bottom = quadratic.floor if quadratic.has_noise else max(float(shown["Loss"].min()), TINY)
    top = max(float(shown["Loss"].max()) if len(shown) else 1.0, quadratic.flat)
    return 0.4 * bottom, min(1.6 * top, HIGHEST)


def levels(quadratic: QuadraticLoss) -> pd.DataFrame:
    """Losses to compare with, Loss and Name: of always guessing the mean, and L* if above 0."""
    rows = [(quadratic.flat, "always guess the mean")]
    if quadratic.has_noise:
        rows.append((quadratic.floor, OPTIMUM))
    return pd.DataFrame(rows, columns=["Loss", "Name"])


def level_lines(base: alt.Chart, up: alt.Y, palette: Palette) -> list[alt.Chart]:
    """Lines with their names on the axis ``up`` for a chart of `levels`."""
    # Values and no scale, which would show in legends.
    colour = either(alt.ColorValue, f"datum.Name == '{OPTIMUM}'", palette.right, palette.ink)
    base = base.encode(up, color=colour)
    words = base.mark_text(align="right", baseline="top", dx=-4, dy=4, fontSize=11)
    words = words.encode(x=alt.XValue("width"), text=alt.Text("Name:N"))
    return [base.mark_rule(strokeDash=[5, 3]), words]


def loss_note(table: pd.DataFrame, step: int) -> str:
    """How to use the chart, or that the loss is too high for it."""
    high = table[(table["Loss"] > HIGHEST) & (table["Step"] <= step)]
    if high.empty:
        return "Hover to read a step, click to go there"
    first = high["Step"].iloc[0]
    return (
        f"Leaves the chart at 1e12, at step {first:,}"
        if first
        else "Starts above 1e12, off the chart"
    )


def steps_axis(last: int) -> alt.X:
    """Steps 0 … ``last``: linear up to 50, beyond that logarithmic but for its zero."""
    if last <= LOOPED:
        return alt.X("Step:Q", title="step", scale=alt.Scale(domain=[0, last], nice=False))
    scale = alt.Scale(type="symlog", domain=[0, last], nice=False)
    return alt.X("Step:Q", title="step (log scale)", axis=jump_axis(last), scale=scale)


def jump_axis(last: int) -> alt.Axis:
    """Labels at 0 and the powers of ten up to ``last``: 1 k, 10 k, 1 M."""
    words = (
        "datum.value >= 1e6 ? datum.value / 1e6 + ' M' : "
        "datum.value >= 1e3 ? datum.value / 1e3 + ' k' : datum.value"
    )
    return alt.Axis(values=[jump for jump in JUMPS if jump <= last], labelExpr=words)


def loss_axis(low: End, high: End, title: str = "loss (mean squared error)") -> alt.Y:
    """A log axis from ``low`` to ``high`` with at most eight labels, each a power of ten."""
    words = "datum.value < 1e-3 || datum.value >= 1e6 ? '~e' : ',~g'"
    label = f"replace(format(datum.value, {words}), 'e+', 'e')"
    axis = alt.Axis(values=POWERS, tickCount=8, labelExpr=label)
    scale = alt.Scale(type="log", domainMin=low, domainMax=high, nice=False)
    return alt.Y("Loss:Q", title=title, axis=axis, scale=scale)
