"""What the playground shows of one descent, as its charts take it: made once for each setting."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.charting.descent import fit as fits
from dashboard.charting.descent import loss as losses
from dashboard.charting.descent import path
from dashboard.charting.render import Sent, sent
from engine.descent.loss_contours import rings, window
from engine.descent.trace import LOOPED, Descent, parameters_after, trace
from engine.descent.verdict import Verdict, judge


@dataclass(frozen=True)
class Reached:
    """Where a descent has come to, and the tables of the two charts that are always there.

    ``now`` are the parameters, in the basis of the bowl, ``table`` is `engine.descent.trace.trace`.
    """

    now: np.ndarray
    table: pd.DataFrame
    verdict: Verdict
    fit_note: str
    fit: Sent
    loss_note: str
    loss: Sent


def reached(descent: Descent) -> Reached:
    """Everything of ``descent`` at the last finite step it reached."""
    quadratic, step = descent.quadratic, descent.reached
    now = parameters_after(descent, step)
    table = trace(descent, max(step, LOOPED) if descent.stopped is None else step)
    return Reached(
        now,
        table,
        judge(descent),
        fits.outside(
            fits.clipped(quadratic, now, fits.fit_frame(quadratic)),
            len(quadratic.time),
        ),
        sent(fits.fit_tables(quadratic, now, step)),
        losses.loss_note(table, step),
        sent(losses.loss_tables(table, step, quadratic)),
    )


def path_tables(descent: Descent, so_far: Reached, plane: str) -> Sent:
    """The tables of `path.path_chart` in the plane of two parameters."""
    quadratic, step = descent.quadratic, descent.reached
    frame = window(path.in_view(so_far.table, step, quadratic, plane))
    around = rings(quadratic, so_far.now, path.places(plane), frame)
    return sent(path.path_tables(so_far.table, step, around, plane, quadratic, frame))


def direction_tables(descent: Descent, so_far: Reached) -> Sent:
    """The tables of `path.directions_chart`."""
    names = path.direction_names(descent.quadratic)
    return sent(path.direction_tables(so_far.table, descent.reached, names))
