"""Heatmaps pixel by pixel: one template, or the difference of two."""

import textwrap

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charting.axes import diverging_scale, sequential_scale, titled
from dashboard.charting.palette import Palette

SIDE_PX = 250
LETTERS = 36  # of a title, that fit over it


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
