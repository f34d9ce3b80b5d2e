"""The points and the curves through them, and the bands of the learning rate."""

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts.base import titled
from dashboard.style import Palette
from engine.descent import loss, predictions
from engine.eigen import Bowl, powers
from engine.wording import number

BOOK_WINDOW = (-300.0, 100.0)  # the notebook's y limits, for the strip of its first four states


def band_colours(palette: Palette) -> dict[str, str]:
    """One colour per band, calm where it converges and loud where it does not."""
    calm = palette.sequential
    return {
        "crawls": calm[1],
        "smooth": calm[3],
        "overshoots": palette.diverging[1],
        "diverges": palette.wrong,
    }


def rate_axis(domain: tuple[float, float]) -> alt.Scale:
    """The logarithmic scale that every chart of learning rates shares."""
    return alt.Scale(type="log", domain=list(domain), nice=False)


def band_strip(
    bands: pd.DataFrame, lr: float, domain: tuple[float, float], palette: Palette
) -> alt.LayerChart:
    """The bands side by side on the ladder's own scale, with a mark at the present rate."""
    low, high = domain
    shown = bands.assign(From=bands["From"].clip(low, high), To=bands["To"].clip(low, high))
    shown = shown[shown["To"] > shown["From"]]
    shown = shown.assign(Middle=np.sqrt(shown["From"] * shown["To"]))
    colours = band_colours(palette)
    across = alt.X("From:Q", scale=rate_axis(domain), axis=None)
    base = alt.Chart(shown)
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    bars = base.mark_rect(opacity=0.8).encode(
        across,
        alt.X2("To:Q"),
        alt.Color("Band:N", scale=scale, legend=None),
        tooltip=[
            alt.Tooltip("Band:N"),
            alt.Tooltip("From:Q", format=".3~e"),
            alt.Tooltip("To:Q", format=".3~e"),
        ],
    )
    wide = base.transform_filter("datum.To / datum.From > 4")  # the rest is named below the strip
    names = wide.mark_text(fontSize=11, color=palette.ink).encode(
        alt.X("Middle:Q"), text=alt.Text("Band:N")
    )
    here = alt.Chart(pd.DataFrame({"lr": [min(max(lr, low), high)]}))
    mark = here.mark_rule(color=palette.ink, strokeWidth=3).encode(x=alt.X("lr:Q"))
    padding = {"left": 6, "right": 6, "top": 0, "bottom": 0}
    return alt.layer(bars, names, mark, height=52, padding=padding)


def fit_chart(bowl: Bowl, parameters: np.ndarray, step: int, palette: Palette) -> alt.LayerChart:
    """The points, the curve after ``step`` steps, the least-squares curve and the mean.

    Predictions outside the frame are marked at its border; the frame follows the points only, so
    that it stands still while the curve moves.
    """
    spread = float(np.ptp(bowl.speed)) or 1.0
    frame = (float(bowl.speed.min()) - 0.8 * spread, float(bowl.speed.max()) + 0.25 * spread)
    names = ["this fit", "best possible", "the mean"]
    curves = {names[0]: parameters, names[1]: bowl.optimum}
    lines = pd.concat([_curve(bowl, theta, name) for name, theta in curves.items()])
    lines = lines[lines["Speed"].between(*_wider(frame))]
    mean = _curve(bowl, np.array([0, 0, bowl.speed.mean()]), names[2])
    colour = alt.Color(
        "Curve:N",
        scale=alt.Scale(domain=names, range=[palette.wrong, palette.right, palette.faint]),
        legend=alt.Legend(title=None, orient="bottom", symbolType="stroke"),
    )
    dash = alt.StrokeDash(
        "Curve:N", scale=alt.Scale(domain=names, range=[[1, 0], [6, 3], [2, 3]]), legend=None
    )
    drawn = alt.Chart(pd.concat([lines, mean])).mark_line(clip=True, strokeWidth=2.5)
    drawn = drawn.encode(_time(), _speed(frame), colour, dash, order=alt.Order("Time:Q"))
    out = clipped(bowl, parameters, frame)
    layers = [drawn, _points(bowl, palette, frame), *_border_marks(out, frame, palette)]
    chart = alt.layer(*layers, height=380)
    return titled(chart, f"The curve after {words_of(step)}", outside(out, len(bowl.time)), palette)


def strip_panel(bowl: Bowl, parameters: np.ndarray, state: int, palette: Palette) -> alt.LayerChart:
    """One panel of the notebook's strip: points and predictions, always from −300 to 100."""
    fitted = pd.DataFrame({"Time": bowl.time, "Speed": predictions(bowl, parameters)})
    inside = fitted[fitted["Speed"].between(*BOOK_WINDOW)]
    dots = alt.Chart(inside).mark_circle(size=34, color=palette.wrong, opacity=1)
    dots = dots.encode(_time(), _speed(BOOK_WINDOW), tooltip=_tips())
    out = clipped(bowl, parameters, BOOK_WINDOW)
    marks = _border_marks(out, BOOK_WINDOW, palette)
    chart = alt.layer(_points(bowl, palette, BOOK_WINDOW), dots, *marks, height=260)
    name = f"State {state}, loss {number(loss(bowl, parameters))}"
    return titled(chart, name, outside(out, len(bowl.time)), palette)


def words_of(step: int) -> str:
    """A number of steps in words: "1 step", "10,000 steps"."""
    return f"{step:,} {'step' if step == 1 else 'steps'}"


def clipped(bowl: Bowl, parameters: np.ndarray, frame: tuple[float, float]) -> pd.DataFrame:
    """The predictions outside a frame: Time, Speed, Side ("above" or "below")."""
    table = pd.DataFrame({"Time": bowl.time, "Speed": predictions(bowl, parameters)})
    table["Side"] = np.where(table["Speed"] > frame[1], "above", "below")
    return table[~table["Speed"].between(*frame)]


def outside(out: pd.DataFrame, points: int) -> str:
    """How many of the predictions lie outside the frame, in words."""
    if out.empty:
        return f"All {points} predictions inside"
    return f"▲▼ {len(out)} of {points} outside"


def _curve(bowl: Bowl, parameters: np.ndarray, name: str) -> pd.DataFrame:
    fine = np.linspace(bowl.time[0], bowl.time[-1], 191)
    speed = powers((fine - bowl.shift) / bowl.scale) @ parameters
    return pd.DataFrame({"Time": fine, "Speed": speed, "Curve": name})


def _wider(frame: tuple[float, float]) -> tuple[float, float]:
    reach = 20 * (frame[1] - frame[0])  # far enough for a clipped line to leave at its slope
    return frame[0] - reach, frame[1] + reach


def _time() -> alt.X:
    return alt.X("Time:Q", title="time", scale=alt.Scale(domain=[-0.5, 19.5], nice=False))


def _speed(frame: tuple[float, float]) -> alt.Y:
    return alt.Y("Speed:Q", title="speed", scale=alt.Scale(domain=list(frame), nice=False))


def _tips() -> list[alt.Tooltip]:
    return [alt.Tooltip("Time:Q", format=".4~g"), alt.Tooltip("Speed:Q", format=",.4~g")]


def _points(bowl: Bowl, palette: Palette, frame: tuple[float, float]) -> alt.Chart:
    table = pd.DataFrame({"Time": bowl.time, "Speed": bowl.speed})
    dots = alt.Chart(table).mark_circle(size=34, color=palette.ink, opacity=0.85, clip=True)
    return dots.encode(_time(), _speed(frame), tooltip=_tips())


def _border_marks(out: pd.DataFrame, frame: tuple[float, float], palette: Palette) -> list:
    marks = []
    for side, shape, edge in (("above", "triangle-up", 1), ("below", "triangle-down", 0)):
        table = out[out["Side"] == side].assign(Edge=frame[edge])
        if len(table):
            base = alt.Chart(table).mark_point(
                shape=shape, filled=True, size=70, color=palette.wrong, opacity=1
            )
            marks.append(base.encode(_time(), alt.Y("Edge:Q", title="speed"), tooltip=_tips()))
    return marks
