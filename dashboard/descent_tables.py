"""What the playground shows of one descent, as its charts take it: made once for each setting."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.charts import descent as losses
from dashboard.charts import path
from dashboard.charts import playground as fits
from dashboard.drawing import Sent, sent
from engine.contours import rings, window
from engine.descent import LOOPED, Descent, parameters_after, trace
from engine.verdict import Verdict, judge


@dataclass(frozen=True)
class Reached:
    """Where a descent has come to, and the tables of the two charts that are always there.

    ``now`` are the parameters, in the basis of the bowl, ``table`` is `engine.descent.trace`.
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
    bowl, step = descent.bowl, descent.reached
    now = parameters_after(descent, step)
    table = trace(descent, max(step, LOOPED) if descent.stopped is None else step)
    return Reached(
        now,
        table,
        judge(descent),
        fits.outside(fits.clipped(bowl, now, fits.fit_frame(bowl)), len(bowl.time)),
        sent(fits.fit_tables(bowl, now, step)),
        losses.loss_note(table, step),
        sent(losses.loss_tables(table, step, bowl)),
    )


def path_tables(descent: Descent, so_far: Reached, plane: str) -> Sent:
    """The tables of `path.path_chart` in the plane of two parameters."""
    bowl, step = descent.bowl, descent.reached
    frame = window(path.in_view(so_far.table, step, bowl, plane))
    around = rings(bowl, so_far.now, path.places(plane), frame)
    return sent(path.path_tables(so_far.table, step, around, plane, bowl, frame))


def direction_tables(descent: Descent, so_far: Reached) -> Sent:
    """The tables of `path.directions_chart`."""
    names = path.direction_names(descent.bowl)
    return sent(path.direction_tables(so_far.table, descent.reached, names))
