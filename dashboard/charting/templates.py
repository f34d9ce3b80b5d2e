"""Templates pixel by pixel, the difference of two, and how far all are from each other."""

import math
import textwrap

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charting.axes import (
    MOST_LETTERED,
    class_axis,
    diverging_scale,
    either,
    on_scale,
    sequential_scale,
    titled,
    wants_paper,
)
from dashboard.charting.palette import Palette
from engine.models.templates import mnist_distance

SIDE_PX = 250
LETTERS = 36  # of a title, that fit over it
CELL_FONT = alt.ExprRef("min(12, width / 36)")  # still fits its cell on a phone


def pixel_table(image: np.ndarray, value: str) -> pd.DataFrame:
    """One row a pixel of (h, w): ``row`` and ``column`` from 0 at the top left, and its value."""
    rows, columns = np.indices(image.shape)
    return pd.DataFrame(
        {"row": rows.ravel(), "column": columns.ravel(), value: image.ravel().astype(float)}
    )


def heatmap(image: np.ndarray, title: str, palette: Palette, value: str = "ink") -> alt.Chart:
    """An image or template (h, w) in [0, 1]: paper is 0, full ink is 1."""
    return _heatmap(image, title, value, sequential_scale(palette, 1.0), palette)


def difference_heatmap(
    difference: np.ndarray, title: str, palette: Palette, value: str = "difference"
) -> alt.Chart:
    """A signed image (h, w): zero is paper, the strongest pixel of either sign is full colour."""
    most = float(np.abs(difference).max())
    return _heatmap(difference, title, value, diverging_scale(palette.contrast, most), palette)


def _heatmap(
    image: np.ndarray, title: str, value: str, scale: alt.Scale, palette: Palette
) -> alt.Chart:
    height, width = image.shape
    ticks = alt.Axis(
        values=list(range(0, max(image.shape), max(1, width // 4))), grid=False, labelAngle=0
    )
    colour = alt.Color(
        f"{value}:Q",
        scale=scale,
        legend=alt.Legend(title=value, orient="bottom", gradientLength=160),
    )
    chart = (
        alt.Chart(pixel_table(image, value))
        .mark_rect()
        .encode(
            alt.X("column:O", title="pixel column", axis=ticks, scale=alt.Scale(padding=0)),
            alt.Y("row:O", title="pixel row", axis=ticks, scale=alt.Scale(padding=0)),
            colour,
            tooltip=[
                alt.Tooltip("row:O"),
                alt.Tooltip("column:O"),
                alt.Tooltip(f"{value}:Q", format=".3f"),
            ],
        )
    )
    square = chart.properties(
        width=SIDE_PX, height=SIDE_PX * height / width, autosize=alt.AutoSizeParams(type="pad")
    )
    lines = textwrap.wrap(title, LETTERS) or [""]
    return titled(square, title if len(lines) == 1 else lines, "", palette)


def template_distances(
    templates: np.ndarray, classes: np.ndarray, palette: Palette
) -> alt.LayerChart:
    """The mean absolute difference between each two templates (k, h, w).

    The selection ``pair`` holds both templates of a clicked cell, as text.
    """
    table = _distances(templates, classes)
    most = float(table["distance"].max())
    places = on_scale(table["distance"], most)
    table["strong"] = wants_paper(places, palette.sequential, palette)
    order = [str(name) for name in classes]
    base = alt.Chart(table).encode(
        alt.X("other template:O", sort=order, axis=class_axis(classes, orient="top")),
        alt.Y("template:O", sort=order, axis=alt.Axis(labelLimit=110)),
    )
    click = alt.selection_point(name="pair", fields=["template", "other template"], toggle=False)
    legend = alt.Legend(title="mean difference", orient="bottom", gradientLength=200)
    boxes = base.mark_rect(stroke=palette.paper, cursor="pointer").add_params(click)
    boxes = boxes.encode(
        alt.Color("distance:Q", scale=sequential_scale(palette, most), legend=legend),
        tooltip=[
            alt.Tooltip("template:O"),
            alt.Tooltip("other template:O"),
            alt.Tooltip("distance:Q", format=".3~r"),
        ],
    )
    texts = base.mark_text(fontSize=CELL_FONT).encode(
        alt.Text("distance:Q", format=f".{_decimals(table['distance'])}f"),
        color=either(alt.ColorValue, "datum.strong", palette.paper, palette.ink),
    )
    title = "Distance of each two templates"
    unit = "0: the same, 1: paper against full ink. Click a cell to compare its two above"
    chart = boxes if len(classes) > MOST_LETTERED else boxes + texts
    return titled(chart.properties(height=470), title, unit, palette)


def _decimals(distances: pd.Series) -> int:
    """So many for all that the smallest above 0 shows two digits; six at most."""
    above = distances[distances > 0]
    return min(6, 1 - math.floor(math.log10(above.min()))) if len(above) else 1


def _distances(templates: np.ndarray, classes: np.ndarray) -> pd.DataFrame:
    """One row a cell of `template_distances`, in shares of full ink."""
    apart = mnist_distance(templates[:, None], templates[None])
    rows, columns = np.indices(apart.shape)
    return pd.DataFrame(
        {
            "template": classes[rows.ravel()].astype(str),
            "other template": classes[columns.ravel()].astype(str),
            "distance": apart.ravel(),
        }
    )
