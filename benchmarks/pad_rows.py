"""How many of ten digits drawn on the pad are right, in five ways and with five pens, on MNIST."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row
from engine.datasets.mnist.load import load_mnist
from engine.evaluation.evaluation import Evaluation, evaluate
from engine.inference.classify import Reference, classify, reference
from engine.preprocessing.strokes import PEN, draw
from tests.support.drawn_digits import PENS, WAYS, drawn

GOALS = {"L1 mean": 0.6, "L2 mean": 0.8}  # of MNIST's own they get 67 and 82 % right


def rows(_: Path) -> Iterator[Row]:
    """A row for each way with the usual pen, and for each pen in the usual way."""
    dataset = load_mnist()
    measures = reference(dataset)
    for model, goal in GOALS.items():
        evaluation = evaluate(dataset, model)
        for way in WAYS:
            yield _row(f"{model}: pad, {way}", goal, evaluation, measures, way, PEN)
        for name, pen in PENS.items():
            yield _row(f"{model}: pad, {name} pen", goal, evaluation, measures, "usual", pen)


def _row(
    what: str, goal: float, evaluation: Evaluation, measures: Reference, way: str, pen: float
) -> Row:
    found = {
        digit: classify(draw(strokes), evaluation, measures, strokes=strokes)
        for digit, strokes in drawn(way, pen).items()
    }
    wrong = [
        f"{digit} is {'turned away' if one.rejection else f'called {one.prediction.digit}'}"
        for digit, one in found.items()
        if one.rejection or one.prediction.digit != digit
    ]
    return Row(what, goal, 1 - len(wrong) / len(found), remark=", ".join(wrong))
