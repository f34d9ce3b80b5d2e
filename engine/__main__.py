"""`python -m engine`: fits a model on a dataset, judges it and writes what was found as files."""

import argparse
import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.arguments import parser
from engine.corruption import command as corruption
from engine.datasets.class_names import read_names, renamed
from engine.datasets.dataset import Dataset
from engine.datasets.mnist.load import MnistUnavailable, load_mnist
from engine.datasets.sklearn_digits import load_sklearn_digits
from engine.evaluation.comparison import Paired, compare
from engine.evaluation.evaluation import Evaluation, evaluate
from engine.evaluation.external_predictions import (
    evaluate_predictions,
    model_name,
    read_predictions,
)
from engine.evaluation.metrics import wilson
from engine.importers.load import read_path
from engine.importers.readings import wanting
from engine.inference import command as classify_command
from engine.io.numbers import in_percent
from engine.label_review import command as review
from engine.label_review.decisions import Decisions
from engine.models.registry import listed_name
from engine.own_models import named
from engine.report import files
from engine.report.conclusion import conclusion, paired
from engine.runtime.errors import Refused
from engine.shards import command as shards

DATA = {"mnist": load_mnist, "embedded": load_sklearn_digits}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives 0, or 1 after one sentence on standard error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if given[:1] == ["classify"]:
            return classify_command.run(given[1:], _load)
        asked = parser().parse_args(given)
        if shards.is_asked(asked):
            return _said(shards.run(asked), asked)
        given = _evaluated(asked, asked.predictions or asked.model)
        made = review.decisions(asked.corrections, given.dataset)
        answers_only = asked.predictions or named.is_onnx(asked.model)
        fitted = None if answers_only else named.open_model(asked.model)
        evaluation = review.as_reviewed(given, fitted, made)
        other = _second(given, asked.compare, made) if asked.compare else None
        curves = corruption.curves(evaluation, asked.corruption)
        written = _write(evaluation, other, asked)
        if asked.out:
            more = review.corrected(given.dataset, made) | corruption.files(curves)
            written += files.write(more, Path(asked.out))
    except (MnistUnavailable, Refused, OSError) as error:
        print(error, *getattr(error, "lines", ()), sep="\n", file=sys.stderr)
        return 1
    found = figures(evaluation) | {"files": list(map(str, written))}
    found |= _compared(evaluation, other) if other else {}
    found |= review.both_ways(given, made) | corruption.figures(curves)
    return _said(found, asked)


def _said(found: dict, asked: argparse.Namespace) -> int:
    """Prints what was found; gives 1 where shards failed or the accuracy is below the floor."""
    print(json.dumps(found, ensure_ascii=False) if asked.json else _sentences(found))
    failed = found.get("failed", [])
    if failed:
        print(f"Not read: {shards.many(len(failed))}", *failed, sep="\n", file=sys.stderr)
    return max(_below(found, asked.at_least), bool(failed))


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
        "said": conclusion(evaluation)[1:],
        "done": [
            *evaluation.dataset.done,
            *getattr(evaluation.classifier, "done", ()),
            *getattr(evaluation.classifier, "warnings", ()),
        ],
        "skipped": list(map(str, evaluation.dataset.skipped)),
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
    lines = [said, *found.get("reviewed", ()), *found["said"], *found["done"]]
    if found["skipped"]:
        count = found.get("unread", len(found["skipped"]))
        lines.append(f"Not used: {count:,}, the first {found['skipped'][0]}")
    if "comparison" in found:
        lines.append(found["comparison"])
    lines += found.get("corrupted", [])
    return "\n".join([*lines, *(f"Written: {file}" for file in found["files"])])


def _below(found: dict, floor: float | None) -> int:
    accuracy = found["accuracy"]
    if floor is None or (accuracy is not None and accuracy >= floor):
        return 0
    reached = "unknown" if accuracy is None else f"{accuracy:.4f}"
    print(f"The accuracy is {reached}; wanted at least {floor}.", file=sys.stderr)
    return 1


def _evaluated(asked: argparse.Namespace, model: str) -> Evaluation:
    """The model of that name, or the predictions in that file, judged on the dataset."""
    with wanting(asked.reading):
        dataset = _load(asked.data)
    if asked.names:
        names = Path(asked.names).read_text("utf-8-sig", "replace")
        dataset = renamed(dataset, read_names(names, dataset))
    if asked.predictions:
        return _predicted(dataset, model)
    return evaluate(dataset, named.open_model(model, asked.model_input))


def _predicted(dataset: Dataset, file: str) -> Evaluation:
    predictions = read_predictions(Path(file).read_bytes(), dataset)
    return evaluate_predictions(dataset, predictions, model_name(Path(file).name))


def _second(first: Evaluation, name: str, made: Decisions) -> Evaluation:
    """The other side of a comparison on the same data: a model of the table, or predictions."""
    if named.is_model(name):
        model = named.open_model(name)
        fitted = None if named.is_onnx(name) else model
        return review.as_reviewed(evaluate(first.dataset, model), fitted, made)
    if not Path(name).exists():
        raise Refused(f"Found {name!r}; wanted {named.wanted_models('a file of predictions')}.")
    return review.as_reviewed(_predicted(first.dataset, name), None, made)


def _in_common(first: Evaluation, second: Evaluation) -> tuple[Evaluation, Evaluation]:
    """Both on the images that both have judged. Raises Refused where there is none."""
    if not (first.is_partial or second.is_partial):
        return first, second
    first, second = first.on(second.table["index"]), second.on(first.table["index"])
    if not first.n_images:
        raise Refused("The two have judged no image in common; wanted some.")
    return first, second


def _compared(first: Evaluation, second: Evaluation) -> dict[str, object]:
    """The second model, the counts of the comparison and what they come to."""
    found = Paired.of(compare(*_in_common(first, second)))
    names = listed_name(first.model), listed_name(second.model)
    return {
        "second": names[1],
        "fixed": found.fixed,
        "broken": found.broken,
        "p": found.mcnemar.p,
        "comparison": paired(found, *names),
    }


def _write(first: Evaluation, second: Evaluation | None, asked: argparse.Namespace) -> list[Path]:
    """The files that were asked for; gives their paths. Raises OSError."""
    if not (asked.out or asked.report):
        return []
    again = _again(asked)
    contents = files.of_errors(first, again)
    if second is not None:
        contents |= files.of_comparison(*_in_common(first, second), again)
    written = files.write(contents, Path(asked.out)) if asked.out else []
    if asked.report:
        page = contents["report.html" if second is None else "comparison.html"]
        file = Path(asked.report)
        written += files.write({file.name: page}, file.parent)
    return written


def _again(asked: argparse.Namespace) -> str:
    """The command that makes the same files again."""
    of = ["--predictions", asked.predictions] if asked.predictions else ["--model", asked.model]
    for name in ("model-input", "reading", "names", "corrections", "compare", "report", "out"):
        value = getattr(asked, name.replace("-", "_"))
        of += [f"--{name}", value] if value else []
    of += ["--corruption"] if asked.corruption else []
    return shlex.join(["python", "-m", "engine", asked.data, *of])


def _load(data: str) -> Dataset:
    """The dataset of that name, in any case as the app writes it, or at that path."""
    if data.lower() in DATA:
        return DATA[data.lower()]()
    return read_path(Path(data))


if __name__ == "__main__":
    sys.exit(main())
