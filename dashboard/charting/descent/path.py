"""Where a descent goes: its path between rings of equal loss, and its three directions."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charting.axes import FIGURES, chart_of, figure, keep_figures, titled
from dashboard.charting.descent.loss import HIGHEST, TINY, loss_axis, steps_axis
from dashboard.charting.palette import Palette
from engine.descent.closed_form import QuadraticLoss
from engine.descent.loss_contours import Window
from engine.descent.notebook import PARAMETERS
from engine.descent.trace import DIRECTIONS
from engine.io.numbers import number

MARKS = {"best possible": "cross", "start": "square", "now": "circle"}


# Each plane as it is named on the screen, with its parameter across and the one up.
PLANES = {"a and b": ("a", "b"), "a and c": ("a", "c"), "b and c": ("b", "c")}


def places(pair: str) -> tuple[int, int]:
    """The places among a, b, c of the two parameters of a plane of `PLANES`."""
    across, up = PLANES[pair]
    return PARAMETERS.index(across), PARAMETERS.index(up)


def path_chart(pair: str, unit: str, palette: Palette) -> alt.LayerChart:
    """The parameters' path over rings of equal loss in the plane of two parameters of ``unit``.

    The tables are `path_tables`.
    """
    x, y = PLANES[pair]
    third = PARAMETERS[({0, 1, 2} - set(places(pair))).pop()]
    axes = _axes(pair)
    base = chart_of("path").encode(*axes)
    tips = [alt.Tooltip("Step:Q", format=","), alt.Tooltip("Loss:Q", format=",.5~g")]
    tips += [alt.Tooltip("x:Q", title=x, format=".4~g"), alt.Tooltip("y:Q", title=y, format=".4~g")]
    path = base.mark_line(color=palette.wrong, strokeWidth=1.5).encode(order=alt.Order("Step:Q"))
    dots = base.mark_circle(color=palette.wrong, size=26, opacity=1).encode(tooltip=tips)
    layers = [_rings(axes, palette), path, dots, _landmarks(axes, palette), keep_figures()]
    apart = alt.Resolve(scale=alt.ScaleResolveMap(shape="independent"))
    chart = alt.layer(*layers, resolve=apart, height=400)
    note = f"Of a·{unit}² + b·{unit} + c. Rings: equal loss while {third} is held where it is"
    return titled(chart, f"How {pair} change, step by step", note, palette)


def path_tables(
    table: pd.DataFrame,
    step: int,
    rings: pd.DataFrame,
    pair: str,
    quadratic: QuadraticLoss,
    frame: Window,
) -> dict[str, pd.DataFrame]:
    """The tables of `path_chart` after ``step`` steps.

    ``table`` is `trace.trace`, ``rings`` `loss_contours.rings` in the same ``frame``.
    """
    x, y = PLANES[pair]
    walked = table[table["Step"] <= step].rename(columns={x: "x", y: "y"})
    inside = walked["x"].between(*frame[:2]) & walked["y"].between(*frame[2:])
    points = {"best possible": tuple(quadratic.optimum[list(places(pair))])}
    ends = {"start": 0, "now": -1}  # named only where they are in the frame
    points |= {k: tuple(walked[["x", "y"]].iloc[at]) for k, at in ends.items() if inside.iloc[at]}
    return {
        "path": walked.loc[inside, ["Step", "Loss", "x", "y"]],
        "rings": rings,
        "landmarks": pd.DataFrame(
            [(name, *point) for name, point in points.items()], columns=["Mark", "x", "y"]
        ),
        FIGURES: pd.DataFrame([frame], columns=["left", "right", "bottom", "top"]),
    }


def _axes(pair: str) -> tuple[alt.X, alt.Y]:
    x, y = PLANES[pair]

    def between(low: str, high: str) -> alt.Scale:
        return alt.Scale(
            domainMin=figure(low, 0.0), domainMax=figure(high, 1.0), nice=False, zero=False
        )

    return (
        alt.X("x:Q", title=x, scale=between("left", "right")),
        alt.Y("y:Q", title=y, scale=between("bottom", "top")),
    )


def _rings(axes: tuple[alt.X, alt.Y], palette: Palette) -> alt.Chart:
    colour = alt.Color(
        "Loss:Q",
        scale=alt.Scale(type="log", range=list(palette.sequential[1:])),
        legend=alt.Legend(title="loss", format="~s", tickCount=4, gradientLength=140),
    )
    return (
        chart_of("rings")
        .mark_line(clip=True, strokeWidth=1.2)
        .encode(
            *axes,
            colour,
            detail=[alt.Detail("Loss:N"), alt.Detail("piece:N")],
            order=alt.Order("order:Q"),
            tooltip=[alt.Tooltip("Loss:Q", format=",.4~g")],
        )
    )


def _landmarks(axes: tuple[alt.X, alt.Y], palette: Palette) -> alt.Chart:
    shape = alt.Shape(
        "Mark:N",
        scale=alt.Scale(domain=list(MARKS), range=list(MARKS.values())),
        legend=alt.Legend(title=None, orient="bottom", symbolStrokeColor=palette.ink),
    )
    marks = chart_of("landmarks").mark_point(
        size=110, strokeWidth=2, filled=False, color=palette.ink
    )
    return marks.encode(*axes, shape)


def directions_chart(names: Sequence[str], last: int, palette: Palette) -> alt.LayerChart:
    """How much loss each eigen-direction still causes, at each step to ``last``, on a log axis.

    ``names`` are `direction_names`, the tables `direction_tables`.
    """
    colour = alt.Color(
        "Direction:N",
        scale=alt.Scale(domain=list(names), range=list(palette.series[:3])),
        legend=alt.Legend(title=None, orient="bottom", direction="vertical", labelLimit=300),
    )
    tips = [alt.Tooltip("Direction:N"), alt.Tooltip("Step:Q", format=",")]
    tips.append(alt.Tooltip("Loss:Q", format=".4~g", title="Loss above the optimum"))
    up = loss_axis(figure("low", 1.0), figure("high", 10.0), "loss above the optimum")
    base = chart_of("directions").encode(steps_axis(last), up, colour)
    lines = base.mark_line(strokeWidth=2)
    dots = base.mark_circle(size=30, opacity=0).encode(tooltip=tips)
    here = base.transform_filter("datum.Now").mark_circle(size=90, opacity=1)
    chart = alt.layer(lines, dots, here, keep_figures(), height=400)
    return titled(
        chart, "What each direction still costs", "The bowl's three eigen-directions", palette
    )


def direction_tables(
    table: pd.DataFrame, step: int, names: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """The tables of `directions_chart` after ``step`` steps, from `engine.descent.trace.trace`."""
    renamed = table.drop(columns="Loss").rename(columns=dict(zip(DIRECTIONS, names, strict=True)))
    long = renamed.melt("Step", list(names), "Direction", "Loss")
    long = long[long["Loss"].between(TINY, HIGHEST)]
    low, high = (long["Loss"].min(), long["Loss"].max()) if len(long) else (TINY, 1.0)
    return {
        "directions": long.assign(Now=long["Step"] == step),
        FIGURES: pd.DataFrame({"low": [low / 2], "high": [2 * high]}),
    }


def direction_names(quadratic: QuadraticLoss) -> list[str]:
    """Each eigen-direction by its rank, its curvature and the parameter it mostly moves."""
    mostly = [PARAMETERS[place] for place in abs(quadratic.axes).argmax(axis=0)]
    return [
        f"{rank}: mostly {letter}, curvature {number(value)}"
        for rank, value, letter in zip(DIRECTIONS, quadratic.curvatures, mostly, strict=True)
    ]


def in_view(table: pd.DataFrame, step: int, quadratic: QuadraticLoss, pair: str) -> np.ndarray:
    """The points the path's frame must hold: the steps until the loss explodes, and the optimum."""
    first = max(float(table["Loss"].iloc[0]), 1.0)
    walked = table[(table["Step"] <= step) & (table["Loss"] <= 100 * first)]
    return np.vstack([walked[list(PLANES[pair])].to_numpy(), quadratic.optimum[list(places(pair))]])
