"""What `python -m engine … --corruption` does: the same model on corrupted test images."""

import numpy as np

from engine.corruption.curves import Curves, curves_of
from engine.corruption.kinds import KINDS, SEVERITIES
from engine.evaluation.evaluation import Evaluation
from engine.io.csv_export import csv_bytes
from engine.io.numbers import in_percent
from engine.runtime.errors import Refused

FILE = "corruption.csv"
MARK = "*"  # the severity of MNIST-C
WIDE = 7  # characters of a column


def curves(evaluation: Evaluation, asked: bool) -> Curves | None:
    """The answers to every kind at every severity, if they are ``asked`` for.

    Raises Refused where only answers to the test images are there.
    """
    if not asked:
        return None
    if not evaluation.answers_others:
        raise Refused(
            "Found predictions, which answer no corrupted image; wanted --model with --corruption."
        )
    return curves_of(evaluation)


def figures(found: Curves | None) -> dict[str, object]:
    """The table as plain values and as lines of text; empty without any. No rate is NaN."""
    if found is None or not len(found.true):
        return {}
    rows = found.table[["kind", "severity", "right", "images", "low", "high", "p"]]
    mean = found.mean_accuracy
    return {
        "corruption": rows.to_dict("records"),
        "mean_corruption": mean,
        "corrupted": lines(found),
    }


def lines(found: Curves) -> list[str]:
    """A line a kind, a column a severity, in % right; then the mean at MNIST-C's severities."""
    wide = max(len(kind.label) for kind in KINDS.values())
    clean = in_percent(found.clean_accuracy, 1)
    head = "".join(f"{severity:>{WIDE - 1}} " for severity in SEVERITIES)
    said = [f"{'Corrupted':<{wide}}{'clean':>{WIDE}} {head}"]
    for name, kind in KINDS.items():
        said.append(f"{kind.label:<{wide}}{clean:>{WIDE}} {_rates(found, name)}")
    mean = in_percent(found.mean_accuracy, 1)
    said = [line.rstrip() for line in said]
    return [*said, f"In % right; {MARK} MNIST-C's severity, their mean {mean}."]


def _rates(found: Curves, name: str) -> str:
    """The rates of one kind, each in a column of its own."""
    rates = [in_percent(np.mean(found.right(name, severity)), 1) for severity in SEVERITIES]
    marks = [MARK if severity == KINDS[name].published else " " for severity in SEVERITIES]
    return "".join(f"{one:>{WIDE - 1}}{mark}" for one, mark in zip(rates, marks, strict=True))


def files(found: Curves | None) -> dict[str, bytes]:
    """The table as a file to be written; none without."""
    return {} if found is None else {FILE: csv_bytes(found.table)}
