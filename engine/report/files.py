"""What the command line writes: reports, and the tables behind them."""

import datetime
from pathlib import Path

from engine.evaluation.comparison import compare
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import matrix_frame, misclassified
from engine.io.csv_export import csv_bytes
from engine.models.registry import listed_name
from engine.report.comparison import changed, comparison_report
from engine.report.errors import report

Contents = dict[str, bytes]  # by file name


def of_errors(evaluation: Evaluation, command: str) -> Contents:
    """report.html, errors.csv (the same rows) and matrix.csv.

    ``command`` is named in the report as the way to make it again.
    """
    errors = misclassified(evaluation.table).sort_values("gap", ascending=False, kind="stable")
    by = "gap" if errors["gap"].notna().any() else "margin"
    what = "All errors, the worst first." if by == "gap" else "All errors."
    matrix = matrix_frame(evaluation.counts, evaluation.classes).reset_index()
    return {
        "report.html": report(evaluation, errors, what, command, _now(), by).encode(),
        "errors.csv": csv_bytes(errors),
        "matrix.csv": csv_bytes(matrix),
    }


def of_comparison(before: Evaluation, after: Evaluation, command: str) -> Contents:
    """comparison.html, and changed.csv with its fixed and broken images."""
    compared = compare(before, after)
    names = listed_name(before.model), listed_name(after.model)
    page = comparison_report(names, after, compared, command, _now())
    return {"comparison.html": page.encode(), "changed.csv": csv_bytes(changed(compared))}


def write(contents: Contents, folder: Path) -> list[Path]:
    """Writes the files into ``folder``, which is made, and gives their paths. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
