"""From a picture to its answer, or to the reason why none is given."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from engine.datasets.dataset import Dataset, is_digits
from engine.evaluation.evaluation import Evaluation
from engine.inference.out_of_distribution import OutlierDetector, outlier_detector
from engine.inference.prediction import Answer, answer
from engine.inference.rejection import doubt, reason, reject
from engine.inference.shapes import Shapes, shapes_of
from engine.preprocessing.ink_checks import Rejection
from engine.preprocessing.pipeline import Prepared, Step, prepare
from engine.preprocessing.size_normalization import Form, form_of
from engine.preprocessing.strokes import Stroke


@dataclass(frozen=True, eq=False)
class Reference:
    """What a picture is brought into and compared with, measured on a dataset once."""

    form: Form
    outliers: OutlierDetector
    shapes: Shapes


@dataclass(frozen=True, eq=False)
class Classification:
    """The prepared picture, the model's answer, and why not to give it.

    ``rejection`` is None, and ``reason`` empty, where the answer is due; else ``reason`` is the
    sentence for a viewer. ``prediction`` is there in both cases. ``doubt`` is the sentence for an
    answer to an image that is like no training image, '' for others.
    """

    prepared: Prepared
    prediction: Answer
    rejection: Rejection | None = None
    reason: str = ""
    doubt: str = ""


def reference(dataset: Dataset) -> Reference:
    """Measures the dataset; takes a second or two on MNIST, so keep it for the next picture."""
    return Reference(
        form_of(dataset.training.images), outlier_detector(dataset), shapes_of(dataset)
    )


def classify(
    picture: np.ndarray,
    evaluation: Evaluation,
    measures: Reference | None = None,
    *,
    skip_steps: Collection[str] = (),
    strokes: tuple[Stroke, ...] = (),
    came: tuple[int, int] | None = None,
) -> Classification:
    """The answer to a picture ``uint8`` (rows, columns) or (rows, columns, 3) of any size.

    ``measures`` is the `reference` of the evaluation's dataset; without it, it is measured at the
    first call and kept with the evaluation. ``skip_steps``, ``strokes`` and ``came``
    are those of `preprocessing.pipeline.prepare`. Ask `Evaluation.answers_others` first.
    """
    if measures is None:
        measures = evaluation.kept.get(reference, lambda: reference(evaluation.dataset))
    several = not is_digits(evaluation.classes)
    prepared = prepare(picture, measures.form, skip_steps, strokes, several, came)
    found = answer(evaluation, prepared.image)
    why = prepared.rejection or reject(prepared.image, found, evaluation, measures.outliers)
    said = reason(why, evaluation, measures.outliers) if why else ""
    unlike = not why and measures.shapes.unlike(prepared.image)
    return Classification(prepared, found, why, said, doubt(evaluation) if unlike else "")


def classify_own(image: np.ndarray, evaluation: Evaluation) -> Classification:
    """The answer to an image of the evaluation's own dataset: never changed, never refused."""
    step = Step("From the data set", image, "already in the data set's form")
    return Classification(Prepared((step,), image), answer(evaluation, image))
