"""The map as its browser part is told of it: colours, axes, words, without the points."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dashboard.charting.palette import DARK, Palette
from dashboard.services import map_messages, maps
from dashboard.services.map_messages import ANSWER, BY, Colored, Message
from dashboard.text.markdown import one
from dashboard.text.slices import map as words
from dashboard.views.slices.map_choices import Look
from engine.evaluation.evaluation import Evaluation
from engine.io.numbers import minus, small
from engine.projection.region import Region, View

NAMED_UP_TO = 30  # names of classes written on the map
SCALE = 256  # colours of an attribute


def drawing(
    evaluation: Evaluation,
    look: Look,
    tool: str,
    points: Message,
    region: Region | None,
    n_chosen: int | None,
    palette: Palette,
) -> dict[str, Any]:
    """What `scatter_map` draws around ``points`` and on them."""
    shown = maps.points(evaluation, look.view, look.pair)
    hue = map_messages.colored(evaluation, look.view, look.pair, look.color, look.both)
    titles = _titles(evaluation, look)
    both = [str(evaluation.classes[place]) for place in look.both]
    return {
        "points": points.name,
        "sheet": map_messages.sheet(evaluation.dataset).name,
        "frame": f"{evaluation.dataset.key} {evaluation.model.label} {look.view} {look.pair}",
        "tool": tool,
        "region": region and {"kind": region.kind, "corners": region.corners},
        "names": [str(name) for name in evaluation.classes],
        "ones": [one(name) for name in evaluation.classes],
        "label": words.label(len(shown), n_chosen, titles["axes"]),
        "hollow": f"a third class wins: {shown.third.sum():,}" if shown.third.any() else "",
        "dark": palette is DARK,
        "paper": palette.paper,
        "ink": palette.ink,
        "faint": palette.faint,
        **titles,
        **_colors(hue, look.color, both, palette),
    }


def _titles(evaluation: Evaluation, look: Look) -> dict[str, Any]:
    """What stands at the axes and on the map, and how a point's coordinates are read."""
    if look.view is View.PCA:
        explained = maps.components(evaluation.dataset).explained
        return {
            "axes": words.component_axes(explained),
            "says": ["at ", " and "],
            "diagonal": False,
            "sides": [],
            "places": maps.of_map(evaluation, _places),
        }
    coordinates = [words.coordinate(evaluation, evaluation.classes[n]) for n in look.pair]
    return {
        "axes": words.axes(evaluation, look.pair),
        "says": [f"{coordinates[0]} = ", f", {coordinates[1]} = "],
        "diagonal": True,
        "sides": words.sides(evaluation, look.pair),
        "places": [],
    }


def _colors(hue: Colored, by: str, both: Sequence[str], palette: Palette) -> dict[str, Any]:
    """The colour of each hue, how strongly it covers, and the legend."""
    if by not in BY:
        low, high = (minus(small(end)) for end in hue.ends)
        return {
            "colours": _ramp(palette),
            "strengths": [0.85] * SCALE,
            "groups": [],
            "scale": f"{by}: {low} or less to {high} or more",
        }
    if by == ANSWER:
        names, colors = ["wrong", "right"], [palette.wrong, palette.right]
        strengths = [0.9, 0.6]
    else:
        side = "true" if by == map_messages.TRUE else "predicted"
        names = [*(f"{side} {name}" for name in both), "others"]
        colors, strengths = [*palette.series[1:3], palette.faint], [0.8, 0.8, 0.4]
    groups = [f"{name}: {n:,}" for name, n in zip(names, hue.counts, strict=True)]
    return {"colours": colors, "strengths": strengths, "groups": groups, "scale": ""}


def _ramp(palette: Palette) -> list[str]:
    """The sequential scale in `SCALE` steps, without its end that is as light as paper."""
    stops = [[int(c[at : at + 2], 16) for at in (1, 3, 5)] for c in palette.sequential[1:]]
    at = np.linspace(0, len(stops) - 1, SCALE)
    mixed = [np.interp(at, range(len(stops)), channel) for channel in zip(*stops, strict=True)]
    return [f"#{round(r):02x}{round(g):02x}{round(b):02x}" for r, g, b in zip(*mixed, strict=True)]


def _places(evaluation: Evaluation) -> list[list[Any]]:
    """Where the middle image of each class lies among the components, while names are few."""
    if len(evaluation.classes) > NAMED_UP_TO:
        return []
    shown, table = maps.points(evaluation, View.PCA, ()), evaluation.table
    found = []
    for name in evaluation.classes:
        own = (table["true"] == name).to_numpy()
        if own.any():
            found.append([str(name), *(float(np.median(side[own])) for side in (shown.x, shown.y))])
    return found
