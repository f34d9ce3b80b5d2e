"""How sure a model may be: probabilities against what came true, accuracy against images kept."""

from collections.abc import Iterable

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charting.axes import (
    class_axis,
    class_tip,
    class_title,
    height_for,
    percent_axis,
    percent_tips,
    titled,
    told_apart,
)
from dashboard.charting.palette import Palette
from engine.calibration.reliability import Kind

MOST_POINTS = 200  # of one curve
SHAPES = ["circle", "diamond", "square"]


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


def reliability_chart(shown: dict[Kind, pd.DataFrame], palette: Palette) -> alt.LayerChart:
    """`engine.calibration.reliability.bins` of each kind: the share that is right with its bars.

    On the dashed line a probability is as often true as it says. Kinds differ in colour and shape.
    """
    table = pd.concat([bins.assign(kind=str(kind)) for kind, bins in shown.items()])
    names = [str(kind) for kind in shown]
    legend = alt.Legend(title=None, orient="bottom") if len(names) > 1 else None
    whole = alt.Scale(domain=[0, 1])
    base = alt.Chart(table).encode(
        alt.X(
            "probability:Q", title="probability said", axis=percent_axis(tickCount=6), scale=whole
        ),
        alt.Color(
            "kind:N", scale=alt.Scale(domain=names, range=_colours(shown, palette)), legend=legend
        ),
        tooltip=[
            *([alt.Tooltip("kind:N", title="probability")] if len(names) > 1 else []),
            *percent_tips(table, "probability", "rate", "low", "high"),
            alt.Tooltip("images:Q", format=","),
        ],
    )
    shape = alt.Shape(
        "kind:N", scale=alt.Scale(domain=names, range=SHAPES[: len(names)]), legend=legend
    )
    up = alt.Y("low:Q", title="share that is right", axis=percent_axis(tickCount=6), scale=whole)
    bars = base.mark_rule(strokeWidth=2).encode(up, alt.Y2("high:Q"))
    points = base.mark_point(filled=True, size=70, opacity=1).encode(alt.Y("rate:Q"), shape)
    ends = alt.Chart(pd.DataFrame({"probability": [0, 1]}))
    line = ends.mark_line(color=palette.faint, strokeDash=[4, 3], strokeWidth=1.5).encode(
        alt.X("probability:Q"), alt.Y("probability:Q")
    )
    return titled(
        alt.layer(line, bars, points, height=400),
        "Is it right as often as said?",
        "Dashed: as often as said. Lines: 95 % intervals",
        palette,
    )


def _colours(kinds: Iterable[Kind], palette: Palette) -> list[str]:
    of = {Kind.CALIBRATED: palette.right, Kind.BY_ANSWER: palette.series[1]}
    return [of.get(kind, palette.wrong) for kind in kinds]


def set_coverage_chart(
    tables: dict[str, pd.DataFrame], level: int, palette: Palette
) -> alt.LayerChart:
    """`engine.calibration.conformal.coverage_by_class` of kinds of sets, beside the promise.

    ``level`` is the promise in per cent. Kinds differ in colour and shape.
    """
    table = pd.concat([one.assign(kind=kind) for kind, one in tables.items()])
    table = table.rename(columns={"class": "digit"}).dropna()
    names, kinds = table["digit"], list(tables)
    legend = alt.Legend(title=None, orient="bottom")
    ways = [palette.right, palette.wrong]
    base = alt.Chart(table).encode(
        alt.X("digit:O", title=class_title(names, "true"), axis=class_axis(names)),
        alt.XOffset("kind:N", scale=alt.Scale(domain=kinds)),
        alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=ways), legend=legend),
    )
    least = max(0.0, float(np.floor(10 * min(table["low"].min(), level / 100)) / 10))
    whole = alt.Scale(domain=[least, 1])
    up = alt.Y("coverage:Q", title="sets that hold it", axis=percent_axis(), scale=whole)
    tips = [
        class_tip(names),
        alt.Tooltip("kind:N", title="threshold"),
        *percent_tips(table, "coverage", "low", "high"),
        alt.Tooltip("images:Q", format=","),
    ]
    shape = alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=SHAPES[:2]), legend=legend)
    bars = base.mark_rule(strokeWidth=2).encode(alt.Y("low:Q", scale=whole), alt.Y2("high:Q"))
    points = base.mark_point(filled=True, size=60, opacity=1).encode(up, shape, tooltip=tips)
    line = alt.Chart(pd.DataFrame({"promise": [level / 100]}))
    promise = line.mark_rule(color=palette.ink, strokeDash=[4, 3]).encode(
        alt.Y("promise:Q", scale=whole)
    )
    return titled(
        alt.layer(promise, bars, points, height=height_for(names, 300)),
        f"How often the set of each {class_title(names)} holds it",
        f"Dashed: the promise, {level} %. Lines: 95 % intervals",
        palette,
    )
