"""The confusion matrix as a heatmap whose cells and labels can be clicked."""

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charting.axes import (
    MOST_LETTERED,
    chart_of,
    class_title,
    either,
    on_scale,
    percent_tips,
    sequential_scale,
    titled,
    wants_paper,
)
from dashboard.charting.palette import Palette
from dashboard.text.markdown import trues
from engine.io.numbers import percent

CHOSEN = "chosen"  # the table of the cells that are outlined
ALL = "any"  # the label cells stand for any class of the other side
SHARES = {"count": "images", "true": "share of true", "predicted": "share of predicted"}


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
    order: np.ndarray,
    show: str,
    hide_diagonal: bool,
    log: bool,
    palette: Palette,
) -> alt.LayerChart:
    """The matrix: the true digit down, the predicted across, both in ``order``.

    ``show`` is a key of `SHARES`. The selection ``cell`` holds the true and predicted class of a
    clicked cell as text, "any" for the side that a clicked label leaves open; each click puts its
    cell in or takes it out. Which cells are outlined is in `chosen_cells`.
    """
    cells = _cells(counts, classes, show, hide_diagonal)
    most = float(np.nan_to_num(cells["value"].max()))
    places = on_scale(cells["value"], most, log)
    cells["strong"] = wants_paper(places, palette.sequential, palette)
    domain = [ALL, *(str(classes[place]) for place in order)]
    named, called = _named_on_axes(classes), class_title(classes)
    across, down = _axes(domain, called, named)
    labels = _labels(counts, classes, named)
    click = alt.selection_point(name="cell", fields=["true", "predicted"], toggle="true")
    scale = sequential_scale(palette, most, log)
    boxes = _boxes(cells, show, scale, called, palette).add_params(click)
    headers = alt.Chart(labels).mark_rect(color=palette.paper, opacity=0.01, cursor="pointer")
    layers = [
        boxes,
        headers.encode(tooltip=[alt.Tooltip("says:N")]),
        *_texts(cells, "strong", len(classes), palette),
        *_texts(labels, None, len(classes), palette),
        _outline(palette),
    ]
    chart = alt.layer(*(layer.encode(across, down) for layer in layers), height=560)
    how = f"Click a cell or a {called}; click it again to let it go"
    if len(classes) > MOST_LETTERED:
        how = "Hover a cell for its names and figures, click it for its images"
    return titled(chart, _title(show, called, hide_diagonal), how, palette)


def _title(show: str, called: str, hidden: bool) -> str:
    if show == "count":
        return "How many images"
    lines = {"true": "rows", "predicted": "columns"}[show]
    more = "diagonal hidden" if hidden else f"{lines} add up to 100 %"
    return f"Share of each {show} {called} ({more})"


def _named_on_axes(classes: np.ndarray) -> bool:
    """Whether the names are too long for label cells, and are few enough to be read beside them."""
    return len(classes) <= MOST_LETTERED and max(len(str(name)) for name in classes) > 5


def _axes(domain: list[str], class_noun: str, named: bool) -> tuple[alt.X, alt.Y]:
    """Axes without labels of their own: the label cells, which can be clicked, take their place.

    ``named`` ones have labels beside these cells.
    """
    bare = {"labels": named, "ticks": False, "domain": False}
    if named:
        bare |= {"values": domain[1:], "labelLimit": 90, "labelOverlap": False}
    shared = {"sort": domain, "scale": alt.Scale(domain=domain)}
    across = alt.X(
        "predicted:N",
        title=f"predicted {class_noun}",
        axis=alt.Axis(orient="top", labelAngle=-35 if named else 0, **bare),
        **shared,
    )
    return across, alt.Y("true:N", title=f"true {class_noun}", axis=alt.Axis(**bare), **shared)


def _cells(counts: np.ndarray, classes: np.ndarray, show: str, hide_diagonal: bool) -> pd.DataFrame:
    table = matrix_table(counts, classes)
    table["value"] = table[SHARES[show]].astype(float)
    other = table[SHARES["true"]] if show == "count" else table["images"]
    hidden = (table["right"] & hide_diagonal) | (table["images"] == 0)
    table["main"] = [_text(v, show != "count") for v in table["value"]]
    table["second"] = [_text(v, show == "count") for v in other]
    table.loc[hidden, ["main", "second"]] = ""
    if hide_diagonal:
        table.loc[table["right"], "value"] = np.nan
    return table.assign(true=table["true"].astype(str), predicted=table["predicted"].astype(str))


def _labels(counts: np.ndarray, classes: np.ndarray, named: bool) -> pd.DataFrame:
    """The classes along both sides, each over how many images it stands for.

    Where the axes are ``named`` the number stands alone.
    """
    rows = [
        {
            "true": str(d),
            "predicted": ALL,
            "main": str(d),
            "second": f"{n:,}",
            "says": f"all {trues(d)}",
        }
        for d, n in zip(classes, counts.sum(axis=1), strict=True)
    ]
    columns = [
        {
            "true": ALL,
            "predicted": str(d),
            "main": str(d),
            "second": f"{n:,}",
            "says": f"all that is called {d}",
        }
        for d, n in zip(classes, counts.sum(axis=0), strict=True)
    ]
    table = pd.DataFrame(rows + columns)
    return table.assign(main=table["second"], second="") if named else table


def _boxes(
    cells: pd.DataFrame, show: str, scale: alt.Scale, called: str, palette: Palette
) -> alt.Chart:
    width = 1 if len(cells) <= MOST_LETTERED**2 else 0.2
    titles = {"count": "images"}
    titles |= {side: f"share of the {side} {called}" for side in ("true", "predicted")}
    legend = alt.Legend(
        title=titles[show],
        format="%" if show != "count" else ",d",
        orient="bottom",
        gradientLength=200,
    )
    return (
        alt.Chart(cells)
        .mark_rect(stroke=palette.paper, strokeWidth=width, cursor="pointer")
        .encode(
            alt.Color("value:Q", scale=scale, legend=legend),
            tooltip=[
                alt.Tooltip("true:N"),
                alt.Tooltip("predicted:N"),
                alt.Tooltip("images:Q", format=","),
                *percent_tips(cells, SHARES["true"], title=titles["true"]),
                *percent_tips(cells, SHARES["predicted"], title=titles["predicted"]),
            ],
        )
    )


def _texts(
    table: pd.DataFrame, strong: str | None, n_classes: int, palette: Palette
) -> list[alt.Chart]:
    """The two lines of a cell; ``strong`` names the column that says where ink needs paper.

    Names too long for their cell are cut short, and of many classes there is no room for any.
    """
    if n_classes > MOST_LETTERED:
        return []
    room = f"width / {n_classes + 1}"
    font = alt.ExprRef(f"min(12, {room} / 3.3)")  # still fits its cell on a phone
    small = alt.ExprRef(f"{room} < 36 ? 0 : 9.5")  # and the second line makes way there
    base = alt.Chart(table)
    colour = alt.ColorValue(palette.ink)
    if strong:
        colour = either(alt.ColorValue, f"datum.{strong}", palette.paper, palette.ink)
    weight = "normal" if strong else "bold"
    lift, limit = alt.ExprRef(f"{room} < 36 ? 0 : -6"), alt.ExprRef(f"{room} - 2")
    main = base.mark_text(fontSize=font, dy=lift, fontWeight=weight, aria=False, limit=limit)
    second = base.mark_text(fontSize=small, dy=8, aria=False)
    return [
        main.encode(text=alt.Text("main:N"), color=colour),
        second.encode(text=alt.Text("second:N"), color=colour),
    ]


def _outline(palette: Palette) -> alt.Chart:
    return chart_of(CHOSEN).mark_rect(
        fill=None, stroke=palette.wrong, strokeWidth=2, aria=False, tooltip=None
    )


def chosen_cells(chosen: tuple[str, str], classes: np.ndarray) -> dict[str, pd.DataFrame]:
    """The table of a matrix that says which cells have a frame round them.

    "any" on one side frames each cell of the chosen row or column, on both sides none.
    """
    names = [str(name) for name in classes]
    rows, columns = (names if side == ALL else [side] for side in chosen)
    cells = [] if chosen == (ALL, ALL) else [(t, p) for t in rows for p in columns]
    return {CHOSEN: pd.DataFrame(cells, columns=["true", "predicted"], dtype=str)}


def _text(value: float, share: bool) -> str:
    if np.isnan(value):
        return ""
    return percent(value, 1) if share else f"{value:,.0f}"
