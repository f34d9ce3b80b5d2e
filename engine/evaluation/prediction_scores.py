"""The scores beside predictions: read, and refused where they contradict these."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.evaluation.prediction_tables import SCORES
from engine.io.tables import Table
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_NAMED_LINES

ABOUT_ONE = 1e-3  # rows of scores that add up to 1 this closely are probabilities
MOSTLY = 0.9  # share of rows from which a hint speaks of them all


def read_scores(
    table: Table, classes: np.ndarray, places: np.ndarray, done: list[str]
) -> np.ndarray | None:
    """The scores (n, k) of the rows, or None when the file has none; percentages as parts of 1.

    ``places`` (n,) are those of the predictions in ``classes``, which must have the highest score.
    Raises Refused.
    """
    scores = _of_one(_scores(table, classes), done)
    if scores is not None:
        _judge_scores(table, scores, places)
    return scores


def _scores(table: Table, classes: np.ndarray) -> np.ndarray | None:
    """The scores (n, k) in the order of ``classes``, or None when the file has none."""
    if SCORES in table.columns:
        scores = table.columns[SCORES]
        if scores.shape != (len(table), len(classes)) or scores.dtype.kind not in "uif":
            raise Refused(
                f"'{SCORES}' is {scores.dtype} {scores.shape}; wanted numbers in "
                f"({len(table):,}, {len(classes)})."
            )
        return scores.astype(float)
    names = [f"score {name}" for name in classes]
    if names[0] not in table.columns:
        return None
    columns = [pd.to_numeric(pd.Series(table.columns[n]), errors="coerce") for n in names]
    return np.stack([column.to_numpy(dtype=float) for column in columns], axis=1)


def _of_one(scores: np.ndarray | None, done: list[str]) -> np.ndarray | None:
    """Percentages as parts of 1, and all else as it is."""
    if scores is None or not len(scores) or scores.min() < 0:
        return scores
    if not (np.abs(scores.sum(axis=1) - 100) <= 100 * ABOUT_ONE).all():
        return scores
    done.append("The scores of each row add up to 100: they are read as percentages.")
    return scores / 100


def _judge_scores(table: Table, scores: np.ndarray, places: np.ndarray) -> None:
    bad = np.flatnonzero(~np.isfinite(scores).all(axis=1))
    lines = [f"{table.where(row)}: a score is no finite number" for row in bad]
    refuse_lines(lines, "row has", "rows have", "finite numbers", "faulty scores")
    behind = np.flatnonzero(scores[np.arange(len(scores)), places] < scores.max(axis=1))
    lines = [f"{table.where(row)}: another class has a higher score" for row in behind]
    wanted = "the highest score for the prediction" + _like_losses(scores, places)
    refuse_lines(lines, "row has", "rows have", wanted, "contradicting scores")


def _like_losses(scores: np.ndarray, places: np.ndarray) -> str:
    """A hint where nearly every prediction alone has the lowest score."""
    own = scores[np.arange(len(scores)), places]
    if ((scores <= own[:, None]).sum(axis=1) == 1).mean() < MOSTLY:
        return ""
    return (
        "; here it mostly has the lowest, as with losses or distances, of which the smaller is the "
        "better: their negatives are scores"
    )


def refuse_lines(lines: list[str], one: str, many: str, wanted: str, fault: str = "wrong") -> None:
    """Refuses what the lines name, of which there are ``one`` or ``many``; not where none are."""
    refuse_all(faults(lines, one, many, wanted, fault))


def faults(
    lines: list[str], one: str, many: str, wanted: str, fault: str = "wrong"
) -> list[Refused]:
    """What `refuse_lines` would raise, to be refused later together with others; [] for none."""
    if not lines:
        return []
    what = one if len(lines) == 1 else many
    named, more = lines[:MAX_NAMED_LINES], len(lines) - MAX_NAMED_LINES
    if more > 0:
        named = [*named, f"… and {more:,} more"]
    return [Refused(f"{len(lines):,} {what} {fault}; wanted {wanted}.", tuple(named))]


def refuse_all(found: Sequence[Refused]) -> None:
    """Refuses for every reason at once, with the first lines of each; not where there is none."""
    if len(found) == 1:
        raise found[0]
    if found:
        each = MAX_NAMED_LINES // len(found)
        lines = [line for one in found for line in one.lines[:each]]
        raise Refused(" ".join(map(str, found)), tuple(lines))
