"""`python -m engine`: fits a model on a dataset, judges it and writes what was found as files."""

import argparse
import datetime
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.datasets.dataset import Dataset
from engine.datasets.mnist.load import MnistUnavailable, load_mnist
from engine.datasets.sklearn_digits import load_sklearn_digits
from engine.evaluation.evaluation import Evaluation, evaluate
from engine.evaluation.html_report import report
from engine.evaluation.metrics import matrix_frame, misclassified, wilson
from engine.importers.load import read_path
from engine.io.csv_export import csv_bytes
from engine.models.registry import MODELS
from engine.runtime.errors import Refused

DATA = {"mnist": load_mnist, "embedded": load_sklearn_digits}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives 0, or 1 after one sentence on standard error."""
    asked = _parser().parse_args(arguments)
    try:
        evaluation = evaluate(_load(asked.data), asked.model)
        files = write(
            evaluation, Path(asked.out), shlex.join(["python", "-m", "engine", *_again(asked)])
        )
    except (MnistUnavailable, Refused, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    low, high = wilson(evaluation.n_right, evaluation.n_images)
    print(
        f"{evaluation.model.label} on {evaluation.dataset.name}: "
        f"{evaluation.n_right:,} of {evaluation.n_images:,} "
        f"test images are right ({evaluation.n_right / evaluation.n_images:.2%}, 95 % interval "
        f"{low:.2%} to {high:.2%})"
    )
    for line in evaluation.dataset.done:
        print(line)
    if skipped := evaluation.dataset.skipped:
        print(f"Not used: {len(skipped):,} files, the first {skipped[0]}", file=sys.stderr)
    print(f"Written: {', '.join(map(str, files))}")
    return 0


def write(evaluation: Evaluation, folder: Path, command: str) -> list[Path]:
    """Writes report.html, errors.csv and matrix.csv into ``folder`` and gives their paths.

    ``command`` is named in the report as the way to make it again. Raises OSError.
    """
    errors = misclassified(evaluation.table).sort_values("gap", ascending=False, kind="stable")
    now = datetime.datetime.now(datetime.UTC)
    contents = {
        "report.html": report(
            evaluation, errors, "All errors, the worst first.", command, now, by="gap"
        ).encode(),
        "errors.csv": csv_bytes(errors),
        "matrix.csv": csv_bytes(matrix_frame(evaluation.counts, evaluation.classes).reset_index()),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m engine", description=__doc__)
    parser.add_argument("data", help="mnist, embedded, or the path of a data set of images")
    parser.add_argument("--model", choices=list(MODELS), default=next(iter(MODELS)))
    parser.add_argument("--out", default=".", metavar="FOLDER", help="where the files go")
    return parser


def _again(asked: argparse.Namespace) -> list[str]:
    return [asked.data, "--model", asked.model, "--out", asked.out]


def _load(data: str) -> Dataset:
    return DATA[data]() if data in DATA else read_path(Path(data))


if __name__ == "__main__":
    sys.exit(main())
