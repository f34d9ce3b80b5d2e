"""What every chart shares: its title, its scales, and tables that it only names."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
from altair.utils.schemapi import disable_debug_mode

from dashboard.charting.palette import Palette
from engine.datasets.dataset import class_noun
from engine.io.numbers import distance_decimals, percent_decimals

MOST_LETTERED = 24  # classes whose names and figures still fit into a chart
LOG_REACH = 200  # a log scale tells values apart down to this part of the largest
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])

disable_debug_mode()  # no check of every part: each whole chart is checked when it is shown


def titled(
    chart: alt.TopLevelMixin, title: str | list[str], subtitle: str, palette: Palette
) -> alt.TopLevelMixin:
    """The chart itself, now under a left-aligned title that says what is seen; a second line or "".

    Axes and legends are lettered in the palette's ink: Streamlit's own grey is too pale on paper.
    """
    words = {"subtitle": subtitle, "subtitleColor": palette.faint} if subtitle else {}
    lettering = {"labelColor": palette.faint, "titleColor": palette.faint}
    # Set in place: each copy, as .properties() or .configure_…() make one, builds all layers anew.
    chart.title = alt.Title(title, anchor="start", frame="group", **words)
    chart.config = alt.Config(
        axis=alt.AxisConfig(**lettering), legend=alt.LegendConfig(**lettering)
    )
    return chart


def chart_of(table: str) -> alt.Chart:
    """A chart of a table that comes later, by this name: see `dashboard.charting.render.draw`."""
    return alt.Chart(alt.NamedData(table))


def either(channel: type, test: str, yes: object, no: object) -> alt.SchemaBase:
    """The channel's value ``yes`` where ``test`` holds, or ``no``: what `alt.condition` says.

    ``channel`` is `alt.ColorValue` or the like. From the mapping that `alt.condition` returns,
    Altair finds the channel by trying all its classes, which takes half of a chart's time.
    """
    return channel(no, condition={"test": test, "value": yes})


def percent_axis(signed: bool = False, **options: object) -> alt.Axis:
    """An axis of shares in [0, 1], lettered as the sentences are: "40 %".

    ``signed``: of differences, in percentage points, "+40".
    """
    if not signed:
        return alt.Axis(format="~%", **options)
    points = "round(1000 * datum.value) / 10"
    return alt.Axis(labelExpr=f"format({points}, datum.value ? '+~g' : '~g')", **options)


def percent_tips(table: pd.DataFrame, *names: str, **options: object) -> list[alt.Tooltip]:
    """Tooltips of columns of shares, "40.2 %", with decimals enough for no false 0 or 100 %."""
    return [
        alt.Tooltip(f"{name}:Q", format=f".{percent_decimals(table[name], 1)}%", **options)
        for name in names
    ]


def distance_format(distances: Sequence[float]) -> str:
    """How a chart writes distances that are compared: with the decimals that tell them apart."""
    return f".{distance_decimals(distances)}f"


def class_title(names: Sequence, first: str = "") -> str:
    """The title of an axis of classes: "digit", or "class" where they are others."""
    return f"{first} {class_noun(names)}".strip()


def class_tip(names: Sequence) -> alt.Tooltip:
    """The line of a tooltip that names the class, from the column ``digit``."""
    return alt.Tooltip("digit:O", title=class_noun(names))


def class_axis(names: Sequence, **options: object) -> alt.Axis:
    """An axis of classes across: names that do not fit side by side are slanted and cut short.

    Of more than `MOST_LETTERED` some are left out.
    """
    many, long = len(names) > MOST_LETTERED, _are_long(names)
    angle = -90 if many and long else -35 if long else 0
    return alt.Axis(labelAngle=angle, labelLimit=50 if many else 110, labelOverlap=many, **options)


def classes_down(names: Sequence, **options: object) -> alt.Y:
    """A column ``digit`` of classes down the side; long names are cut short."""
    axis = alt.Axis(labelOverlap=False, labelFlush=False, labelLimit=110, **options)
    return alt.Y("digit:O", title=class_title(names), axis=axis)


def height_for(names: Sequence, pixels: int) -> int:
    """The height of a chart over such an axis: ``pixels``, and room for names that are slanted."""
    return pixels + (90 if _are_long(names) else 0)


def _are_long(names: Sequence) -> bool:
    return len(names) * max((len(str(name)) for name in names), default=0) > 60


def diverging_scale(stops: Sequence[str], most: float) -> alt.Scale:
    """From ``-most`` to ``most`` with zero in the middle, whatever the data's own range.

    ``stops`` are the palette's ``diverging`` or ``contrast``.
    """
    most = most or 1.0  # an all-zero table still needs a domain
    return alt.Scale(domain=[-most, most], range=list(stops), interpolate="lab")


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


def wants_paper(places: np.ndarray, stops: Sequence[str], palette: Palette) -> np.ndarray:
    """Whether text at these places of a scale, from 0 to 1, is read better in paper than in ink.

    The scales blend in Lab, where lightness is linear between two stops; the contrast is that of
    WCAG 2.1.
    """
    lightness = [116 * _luminance(stop) ** (1 / 3) - 16 for stop in stops]
    here = ((np.interp(places, np.linspace(0, 1, len(stops)), lightness) + 16) / 116) ** 3
    paper, ink = _luminance(palette.paper), _luminance(palette.ink)
    return _contrast(here, paper) > _contrast(here, ink)


def _luminance(colour: str) -> float:
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _contrast(one: np.ndarray, other: float) -> np.ndarray:
    return (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)


def told_apart(
    field: str, names: Sequence[str], palette: Palette, columns: int = 4
) -> tuple[alt.Color, alt.StrokeDash]:
    """A colour and a dash for each of ``names``: no two share both, for who sees no hues.

    The legend shows both; twenty names can be told apart.
    """
    legend = alt.Legend(
        title=None, orient="bottom", columns=columns, symbolType="stroke", symbolStrokeWidth=2.5,
        symbolSize=300, symbolOpacity=1, labelLimit=260,
    )  # fmt: skip

    def channel(kind: type, ways: Sequence) -> alt.Color | alt.StrokeDash:
        used = [ways[place % len(ways)] for place in range(len(names))]
        scale = alt.Scale(domain=list(names), range=used)
        return kind(f"{field}:N", scale=scale, legend=legend)

    return channel(alt.Color, palette.series), channel(alt.StrokeDash, DASHES)
