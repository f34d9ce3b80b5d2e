"""What `python -m engine` can be asked, and what each part of it means."""

import argparse
import contextlib

from engine.models.registry import MODELS
from engine.own_models import named
from engine.shards import command as shards

HELP = {
    "all": "Fits a model on a dataset, judges it and writes what was found as files.",
    "data": "mnist, embedded, the path of a dataset of images, or a pattern of many files of any "
    "size, as 'shards/*.parquet', which are read one by one",
    "model": "the model to fit: "
    + "; ".join(f"{n} ({m.label})" for n, m in MODELS.items())
    + "; or "
    "an ONNX file, run apart with limits; or package.module:make, Python you trust that gives a "
    "scikit-learn classifier",
    "input": "where an ONNX file could be asked in several ways, those whose words contain these, "
    "as '0 to 255'",
    "predictions": "judge this file of predictions instead of a model, as the Data page does",
    "reading": "where the data can be read in several ways, the one whose words contain these, as "
    "turned for images that do not lie upright",
    "floor": "exit with status 1 when the accuracy is below this, from 0 to 1",
    "more": "python -m engine classify FILE… answers pictures of your own.",
    "json": "print the figures as one JSON object",
    "names": "names of the classes, a line each: 0 T-shirt",
    "compare": "a second model, or a file of predictions, judged on the same images: says what it "
    "fixes and breaks",
    "report": "write the report, of the comparison if there is one, as this HTML file",
    "corrections": "judge by the labels as this CSV of the Labels page has them, and say both; "
    "with --out the corrected data are written as corrected.npz",
    "corruption": "judge the model under fifteen kinds of corruption, too: corruption.csv",
    "out": "folder for report.html, errors.csv and matrix.csv, with --compare also comparison.html "
    "and changed.csv; without it none is written",
}


def parser() -> argparse.ArgumentParser:
    """Reads the arguments; says what was wanted where they are others, and exits with 2."""
    parser = argparse.ArgumentParser(
        "python -m engine", description=HELP["all"], epilog=HELP["more"]
    )
    parser.add_argument("data", help=HELP["data"])
    model = {"type": _model, "default": next(iter(MODELS)), "help": HELP["model"]}
    parser.add_argument("--model", metavar="MODEL", **model)
    parser.add_argument("--model-input", default="", metavar="WORDS", help=HELP["input"])
    parser.add_argument("--reading", default="", metavar="WORDS", help=HELP["reading"])
    parser.add_argument("--predictions", metavar="FILE", help=HELP["predictions"])
    parser.add_argument("--names", metavar="FILE", help=HELP["names"])
    parser.add_argument("--corrections", metavar="FILE", help=HELP["corrections"])
    parser.add_argument("--compare", metavar="MODEL", help=HELP["compare"])
    parser.add_argument("--report", metavar="FILE", help=HELP["report"])
    parser.add_argument("--corruption", action="store_true", help=HELP["corruption"])
    parser.add_argument("--at-least", type=_share, metavar="SHARE", help=HELP["floor"])
    shards.add_options(parser)
    parser.add_argument("--json", action="store_true", help=HELP["json"])
    parser.add_argument("--out", metavar="FOLDER", help=HELP["out"])
    return parser


def _model(text: str) -> str:
    """What can name a model. Raises ArgumentTypeError with what was found."""
    if named.is_model(text):
        return text
    raise argparse.ArgumentTypeError(f"found {text!r}; wanted {named.wanted_models()}")


def _share(text: str) -> float:
    """A number from 0 to 1. Raises ArgumentTypeError with what was found."""
    with contextlib.suppress(ValueError):
        if 0 <= float(text) <= 1:
            return float(text)
    raise argparse.ArgumentTypeError(f"found {text!r}; wanted a number from 0 to 1")
