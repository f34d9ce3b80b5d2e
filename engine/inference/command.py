"""`python -m engine classify FILE…`: what a model makes of pictures, one line a file."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import evaluate
from engine.inference.classify import Classification, classify
from engine.inference.prediction import Answer
from engine.io.numbers import number
from engine.models.registry import MODELS
from engine.preprocessing.decode import decode
from engine.runtime.errors import Refused


def run(arguments: Sequence[str], load: Callable[[str], Dataset]) -> int:
    """Prints the answer to every file, or why there is none; 1 when a file cannot be read.

    ``load`` gives the dataset of a name or path; what it raises is raised.
    """
    asked = _parser().parse_args(arguments)
    evaluation = evaluate(load(asked.data), asked.model)
    unread = 0
    for file in asked.files:
        try:
            picture = decode(Path(file).read_bytes())
        except (Refused, OSError) as error:
            said = getattr(error, "strerror", None) or str(error)
            print(f"{file}: {said}", file=sys.stderr)
            unread += 1
        else:
            print(f"{file}: {sentence(classify(picture, evaluation))}")
    return int(unread > 0)


def sentence(result: Classification) -> str:
    """The answer, the runner-up and the margin between them; or why no answer is given."""
    if result.rejection:
        return f"no answer. {result.reason}"
    found = result.prediction
    said = str(found.digit)
    if len(found.classes) > 1:
        said += f"; {_runner_up(found)}, margin {number(found.margin)}"
    return f"{said}. {result.doubt}" if result.doubt else said


def _runner_up(found: Answer) -> str:
    """'runner-up 8', or those that are tied."""
    names = found.runners_up.tolist()
    if len(names) == 1:
        return f"runner-up {names[0]}"
    named = ", ".join(map(str, names)) if len(names) <= 3 else f"{len(names)} others"
    return f"runners-up {named} (tied)"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m engine classify", description=__doc__)
    parser.add_argument("files", nargs="+", metavar="FILE", help="a PNG, JPEG, BMP or WebP picture")
    parser.add_argument(
        "--data", default="mnist", help="what to learn from: mnist, embedded, or a dataset's path"
    )
    parser.add_argument("--model", choices=list(MODELS), default=next(iter(MODELS)))
    return parser
