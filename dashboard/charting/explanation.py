"""Why one template and not another: what speaks for each, and how few pixels would turn it."""

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charting.axes import titled
from dashboard.charting.palette import Palette
from engine.explanation.counterfactual import Counterfactual
from engine.explanation.pixel_contributions import Contrast
from engine.io.numbers import minus, small


def balance_chart(found: Contrast, winner: str, other: str, palette: Palette) -> alt.LayerChart:
    """The margin as the sum of four amounts, for and against the winner, by kind of pixel.

    Offsets, where there are any, are one amount more.
    """
    rows = []
    for kind, parts in (("ink that is there", found.there), ("ink that is missing", found.missing)):
        rows.append((kind, f"for {winner}", float(parts[parts > 0].sum())))
        rows.append((kind, f"for {other}", float(parts[parts < 0].sum())))
    if found.offset:
        side = winner if found.offset > 0 else other
        rows.append(("offsets", f"for {side}", found.offset))
    table = pd.DataFrame(rows, columns=["kind", "side", "amount"])
    sides = [f"for {winner}", f"for {other}"]
    base = alt.Chart(table).encode(alt.Y("kind:N", title=None, axis=alt.Axis(labelLimit=200)))
    bars = base.mark_bar().encode(
        alt.X("amount:Q", title="difference of the two distances"),
        alt.Color(
            "side:N",
            scale=alt.Scale(domain=sides, range=[palette.contrast[-1], palette.contrast[0]]),
            legend=_legend(None, sides),
        ),
        tooltip=[
            alt.Tooltip("kind:N"),
            alt.Tooltip("side:N"),
            alt.Tooltip("amount:Q", format=".3~r"),
        ],
    )
    total = pd.DataFrame({"total": [found.margin]})
    line = (
        alt.Chart(total).mark_rule(color=palette.ink, strokeDash=[4, 3]).encode(x=alt.X("total:Q"))
    )
    return titled(
        (bars + line).properties(height=240),
        "What speaks for each",
        f"Dashed: the sum, {minus(small(found.margin))}",
        palette,
    )


def _legend(title: str | None, names: list[str]) -> alt.Legend:
    """Below the chart: names side by side, or under one another where they are long."""
    way = "vertical" if len("".join(names)) > 40 else "horizontal"
    return alt.Legend(title=title, orient="bottom", direction=way, labelLimit=260)


def _short(name: str) -> str:
    """The name, of which an axis has room for 16 letters."""
    return name if len(name) <= 16 else f"{name[:15]}…"


def flip_chart(
    flip: Counterfactual, margin: float, class_noun: str, palette: Palette
) -> alt.LayerChart:
    """The margin that is left after each changed pixel; colour says which class is nearest."""
    both = flip.target, flip.winner
    third = f"a third {class_noun}"
    start = pd.DataFrame({"step": [0], "margin left": [margin], "nearest": [flip.winner]})
    table = pd.concat([start, flip.steps[["step", "margin left", "nearest"]]])
    table["nearest is"] = np.select(
        [table["nearest"] == flip.winner, table["nearest"] == flip.target],
        [f"{flip.winner}", f"{flip.target}"],
        third,
    )
    target, winner = (_short(f"{name}") for name in both)
    kinds = [f"{flip.winner}", f"{flip.target}", third]
    base = alt.Chart(table).encode(
        alt.X("step:Q", title="pixels changed", axis=alt.Axis(tickMinStep=1, format="d")),
        alt.Y("margin left:Q", title=f"distance to {target} minus to {winner}"),
    )
    points = base.mark_point(filled=True, size=60, opacity=1).encode(
        alt.Color(
            "nearest is:N",
            scale=alt.Scale(
                domain=kinds, range=[palette.contrast[-1], palette.contrast[0], palette.faint]
            ),
            legend=_legend("nearest", kinds),
        ),
        tooltip=[
            alt.Tooltip("step:Q"),
            alt.Tooltip("margin left:Q", format=".3~r"),
            alt.Tooltip("nearest:N"),
        ],
    )
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=palette.ink)
    line = base.mark_line(color=palette.faint, strokeWidth=1)
    chart = (zero.encode(y=alt.Y("zero:Q")) + line + points).properties(height=300)
    return titled(chart, "Margin left, pixel by pixel", "", palette)
