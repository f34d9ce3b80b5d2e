"""Slices are searched once for an evaluation, and only after the shapes are measured."""

from dashboard.services import shapes, slices
from engine.datasets.sklearn_digits import load_sklearn_digits
from engine.evaluation.evaluation import evaluate
from engine.shapes.attributes import shape_attributes
from engine.slices.search import find_slices


def test_nothing_is_searched_before_the_shapes_are_measured_and_then_once(monkeypatch):
    evaluation = evaluate(load_sklearn_digits(), "L1 mean")
    monkeypatch.setattr(shapes, "known", lambda dataset: None)
    assert slices.known(evaluation) is None
    assert evaluation.kept.peek((slices._finding,)) is None
    monkeypatch.undo()
    shapes.measuring(evaluation.dataset).finished(None)
    slices.known(evaluation)
    task = slices.found(evaluation)
    task.finished(None)
    assert slices.known(evaluation) is task.result
    attributes = shape_attributes(evaluation.dataset.testing.images)
    wanted = find_slices(attributes, evaluation.table["right"].to_numpy())
    assert task.result.slices == wanted.slices and task.result.tried == wanted.tried
