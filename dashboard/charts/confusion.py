"""The confusion matrix as a heatmap whose cells can be clicked."""

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts.base import sequential_scale, titled
from dashboard.style import Palette

SHARES = {
    "count": "images",
    "true": "share of the true digit",
    "predicted": "share of the predicted digit",
}

CELL_FONT = alt.ExprRef("min(12, width / 34)")  # still fits its cell on a phone


def matrix_table(counts: np.ndarray, classes: np.ndarray) -> pd.DataFrame:
    """One row a cell: true, predicted, images and the two shares in [0, 1] (nan of nothing)."""
    rows, columns = np.indices(counts.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        of_true = counts / counts.sum(axis=1, keepdims=True)
        of_predicted = counts / counts.sum(axis=0, keepdims=True)
    return pd.DataFrame(
        {
            "true": classes[rows.ravel()],
            "predicted": classes[columns.ravel()],
            "images": counts.ravel(),
            SHARES["true"]: of_true.ravel(),
            SHARES["predicted"]: of_predicted.ravel(),
            "right": (rows == columns).ravel(),
        }
    )


def matrix_chart(
    counts: np.ndarray,
    classes: np.ndarray,
    show: str,
    hide_diagonal: bool,
    log: bool,
    palette: Palette,
    title: str,
) -> alt.LayerChart:
    """The matrix: the true digit down, the predicted across; ``show`` is a key of `SHARES`.

    The selection ``cell`` holds the true and predicted digit of a clicked cell.
    """
    value = SHARES[show]
    table = matrix_table(counts, classes)
    if hide_diagonal:
        table.loc[table["right"], value] = np.nan
    most = float(np.nan_to_num(table[value].max()))
    table["label"] = [_label(v, show) for v in table[value]]
    table["strength"] = table[value].fillna(0) / (most or 1)
    cell = alt.selection_point(name="cell", fields=["true", "predicted"], toggle=False)
    base = alt.Chart(table).encode(
        alt.X("predicted:O", title="predicted digit", axis=alt.Axis(orient="top", labelAngle=0)),
        alt.Y("true:O", title="true digit"),
    )
    scale = sequential_scale(palette, most, log)
    legend = alt.Legend(
        title=value,
        format="%" if show != "count" else ",d",
        orient="bottom",
        gradientLength=200,
    )
    boxes = base.mark_rect(stroke=palette.paper, strokeWidth=1, cursor="pointer").encode(
        alt.Color(f"{value}:Q", scale=scale, legend=legend),
        strokeWidth=alt.condition(cell, alt.value(3), alt.value(1), empty=False),
        stroke=alt.condition(cell, alt.value(palette.wrong), alt.value(palette.paper), empty=False),
        tooltip=[
            "true:O",
            "predicted:O",
            alt.Tooltip("images:Q", format=","),
            alt.Tooltip(f"{SHARES['true']}:Q", format=".1%"),
            alt.Tooltip(f"{SHARES['predicted']}:Q", format=".1%"),
        ],
    )
    threshold = 0.18 if log else 0.5
    texts = base.mark_text(fontSize=CELL_FONT).encode(
        alt.Text("label:N"),
        color=alt.condition(
            f"datum.strength > {threshold}", alt.value(palette.paper), alt.value(palette.ink)
        ),
    )
    return titled((boxes.add_params(cell) + texts).properties(height=540), title)


def _label(value: float, show: str) -> str:
    if np.isnan(value) or value == 0:
        return ""
    return f"{value:,.0f}" if show == "count" else f"{100 * value:.1f}"


def template_distances(
    templates: np.ndarray, classes: np.ndarray, palette: Palette
) -> alt.LayerChart:
    """The mean absolute difference between each two templates (k, h, w)."""
    apart = np.abs(templates[:, None] - templates[None]).mean(axis=(2, 3))
    rows, columns = np.indices(apart.shape)
    table = pd.DataFrame(
        {
            "template": classes[rows.ravel()],
            "other template": classes[columns.ravel()],
            "distance": 1000 * apart.ravel(),
        }
    )
    base = alt.Chart(table).encode(
        alt.X("other template:O", axis=alt.Axis(orient="top", labelAngle=0)),
        alt.Y("template:O"),
    )
    most = 1000 * float(apart.max())
    boxes = base.mark_rect(stroke=palette.paper).encode(
        alt.Color(
            "distance:Q",
            scale=sequential_scale(palette, most),
            legend=alt.Legend(title="thousandths", orient="bottom", gradientLength=200),
        ),
        tooltip=["template:O", "other template:O", alt.Tooltip("distance:Q", format=".1f")],
    )
    texts = base.mark_text(fontSize=CELL_FONT).encode(
        alt.Text("distance:Q", format="d"),
        color=alt.condition(
            f"datum.distance > {most / 2}", alt.value(palette.paper), alt.value(palette.ink)
        ),
    )
    title = "Mean absolute difference per pixel, in thousandths of full ink"
    return titled((boxes + texts).properties(height=470), title)
