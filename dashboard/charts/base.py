"""What every chart shares: its title and the way empty tables are shown."""

import altair as alt
import numpy as np

from dashboard.style import LIGHT, Palette

LOG_REACH = 200  # a log scale tells values apart down to this part of the largest


def titled(
    chart: alt.TopLevelMixin, title: str, subtitle: str = "", palette: Palette = LIGHT
) -> alt.TopLevelMixin:
    """The chart under a left-aligned title that says what is seen, and an optional second line."""
    words = {"subtitle": subtitle, "subtitleColor": palette.faint} if subtitle else {}
    return chart.properties(title=alt.Title(title, anchor="start", frame="group", **words))


def diverging_scale(palette: Palette, most: float) -> alt.Scale:
    """From ``-most`` to ``most`` with zero in the middle, whatever the data's own range."""
    most = most or 1.0  # an all-zero table still needs a domain
    return alt.Scale(domain=[-most, most], range=list(palette.diverging), interpolate="lab")


def sequential_scale(palette: Palette, most: float, log: bool = False) -> alt.Scale:
    """From nothing (paper) to ``most``; ``log`` uses a symmetric log, so that 0 keeps its place."""
    most = most or 1.0
    kind = {"type": "symlog", "constant": most / LOG_REACH} if log else {}
    stops = list(palette.sequential)
    return alt.Scale(domain=[0, most], range=stops, interpolate="lab", **kind)


def on_scale(values: np.ndarray, most: float, log: bool = False) -> np.ndarray:
    """Where values lie on `sequential_scale`, from 0 to 1; nan counts as 0."""
    share = np.nan_to_num(np.asarray(values, dtype=float)) / (most or 1.0)
    return np.log1p(share * LOG_REACH) / np.log1p(LOG_REACH) if log else share
