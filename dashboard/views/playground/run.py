"""All of one descent as the browser draws it: every state a viewer can step to, made once."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from dashboard.charting.descent import fit as fits
from dashboard.charting.descent import loss as losses
from dashboard.charting.descent.loss import HIGHEST, TINY
from engine.descent.closed_form import QuadraticLoss, loss_at, parameters_at, powers
from engine.descent.loss_contours import RATIO, RINGS, rings, window
from engine.descent.notebook import PARAMETERS
from engine.descent.trace import DIRECTIONS, LOOPED, Descent, trace
from engine.io.numbers import coefficient, minus, number, short
from engine.runtime.limits import MAX_DESCENT_STEPS

STEPS = [*range(LOOPED + 1), 100, 1_000, 10_000, 100_000, MAX_DESCENT_STEPS]
PLANES = {"a and b": (0, 1), "a and c": (0, 2), "b and c": (1, 2)}  # places among `PARAMETERS`
DIGITS = 9  # significant: more than a screen has pixels


def as_json(run: Descent) -> str:
    """What frontend/descent.js draws of ``run``, which takes as many steps as there can be.

    What float64 cannot hold is null.
    """
    quadratic = run.quadratic
    reached = np.minimum(STEPS, run.reached)
    states = parameters_at(quadratic, run.start, run.lr, reached)
    table = trace(run)
    return json.dumps(
        {
            "steps": STEPS,
            "reached": reached.tolist(),
            "states": _listed(states),
            **_words(run, reached, states, table),
            **_points(quadratic),
            "trace": _listed(table[["Step", "Loss", *PARAMETERS, *DIRECTIONS]].to_numpy().T),
            "levels": losses.levels(quadratic).to_numpy().tolist(),
            "optimum": _listed(quadratic.optimum),
            "spans": [_span(last, table, quadratic) for last in _lasts(reached)],
            "directions": direction_names(quadratic),
            "planes": {name: _plane(name, run, states, table) for name in PLANES},
            "rings": [RINGS, RATIO],
            "alts": _alts(quadratic),
        },
        allow_nan=False,
    )


def _listed(values: np.ndarray) -> Any:
    """Numbers as JSON has them, in lists like the array."""
    flat = [
        float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None for value in np.ravel(values)
    ]
    for size in np.shape(values)[:0:-1]:
        flat = [flat[at : at + size] for at in range(0, len(flat), size)]
    return flat


def _points(quadratic: QuadraticLoss) -> dict[str, object]:
    """The points, how the model sees their times, and the frame they are shown in."""
    return {
        "time": _listed(quadratic.time),
        "speed": _listed(quadratic.speed),
        "scaled": [quadratic.shift, quadratic.scale],
        "mean": float(quadratic.speed.mean()),
        "frame": fits.fit_frame(quadratic),
    }


def _words(
    run: Descent, reached: np.ndarray, states: np.ndarray, table: pd.DataFrame
) -> dict[str, list]:
    """Of each state its figures in words, what the fit's frame leaves out, and the chart's note."""
    quadratic = run.quadratic
    found = loss_at(quadratic, run.start, run.lr, reached)
    low, high = fits.fit_frame(quadratic)
    with np.errstate(over="ignore", invalid="ignore"):
        speeds = states @ powers(quadratic.u).T
    out = len(quadratic.time) - ((speeds >= low) & (speeds <= high)).sum(axis=1)
    above = table["Step"][table["Loss"] > HIGHEST]
    first = None if above.empty else int(above.iloc[0])
    return {
        "figures": [
            [f"{step:,}", number(loss), coefficient(1 - loss / quadratic.flat), *_written(state)]
            for step, loss, state in zip(reached, found, states, strict=True)
        ],
        "titles": [f"The curve after {fits.words_of(step)}" for step in reached],
        "outside": [fits.outside(int(count), len(quadratic.time)) for count in out],
        "notes": [losses.loss_note(first, step) for step in reached],
    }


def _alts(quadratic: QuadraticLoss) -> dict[str, str]:
    """What each chart shows, for who does not see it; of the path see `_plane`."""
    return {
        "fit": "The points, the curve after the steps taken, the best possible curve and the "
        "mean; the verdict above says how far the curve is from the best",
        "loss": f"Loss by step on a log axis, with lines at the optimum {number(quadratic.floor)} "
        f"and at guessing the mean, {number(quadratic.flat)}; the tab Code has it as a table",
        "costs": "Loss that each eigen-direction still causes, by step. "
        + "; ".join(direction_names(quadratic)),
    }


def _written(state: np.ndarray) -> list[str]:
    return [minus(short(f"{value:.6g}")) for value in state]


def _lasts(reached: np.ndarray) -> list[int]:
    """Where the axes may end: those steps not yet taken are there, too, up to 50."""
    return np.unique(np.maximum(reached, LOOPED)).tolist()


def _span(last: int, table: pd.DataFrame, quadratic: QuadraticLoss) -> dict[str, object]:
    """Where the axes to ``last`` end: the steps, the losses, and the losses by direction."""
    seen = table[table["Step"] <= last]
    costs = seen[list(DIRECTIONS)].to_numpy()
    costs = costs[(costs >= TINY) & (costs <= HIGHEST)]
    low, high = (costs.min(), costs.max()) if costs.size else (TINY, 1.0)
    ends = losses.loss_frame(seen[seen["Loss"] <= HIGHEST], quadratic)
    return {"last": last, "loss": ends, "costs": [low / 2, 2 * high]}


def _plane(name: str, run: Descent, states: np.ndarray, table: pd.DataFrame) -> dict[str, object]:
    """The plane of two parameters: its frame, its ellipses of equal loss, and its words."""
    quadratic, pair = run.quadratic, PLANES[name]
    frame = window(in_view(table, quadratic, pair))
    found = rings(quadratic, states, pair, frame)
    (other,) = {0, 1, 2} - set(pair)
    best = " and ".join(f"{quadratic.optimum[place]:.4g}" for place in pair)
    third, unit = PARAMETERS[other], letter_of(quadratic)
    return {
        "pair": pair,
        "frame": frame,
        "unit": _listed(found.unit),
        "around": _listed(np.column_stack([found.centre, found.floor, found.highest])),
        "alt": f"Path of {name} on rings of equal loss to the best possible, {best}; "
        "the tab One step has where it is now",
        "note": f"Of a·{unit}² + b·{unit} + c. Rings: equal loss while {third} is held where it is",
        "caption": f"The rings are drawn with {third} as it is now: their centre is the best for "
        f"that {third}, and the best possible only once {third} is, too.",
    }


def in_view(table: pd.DataFrame, quadratic: QuadraticLoss, pair: Sequence[int]) -> np.ndarray:
    """The points the path's frame must hold: the steps until the loss explodes, and the optimum."""
    walked = table[table["Loss"] <= 100 * max(float(table["Loss"].iloc[0]), 1.0)]
    names = [PARAMETERS[place] for place in pair]
    return np.vstack([walked[names].to_numpy(), quadratic.optimum[list(pair)]])


def letter_of(quadratic: QuadraticLoss) -> str:
    """The letter of time: t, or u where it is standardised."""
    return "t" if quadratic.scale == 1 else "u"


def direction_names(quadratic: QuadraticLoss) -> list[str]:
    """Each eigen-direction by its rank, its curvature and the parameter it mostly moves."""
    mostly = [PARAMETERS[place] for place in abs(quadratic.axes).argmax(axis=0)]
    return [
        f"{rank}: mostly {letter}, curvature {number(value)}"
        for rank, value, letter in zip(DIRECTIONS, quadratic.curvatures, mostly, strict=True)
    ]
