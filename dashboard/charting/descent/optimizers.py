"""Other ways down: other learning rates, and other optimisers."""

import altair as alt
import pandas as pd

from dashboard.charting.axes import titled, told_apart
from dashboard.charting.descent.fit import band_colours, rate_axis
from dashboard.charting.descent.loss import (
    HIGHEST,
    TINY,
    jump_axis,
    level_lines,
    levels,
    loss_axis,
    loss_frame,
)
from dashboard.charting.palette import Palette
from engine.descent.closed_form import QuadraticLoss
from engine.io.numbers import learning_rate, number


def sweep_chart(
    table: pd.DataFrame,
    bands: pd.DataFrame,
    lr: float,
    quadratic: QuadraticLoss,
    domain: tuple[float, float],
    palette: Palette,
) -> alt.LayerChart:
    """The loss after the chosen steps against the learning rate, with the true limit marked."""
    shown = table[table["Loss"] <= max(quadratic.flat * 1e4, 1.0)]
    low, high = loss_frame(shown, quadratic)
    across = alt.X("Learning rate:Q", scale=rate_axis(domain), title="learning rate (log scale)")
    up = loss_axis(low, high, "loss after the last step")
    base = alt.Chart(shown).encode(across, up)
    tips = [alt.Tooltip("Learning rate:Q", format=".3~e"), alt.Tooltip("Loss:Q", format=",.5~g")]
    line = base.mark_line(color=palette.ink, strokeWidth=2)
    dots = base.mark_circle(size=60, opacity=0).encode(tooltip=tips)
    back, rules = _bands(bands, domain, palette), _rate_rules(lr, quadratic, domain, palette)
    return alt.layer(
        back, line, dots, *rules, *level_lines(alt.Chart(levels(quadratic)), up, palette)
    )


def _bands(bands: pd.DataFrame, domain: tuple[float, float], palette: Palette) -> alt.Chart:
    colours = band_colours(palette)
    strips = bands.assign(From=bands["From"].clip(*domain), To=bands["To"].clip(*domain))
    colour = alt.Color(
        "Band:N",
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=alt.Legend(title=None, orient="bottom"),
    )
    across = alt.X("From:Q", scale=rate_axis(domain), axis=alt.Axis(format="~e"))
    return alt.Chart(strips).mark_rect(opacity=0.18).encode(across, alt.X2("To:Q"), colour)


def _rate_rules(
    lr: float, quadratic: QuadraticLoss, domain: tuple[float, float], palette: Palette
) -> list:
    table = pd.DataFrame(
        {
            "Learning rate": [quadratic.limit, lr],
            "Name": ["limit 2/λmax", "your rate"],
            "y": [8, 24],
        }
    )
    table = table[table["Learning rate"].between(*domain)]
    base = alt.Chart(table).encode(alt.X("Learning rate:Q", scale=rate_axis(domain)))
    rules = base.mark_rule(color=palette.ink, strokeDash=[2, 2])
    words = base.mark_text(align="left", dx=4, fontSize=11, color=palette.ink)
    return [rules, words.encode(alt.Y("y:Q", scale=None, axis=None), text=alt.Text("Name:N"))]


def race_chart(
    curves: pd.DataFrame, order: list[str], quadratic: QuadraticLoss, palette: Palette
) -> alt.LayerChart:
    """The loss of every method against passes over the data, both on log axes."""
    shown = curves[curves["Loss"].between(TINY, HIGHEST)]
    low, high = loss_frame(shown, quadratic)
    last = int(shown["Pass"].max())
    scale = alt.Scale(type="symlog", domain=[0, last], nice=False)
    across = alt.X(
        "Pass:Q", title="passes over the data (log scale)", axis=jump_axis(last), scale=scale
    )
    up = loss_axis(low, high)
    base = alt.Chart(shown).encode(across, up)
    tips = [
        alt.Tooltip("Method:N"),
        alt.Tooltip("Pass:Q", format=","),
        alt.Tooltip("Loss:Q", format=",.5~g"),
    ]
    lines = base.mark_line(strokeWidth=2).encode(*told_apart("Method", order, palette, columns=2))
    dots = base.mark_circle(size=40, opacity=0).encode(tooltip=tips)
    chart = alt.layer(
        lines, dots, *level_lines(alt.Chart(levels(quadratic)), up, palette), height=400
    )
    return titled(chart, "Each method at its own learning rate", "", palette)


SINCE = ("Lowest since", "Highest since")


def standings_table(standings: pd.DataFrame, goal: float) -> pd.DataFrame:
    """The race's standings as text for the reader: rates as typed, and no missing figures.

    A method may reach the ``goal`` and leave it again; its row says so, and between which losses
    it swings since, as its last one hangs on how the sums are rounded.
    """
    home = standings["Passes to the goal"].map(
        lambda n: "not reached" if pd.isna(n) else f"{n:,.0f}"
    )
    left = standings["Highest since"].astype(float) > goal
    home = home.where(~left, home + ", then left again")
    low, high = (standings[name].map(number) for name in SINCE)
    swing = "swings between " + low + " and " + high
    columns = {
        "Learning rate": standings["Learning rate"].map(learning_rate),
        "Passes to the goal": home,
        "Loss at the end": standings["Loss at the end"].map(number).where(~left, swing),
    }
    return standings.assign(**columns).drop(columns=list(SINCE))
