"""What every chart shares: its title and the way empty tables are shown."""

import altair as alt

from dashboard.style import LIGHT, Palette


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
    kind = {"type": "symlog"} if log else {}
    most = most or 1.0
    stops = list(palette.sequential)
    return alt.Scale(domain=[0, most], range=stops, interpolate="lab", **kind)
