"""What charts of a loss share: its axis, the losses it is compared with, and where it ends."""

import altair as alt
import pandas as pd

from dashboard.charting.axes import either
from dashboard.charting.palette import Palette
from engine.descent.closed_form import QuadraticLoss

HIGHEST = 1e12  # a loss beyond this leaves the chart at its top
JUMPS = [0, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]
TINY = 1e-9
POWERS = [10.0**power for power in range(-12, 13)]  # those outside an axis are not shown
OPTIMUM = "optimum L*"


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


def loss_note(first: int | None, step: int) -> str:
    """How to use the chart, or that the loss is too high for it: above `HIGHEST` from ``first``."""
    if first is None or first > step:
        return "Point at a step to see it, click to stay there"
    return (
        f"Leaves the chart at 1e12, at step {first:,}"
        if first
        else "Starts above 1e12, off the chart"
    )


def jump_axis(last: int) -> alt.Axis:
    """Labels at 0 and the powers of ten up to ``last``: 1 k, 10 k, 1 M."""
    words = (
        "datum.value >= 1e6 ? datum.value / 1e6 + ' M' : "
        "datum.value >= 1e3 ? datum.value / 1e3 + ' k' : datum.value"
    )
    return alt.Axis(values=[jump for jump in JUMPS if jump <= last], labelExpr=words)


def loss_axis(low: float, high: float, title: str = "loss (mean squared error)") -> alt.Y:
    """A log axis from ``low`` to ``high`` with at most eight labels, each a power of ten."""
    words = "datum.value < 1e-3 || datum.value >= 1e6 ? '~e' : ',~g'"
    label = f"replace(format(datum.value, {words}), 'e+', 'e')"
    axis = alt.Axis(values=POWERS, tickCount=8, labelExpr=label)
    scale = alt.Scale(type="log", domainMin=low, domainMax=high, nice=False)
    return alt.Y("Loss:Q", title=title, axis=axis, scale=scale)
