"""`python -m engine`: fits a model on a data set, judges it and writes what was found as files."""

import argparse
import datetime
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.bring.read import read_path
from engine.digits import Digits
from engine.embedded import embedded_digits
from engine.evaluation import matrix_frame, misclassified, wilson
from engine.export import csv_bytes
from engine.limits import Refused
from engine.mnist import MnistUnavailable, load_mnist
from engine.models import MODELS
from engine.report import report
from engine.study import Study, make_study

DATA = {"mnist": load_mnist, "embedded": embedded_digits}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives 0, or 1 after one sentence on standard error."""
    asked = _parser().parse_args(arguments)
    try:
        study = make_study(_load(asked.data), asked.model)
        files = write(
            study, Path(asked.out), shlex.join(["python", "-m", "engine", *_again(asked)])
        )
    except (MnistUnavailable, Refused, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    low, high = wilson(study.n_right, study.n_images)
    print(
        f"{study.model.label} on {study.digits.name}: {study.n_right:,} of {study.n_images:,} "
        f"test images are right ({study.n_right / study.n_images:.2%}, 95 % interval "
        f"{low:.2%} to {high:.2%})"
    )
    for line in study.digits.done:
        print(line)
    if skipped := study.digits.skipped:
        print(f"Not used: {len(skipped):,} files, the first {skipped[0]}", file=sys.stderr)
    print(f"Written: {', '.join(map(str, files))}")
    return 0


def write(study: Study, folder: Path, command: str) -> list[Path]:
    """Writes report.html, errors.csv and matrix.csv of a study into ``folder``; gives their paths.

    ``command`` is named in the report as the way to make it again. Raises OSError.
    """
    errors = misclassified(study.table).sort_values("gap", ascending=False, kind="stable")
    now = datetime.datetime.now(datetime.UTC)
    contents = {
        "report.html": report(
            study, errors, "All errors, the worst first.", command, now, by="gap"
        ).encode(),
        "errors.csv": csv_bytes(errors),
        "matrix.csv": csv_bytes(matrix_frame(study.counts, study.classes).reset_index()),
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


def _load(data: str) -> Digits:
    return DATA[data]() if data in DATA else read_path(Path(data))


if __name__ == "__main__":
    sys.exit(main())
