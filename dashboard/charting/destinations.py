"""Where the images of each digit go: rates with intervals, stacked shares, and score strips."""

import json

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charting.axes import (
    MOST_LETTERED,
    class_axis,
    class_tip,
    class_title,
    either,
    height_for,
    percent_axis,
    percent_tips,
    titled,
)
from dashboard.charting.palette import Palette

BINS = 80  # of the signed margin, across a strip
STRIP_PX = 56


def rates_chart(scores: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """Precision and recall of each digit with their 95 % intervals, and F1 as a tick.

    ``scores`` is `engine.evaluation.metrics.per_digit`.
    """
    measures = alt.Scale(
        domain=["recall", "precision", "F1"], range=[*palette.series[1:3], palette.faint]
    )
    place = {
        "x": alt.X("digit:O", title=class_title(scores["digit"]), axis=class_axis(scores["digit"])),
        "xOffset": alt.XOffset("measure:N", scale=alt.Scale(domain=["recall", "F1", "precision"])),
        "color": alt.Color(
            "measure:N",
            scale=measures,
            legend=alt.Legend(title=None, orient="bottom", symbolType="circle"),
        ),
    }
    up = alt.Y(
        "rate:Q",
        title="rate (share of images)",
        axis=percent_axis(),
        scale=alt.Scale(domain=[0, 1]),
    )
    rates = _one_row_a_rate(scores)
    shares = percent_tips(rates, "rate", "low", "high")
    tips = [class_tip(scores["digit"]), alt.Tooltip("measure:N"), *shares]
    base = alt.Chart(rates).encode(**place)
    whiskers = base.mark_rule(strokeWidth=2).encode(alt.Y("low:Q"), alt.Y2("high:Q"))
    points = base.mark_point(filled=True, size=55, opacity=1).encode(up, tooltip=tips)
    f1 = alt.Chart(scores[["digit"]].assign(measure="F1", rate=scores["F1"]))
    ticks = f1.mark_point(shape="stroke", size=90, strokeWidth=2)
    chart = alt.layer(whiskers, points, ticks.encode(up, tooltip=tips[:3], **place))
    title = f"Recall and precision of each {class_title(scores['digit'])}"
    subtitle = "Lines: 95 % intervals (Wilson)"
    return titled(
        chart.properties(height=height_for(scores["digit"], 340)), title, subtitle, palette
    )


def _one_row_a_rate(scores: pd.DataFrame) -> pd.DataFrame:
    """Recall and precision under one another, with the columns rate, low and high."""
    rates = [
        scores[["digit", "images", "called"]].assign(
            measure=name,
            rate=scores[name],
            low=scores[f"{name} low"],
            high=scores[f"{name} high"],
        )
        for name in ("recall", "precision")
    ]
    return pd.concat(rates)


def destinations_chart(table: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """Where the images of each true digit go: one bar a digit, the right answers first.

    ``table`` is `confusion_matrix.matrix_table`. A segment carries the class that is
    answered, where it is at least 4 % wide; a click selects ``cell`` as in the matrix.
    """
    shown = _segments(table)
    names = list(dict.fromkeys(map(str, table["true"])))
    called, many = class_title(table["true"]), len(names) > MOST_LETTERED
    axis = alt.Axis(labelLimit=110, labelOverlap=False)
    base = alt.Chart(shown).encode(alt.Y("true:N", title=f"true {called}", sort=names, axis=axis))
    along = alt.X(
        "start:Q",
        title=f"share of the true {called}",
        axis=percent_axis(),
        scale=alt.Scale(domain=[0, 1]),
    )
    click = alt.selection_point(name="cell", fields=["true", "predicted"], toggle=False)
    bars = base.mark_bar(stroke=palette.paper, strokeWidth=1, cursor="pointer").encode(
        along,
        alt.X2("end:Q"),
        color=either(alt.ColorValue, "datum.right", palette.right, palette.wrong),
        tooltip=[
            alt.Tooltip("true:N"),
            alt.Tooltip("predicted:N"),
            alt.Tooltip("images:Q", format=","),
            *percent_tips(shown, "share"),
        ],
    )
    texts = base.mark_text(
        fontSize=11, color=palette.paper, aria=False, limit=alt.ExprRef("width * datum.share - 4")
    ).encode(alt.X("middle:Q"), text=alt.Text("label:N"))
    title = f"Where the images of each true {called} go"
    subtitle = (
        f"Blue: rightly answered. Orange: the {called} answered instead. Click a part for its "
        "images; hover one to read it"
    )
    height = alt.Step(14) if many else max(380, 26 * len(names))
    chart = alt.layer(bars.add_params(click), texts, height=height)
    return titled(chart, title, subtitle, palette)


def _segments(table: pd.DataFrame) -> pd.DataFrame:
    """Where each segment of a digit's bar starts and ends: right answers first, then by size."""
    shown = table[table["images"] > 0].copy()
    shown["share"] = shown["share of true"]
    shown["errors"] = shown["share"].where(~shown["right"], 2.0)  # right first, then by size
    shown = shown.sort_values(["true", "errors"], ascending=[True, False])
    shown["end"] = shown.groupby("true")["share"].cumsum()
    shown["start"] = shown["end"] - shown["share"]
    shown["middle"] = (shown["start"] + shown["end"]) / 2
    shown["label"] = shown["predicted"].astype(str).where(shown["share"] >= 0.04, "")
    for side in ("true", "predicted"):
        shown[side] = shown[side].astype(str)
    return shown


def strip_table(outcomes: pd.DataFrame) -> pd.DataFrame:
    """One row an image for `strips_chart`: its bin of the signed margin and its place there.

    The signed margin is the distance to the best other digit minus that to the true one: positive
    when right (the margin), negative when wrong (minus the gap).
    """
    signed = outcomes["margin"].where(outcomes["right"], -outcomes["gap"])
    edge = float(signed.abs().max()) or 1.0
    bins = np.clip(np.floor((signed / edge + 1) / 2 * BINS), 0, BINS - 1)
    table = pd.DataFrame(
        {
            "index": outcomes["index"],
            "true": outcomes["true"].astype(str),
            "predicted": outcomes["predicted"].astype(str),
            "right": outcomes["right"],
            "signed margin": signed,
            "bin": ((bins + 0.5) / BINS * 2 - 1) * edge,
        }
    )
    table["place"] = table.groupby(["true", "bin"]).cumcount()
    return table


def strips_chart(outcomes: pd.DataFrame, palette: Palette) -> alt.Chart:
    """One strip a true digit: every test image a mark, right of the line where it is right.

    The selection ``image`` holds the index of a clicked mark. In the manner of Squares (Ren et
    al., IEEE TVCG 2017).
    """
    table = strip_table(outcomes)
    names = list(map(str, np.unique(outcomes["true"])))  # numbers by size
    floors = {digit: place + 0.92 for place, digit in enumerate(names)}
    table["height"] = table["true"].map(floors) - 0.88 * table["place"] / (table["place"].max() + 1)
    click = alt.selection_point(name="image", fields=["index"], toggle=False)
    edge = float(table["bin"].abs().max()) * 1.03
    tips = [alt.Tooltip(name) for name in ("index:Q", "true:N", "predicted:N")]
    tips.append(alt.Tooltip("signed margin:Q", format=".3~r"))
    colour = alt.Color(
        "right:N",
        scale=alt.Scale(domain=[True, False], range=[palette.right, palette.wrong]),
        legend=None,
    )
    return titled(
        alt.Chart(table)
        .mark_point(filled=True, shape="square", size=9, opacity=0.9, cursor="pointer")
        .encode(
            alt.X(
                "bin:Q",
                title="margin; below 0, wrong: the distance of the true class beyond the answer",
                scale=alt.Scale(domain=[-edge, edge]),
            ),
            _strip_axis(names, list(floors.values()), class_title(outcomes["true"], "true")),
            colour,
            tooltip=tips,
        )
        .add_params(click)
        .properties(height=(STRIP_PX if len(names) <= MOST_LETTERED else 20) * len(names)),
        "Every test image by its margin",
        f"Blue: right. Orange: wrong. The highest pile has {table['place'].max() + 1:,} images. "
        "Click a mark to open its image",
        palette,
    )


def _strip_axis(classes: list[str], floors: list[float], title: str) -> alt.Y:
    """An axis that names the strip over each of its floors."""
    named = f"{json.dumps(classes)}[floor(datum.value)]"
    return alt.Y(
        "height:Q",
        title=title,
        scale=alt.Scale(domain=[0, len(classes)], reverse=True, nice=False),
        axis=alt.Axis(
            values=floors,
            labelExpr=named,
            grid=True,
            labelLimit=110,
        ),
    )
