"""The points and the curves through them, and the bands of the learning rate."""

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charting.axes import chart_of, titled
from dashboard.charting.palette import Palette
from engine.descent.closed_form import QuadraticLoss
from engine.descent.trace import loss, predictions
from engine.io.numbers import number

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


def band_strip(domain: tuple[float, float], palette: Palette) -> alt.LayerChart:
    """The bands side by side on the ladder's own scale, with a mark at the present rate.

    The tables are `band_tables`.
    """
    colours = band_colours(palette)
    across = alt.X("From:Q", scale=rate_axis(domain), axis=None)
    base = chart_of("bands")
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
    mark = chart_of("here").mark_rule(color=palette.ink, strokeWidth=3).encode(x=alt.X("lr:Q"))
    padding = {"left": 6, "right": 6, "top": 0, "bottom": 0}
    return alt.layer(bars, names, mark, height=52, padding=padding)


def band_tables(
    bands: pd.DataFrame, lr: float, domain: tuple[float, float]
) -> dict[str, pd.DataFrame]:
    """The tables of `band_strip`, all within ``domain``; ``bands`` is `closed_form.bands`."""
    low, high = (np.clip(bands[end].to_numpy(), *domain) for end in ("From", "To"))
    shown = {"Band": bands["Band"], "From": low, "To": high, "Middle": np.sqrt(low * high)}
    here = pd.DataFrame({"lr": np.clip([lr], *domain)})
    return {"bands": pd.DataFrame(shown)[high > low], "here": here}


def fit_frame(quadratic: QuadraticLoss) -> tuple[float, float]:
    """The lowest and highest speed shown; it follows the points only, and so stands still."""
    spread = float(np.ptp(quadratic.speed)) or 1.0
    return float(quadratic.speed.min()) - 0.8 * spread, float(quadratic.speed.max()) + 0.25 * spread


def strip_panel(
    quadratic: QuadraticLoss, parameters: np.ndarray, state: int, palette: Palette
) -> alt.LayerChart:
    """One panel of the notebook's strip: points and predictions, always from −300 to 100."""
    fitted = pd.DataFrame({"Time": quadratic.time, "Speed": predictions(quadratic, parameters)})
    inside = fitted[fitted["Speed"].between(*BOOK_WINDOW)]
    dots = alt.Chart(inside).mark_circle(size=34, color=palette.wrong, opacity=1)
    dots = dots.encode(_time(), _speed(BOOK_WINDOW), tooltip=_tips())
    out = clipped(quadratic, parameters, BOOK_WINDOW)
    marks = _border_marks(alt.Chart(out), palette)
    points = _points(alt.Chart(measured(quadratic)), palette, BOOK_WINDOW)
    chart = alt.layer(points, dots, marks, height=260)
    name = f"State {state}, loss {number(loss(quadratic, parameters))}"
    return titled(chart, name, outside(len(out), len(quadratic.time)), palette)


def words_of(step: int) -> str:
    """A number of steps in words: "1 step", "10,000 steps"."""
    return f"{step:,} {'step' if step == 1 else 'steps'}"


def clipped(
    quadratic: QuadraticLoss, parameters: np.ndarray, frame: tuple[float, float]
) -> pd.DataFrame:
    """The predictions outside a frame: Time, Speed, Side ("above" or "below"), and its Edge."""
    speed = predictions(quadratic, parameters)
    above, below = speed > frame[1], speed < frame[0]
    out = above | below | np.isnan(speed)
    edges = {"Side": np.where(above, "above", "below"), "Edge": np.where(above, *frame[::-1])}
    table = {"Time": quadratic.time, "Speed": speed} | edges
    return pd.DataFrame({name: column[out] for name, column in table.items()})


def measured(quadratic: QuadraticLoss) -> pd.DataFrame:
    """The points that are fitted: Time, Speed."""
    return pd.DataFrame({"Time": quadratic.time, "Speed": quadratic.speed})


def outside(out: int, points: int) -> str:
    """How many of the predictions lie outside the frame, in words."""
    return f"▲▼ {out} of {points} outside" if out else f"All {points} predictions inside"


def _time() -> alt.X:
    return alt.X("Time:Q", title="time", scale=alt.Scale(domain=[-0.5, 19.5], nice=False))


def _speed(frame: tuple[float, float]) -> alt.Y:
    return alt.Y("Speed:Q", title="speed", scale=alt.Scale(domain=list(frame), nice=False))


def _tips() -> list[alt.Tooltip]:
    return [alt.Tooltip("Time:Q", format=".4~g"), alt.Tooltip("Speed:Q", format=",.4~g")]


def _points(base: alt.Chart, palette: Palette, frame: tuple[float, float]) -> alt.Chart:
    dots = base.mark_circle(size=34, color=palette.ink, opacity=0.85, clip=True)
    return dots.encode(_time(), _speed(frame), tooltip=_tips())


def _border_marks(base: alt.Chart, palette: Palette) -> alt.Chart:
    """A triangle at the border for each row of `clipped`; the title counts them, too."""
    marks = base.mark_point(filled=True, size=70, color=palette.wrong, opacity=1, aria=False)
    shapes = alt.Scale(domain=["above", "below"], range=["triangle-up", "triangle-down"])
    shape = alt.Shape("Side:N", scale=shapes, legend=None)
    return marks.encode(_time(), alt.Y("Edge:Q", title="speed"), shape, tooltip=_tips())
