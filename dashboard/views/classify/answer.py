"""The answer beside the picture: what to do until there is one, and why there may be none."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charting.palette import Palette
from dashboard.views.classify import batch, feedback, preprocessing, result
from dashboard.views.classify.image_input import Given
from dashboard.widgets.panel import panel
from engine.evaluation.evaluation import Evaluation
from engine.inference.classify import Classification, Reference


@dataclass(frozen=True, eq=False)
class Answered:
    """A picture, what the model says of it, and the class asked about; None without an answer."""

    given: Given
    classification: Classification
    asked: int | str | None


def answer(
    source: str,
    given: Sequence[Given],
    evaluation: Evaluation,
    measures: Reference,
    palette: Palette,
) -> Answered | None:
    """Shows the answer to the picture that is looked at; None where there is no picture to answer.

    ``given`` are the pictures that the way in ``source`` gave.
    """
    if not given:
        result.invite(source, evaluation, palette)
        return None
    one = batch.choose_among(given, evaluation, measures, palette)
    if one.problem:
        result.refuse(one)
        return None
    classification = result.classified(one, evaluation, measures)
    prepared = classification.prepared
    asked = result.card(evaluation, one, classification, palette)
    steps = (*prepared.steps, *preprocessing.of_the_model(prepared.image, evaluation))
    if len(steps) > 1:
        with panel("The steps of preparation"):
            preprocessing.strip(steps, one.is_ink, palette)
    if asked is not None and one.true is None:
        with panel("The question what it was"):
            feedback.ask(prepared.image, one.source, evaluation, classification.prediction)
    return Answered(one, classification, asked)
