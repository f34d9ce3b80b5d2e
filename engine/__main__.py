"""`python -m engine`: fits a model on a dataset, judges it and writes what was found as files."""

import argparse
import contextlib
import datetime
import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.datasets.dataset import Dataset
from engine.datasets.mnist.load import MnistUnavailable, load_mnist
from engine.datasets.sklearn_digits import load_sklearn_digits
from engine.evaluation.evaluation import Evaluation, evaluate
from engine.evaluation.external_predictions import (
    evaluate_predictions,
    model_name,
    read_predictions,
)
from engine.evaluation.html_report import report
from engine.evaluation.metrics import matrix_frame, misclassified, wilson
from engine.importers.load import read_path
from engine.importers.readings import wanting
from engine.inference import command as classify_command
from engine.io.csv_export import csv_bytes
from engine.io.numbers import in_percent
from engine.models.registry import MODELS
from engine.runtime.errors import Refused

DATA = {"mnist": load_mnist, "embedded": load_sklearn_digits}
HELP = {
    "data": "mnist, embedded, or the path of a dataset of images",
    "model": "the model to fit: " + "; ".join(f"{n} ({m.label})" for n, m in MODELS.items()),
    "predictions": "judge this file of predictions instead of a model, as the Data page does",
    "reading": "where the data can be read in several ways, the one whose words contain these, as "
    "turned for images that do not lie upright",
    "floor": "exit with status 1 when the accuracy is below this, from 0 to 1",
    "more": "python -m engine classify FILE… answers pictures of your own.",
    "json": "print the figures as one JSON object",
    "out": "folder for report.html, errors.csv and matrix.csv; without it none is written",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives 0, or 1 after one sentence on standard error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if given[:1] == ["classify"]:
            return classify_command.run(given[1:], _load)
        asked = _parser().parse_args(given)
        evaluation = _evaluated(asked)
        files = write(evaluation, Path(asked.out), _again(asked)) if asked.out else []
    except (MnistUnavailable, Refused, OSError) as error:
        print(error, *getattr(error, "lines", ()), sep="\n", file=sys.stderr)
        return 1
    found = figures(evaluation) | {"files": list(map(str, files))}
    print(json.dumps(found, ensure_ascii=False) if asked.json else _sentences(found))
    return _below(found, asked.at_least)


def figures(evaluation: Evaluation) -> dict[str, object]:
    """What the command prints, as plain values: counts, rates from 0 to 1, sentences.

    Without test images the rates are None, as JSON knows no NaN. ``of`` counts all test images,
    ``images`` those that were judged.
    """
    right, images = evaluation.n_right, evaluation.n_images
    low, high = wilson(right, images)
    return {
        "dataset": evaluation.dataset.name,
        "key": evaluation.dataset.key,
        "model": evaluation.model.label,
        "right": right,
        "images": images,
        "of": len(evaluation.dataset.testing),
        "accuracy": right / images if images else None,
        "low": float(low) if images else None,
        "high": float(high) if images else None,
        "done": [
            *evaluation.dataset.done,
            *getattr(evaluation.classifier, "done", ()),
            *getattr(evaluation.classifier, "warnings", ()),
        ],
        "skipped": list(evaluation.dataset.skipped),
    }


def _sentences(found: dict) -> str:
    said = f"{found['model']} on {found['dataset']}: "
    if not found["images"]:
        said += "there is no test image"
    else:
        rates = [in_percent(found[name], 2) for name in ("accuracy", "low", "high")]
        said += (
            f"{found['right']:,} of {found['images']:,} test images are right "
            f"({rates[0]}%, 95% interval {rates[1]}% to {rates[2]}%)"
        )
    if found["images"] < found["of"]:
        said += f", judged on {found['images']:,} of {found['of']:,} test images"
    lines = [said, *found["done"]]
    if found["skipped"]:
        lines.append(f"Not used: {len(found['skipped']):,}, the first {found['skipped'][0]}")
    return "\n".join([*lines, *(f"Written: {file}" for file in found["files"])])


def _below(found: dict, floor: float | None) -> int:
    accuracy = found["accuracy"]
    if floor is None or (accuracy is not None and accuracy >= floor):
        return 0
    reached = "unknown" if accuracy is None else f"{accuracy:.4f}"
    print(f"The accuracy is {reached}; wanted at least {floor}.", file=sys.stderr)
    return 1


def _evaluated(asked: argparse.Namespace) -> Evaluation:
    """The model, or the predictions that were named, judged on the dataset."""
    with wanting(asked.reading):
        dataset = _load(asked.data)
    if asked.predictions is None:
        return evaluate(dataset, asked.model)
    path = Path(asked.predictions)
    predictions = read_predictions(path.read_bytes(), dataset)
    return evaluate_predictions(dataset, predictions, model_name(path.name))


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
    parser = argparse.ArgumentParser("python -m engine", description=__doc__, epilog=HELP["more"])
    parser.add_argument("data", help=HELP["data"])
    parser.add_argument(
        "--model", choices=list(MODELS), default=next(iter(MODELS)), help=HELP["model"]
    )
    parser.add_argument("--reading", default="", metavar="WORDS", help=HELP["reading"])
    parser.add_argument("--predictions", metavar="FILE", help=HELP["predictions"])
    parser.add_argument("--at-least", type=_share, metavar="SHARE", help=HELP["floor"])
    parser.add_argument("--json", action="store_true", help=HELP["json"])
    parser.add_argument("--out", metavar="FOLDER", help=HELP["out"])
    return parser


def _share(text: str) -> float:
    """A number from 0 to 1. Raises ArgumentTypeError with what was found."""
    with contextlib.suppress(ValueError):
        if 0 <= float(text) <= 1:
            return float(text)
    raise argparse.ArgumentTypeError(f"found {text!r}; wanted a number from 0 to 1")


def _again(asked: argparse.Namespace) -> str:
    """The command that makes the same files again."""
    of = ["--predictions", asked.predictions] if asked.predictions else ["--model", asked.model]
    return shlex.join(["python", "-m", "engine", asked.data, *of, "--out", asked.out])


def _load(data: str) -> Dataset:
    """The dataset of that name, in any case as the app writes it, or at that path."""
    if data.lower() in DATA:
        return DATA[data.lower()]()
    return read_path(Path(data))


if __name__ == "__main__":
    sys.exit(main())
