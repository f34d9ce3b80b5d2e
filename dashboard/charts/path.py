"""Where a descent goes: its path between rings of equal loss, and its three directions."""

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts.base import titled
from dashboard.charts.descent import HIGHEST, TINY, loss_axis, steps_axis
from dashboard.style import Palette
from engine.descent import DIRECTIONS, LOOPED
from engine.eigen import Bowl
from engine.quadratic import PARAMETERS

Frame = tuple[float, float, float, float]


def places(pair: str) -> tuple[int, int]:
    """The places among a, b, c of the two parameters in "a and b"."""
    across, up = pair.split(" and ")
    return PARAMETERS.index(across), PARAMETERS.index(up)


def path_chart(
    table: pd.DataFrame,
    step: int,
    rings: pd.DataFrame,
    pair: str,
    bowl: Bowl,
    frame: Frame,
    palette: Palette,
) -> alt.LayerChart:
    """The parameters' path over rings of equal loss in the plane of two parameters.

    ``table`` is `engine.descent.trace`, ``rings`` `engine.contours.rings` in the same ``frame``.
    """
    x, y = pair.split(" and ")
    across, up = _axes(pair, frame)
    walked = table[table["Step"] <= step].rename(columns={x: "x", y: "y"})
    inside = walked["x"].between(*frame[:2]) & walked["y"].between(*frame[2:])
    base = alt.Chart(walked[inside]).encode(across, up)
    tips = [alt.Tooltip("Step:Q", format=","), alt.Tooltip("Loss:Q", format=",.5~g")]
    tips += [alt.Tooltip("x:Q", title=x, format=".4~g"), alt.Tooltip("y:Q", title=y, format=".4~g")]
    path = base.mark_line(color=palette.wrong, strokeWidth=1.5).encode(order=alt.Order("Step:Q"))
    dots = base.mark_circle(color=palette.wrong, size=26, opacity=1).encode(tooltip=tips)
    points = {"best possible": tuple(bowl.optimum[list(places(pair))])}
    ends = {"start": 0, "now": -1}  # named only where they are in the frame
    points |= {k: tuple(walked[["x", "y"]].iloc[at]) for k, at in ends.items() if inside.iloc[at]}
    landmarks = _landmarks(points, pair, frame, palette)
    layers = [_rings(rings, pair, frame, palette), path, dots, landmarks]
    apart = alt.Resolve(scale=alt.ScaleResolveMap(shape="independent"))
    return alt.layer(*layers, resolve=apart, height=400)


def _axes(pair: str, frame: Frame) -> tuple[alt.X, alt.Y]:
    x, y = pair.split(" and ")
    return (
        alt.X("x:Q", title=x, scale=alt.Scale(domain=list(frame[:2]), nice=False)),
        alt.Y("y:Q", title=y, scale=alt.Scale(domain=list(frame[2:]), nice=False)),
    )


def _rings(rings: pd.DataFrame, pair: str, frame: Frame, palette: Palette) -> alt.Chart:
    colour = alt.Color(
        "Loss:Q",
        scale=alt.Scale(type="log", range=list(palette.sequential[1:])),
        legend=alt.Legend(title="loss", format="~s", tickCount=4, gradientLength=140),
    )
    lines = alt.Chart(rings).mark_line(clip=True, strokeWidth=1.2)
    return lines.encode(
        *_axes(pair, frame),
        colour,
        detail=[alt.Detail("Loss:N"), alt.Detail("piece:N")],
        order=alt.Order("order:Q"),
        tooltip=[alt.Tooltip("Loss:Q", format=",.4~g")],
    )


def _landmarks(
    points: dict[str, tuple[float, float]], pair: str, frame: Frame, palette: Palette
) -> alt.Chart:
    table = pd.DataFrame([(name, *point) for name, point in points.items()])
    table.columns = ["Mark", "x", "y"]
    shapes = {"best possible": "cross", "start": "square", "now": "circle"}
    shape = alt.Shape(
        "Mark:N",
        scale=alt.Scale(domain=list(shapes), range=list(shapes.values())),
        legend=alt.Legend(title=None, orient="bottom", symbolStrokeColor=palette.ink),
    )
    marks = alt.Chart(table).mark_point(size=110, strokeWidth=2, filled=False, color=palette.ink)
    return marks.encode(*_axes(pair, frame), shape)


def directions_chart(
    table: pd.DataFrame, step: int, bowl: Bowl, palette: Palette
) -> alt.LayerChart:
    """How much loss each eigen-direction still causes, at each step, on a log axis."""
    names = direction_names(bowl)
    renamed = table.drop(columns="Loss").rename(columns=dict(zip(DIRECTIONS, names, strict=True)))
    long = renamed.melt("Step", names, "Direction", "Loss")
    long = long[long["Loss"].between(TINY, HIGHEST)]
    low, high = (long["Loss"].min(), long["Loss"].max()) if len(long) else (TINY, 1.0)
    colour = alt.Color(
        "Direction:N",
        scale=alt.Scale(domain=names, range=list(palette.series[:3])),
        legend=alt.Legend(title=None, orient="bottom", direction="vertical", labelLimit=300),
    )
    tips = ["Direction:N", alt.Tooltip("Step:Q", format=",")]
    tips.append(alt.Tooltip("Loss:Q", format=".4~g", title="Loss above the optimum"))
    up = loss_axis((low / 2, 2 * high), "loss above the optimum")
    base = alt.Chart(long).encode(steps_axis(max(step, LOOPED)), up, colour)
    lines = base.mark_line(strokeWidth=2)
    dots = base.mark_circle(size=30, opacity=0).encode(tooltip=tips)
    here = base.transform_filter(f"datum.Step == {step}").mark_circle(size=90, opacity=1)
    chart = alt.layer(lines, dots, here, height=400)
    return titled(
        chart, "What each direction still costs", "The bowl's three eigen-directions", palette
    )


def direction_names(bowl: Bowl) -> list[str]:
    """Each eigen-direction by its rank, its curvature and the parameter it mostly moves."""
    mostly = [PARAMETERS[place] for place in abs(bowl.axes).argmax(axis=0)]
    return [
        f"{rank}: mostly {letter}, curvature {value:,.4g}"
        for rank, value, letter in zip(DIRECTIONS, bowl.curvatures, mostly, strict=True)
    ]


def in_view(table: pd.DataFrame, step: int, bowl: Bowl, pair: str) -> np.ndarray:
    """The points the path's frame must hold: the steps until the loss explodes, and the optimum."""
    first = max(float(table["Loss"].iloc[0]), 1.0)
    walked = table[(table["Step"] <= step) & (table["Loss"] <= 100 * first)]
    return np.vstack([walked[pair.split(" and ")].to_numpy(), bowl.optimum[list(places(pair))]])
