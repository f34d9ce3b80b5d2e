"""Two templates and their difference, three heatmaps side by side."""

import numpy as np
import streamlit as st

from dashboard.charting import pixel_heatmap
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.services import charts
from engine.datasets.dataset import Dataset


def side_by_side(
    one: np.ndarray,
    other: np.ndarray,
    difference: np.ndarray,
    titles: tuple[str, str, str],
    palette: Palette,
    of: Dataset,
) -> None:
    """Draws the three, each (h, w), under their titles; the difference around zero.

    They are templates of the data ``of``.
    """
    heatmaps = (
        charts.chart(pixel_heatmap.heatmap, one, titles[0], palette, of=of),
        charts.chart(pixel_heatmap.heatmap, other, titles[1], palette, of=of),
        charts.chart(pixel_heatmap.difference_heatmap, difference, titles[2], palette, of=of),
    )
    says = (
        f"mean ink {one.mean():.3f}",
        f"mean ink {other.mean():.3f}",
        f"on average {np.abs(difference).mean():.3f} a pixel",
    )
    for column, chart, title, figure in zip(st.columns(3), heatmaps, titles, says, strict=True):
        draw(chart, column, width="content", alt=f"Heatmap, {title}: {figure}")
