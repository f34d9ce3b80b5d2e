"""When a picture gets no answer, and the sentence that says why."""

import numpy as np

from engine.datasets.dataset import class_noun, is_digits
from engine.evaluation.evaluation import Evaluation
from engine.inference.out_of_distribution import LIMIT, OutlierDetector
from engine.inference.prediction import Answer
from engine.preprocessing.ink_checks import Rejection

FARTHEST = 1.1  # this many times as far from every template as any test image: not a digit
BLANK = "There is no ink in this picture yet."
REASONS = {
    Rejection.BLANK: BLANK,
    Rejection.FAINT: "The ink is too faint: it hardly stands out from the paper.",
    Rejection.GRAINY: "This picture is speckled all over; no stroke stands out from the specks.",
    Rejection.DOT: "This is only a dot.",
    Rejection.SEVERAL: "This looks like more than one digit; one at a time is classified.",
    Rejection.WIDE: "This is wider than any image the model was trained on.",
    Rejection.FAR: "This does not look like {any}: it is farther from every template than any "
    "test image is.",
    Rejection.UNFAMILIAR: "This does not look like {any}: from each of {known:,} training images "
    "it is farther than {limit:.0%} of {judged:,} test images are.",
}
UNSURE = "This does not look like {any}: the model is less sure of it than of any test image."


def reject(
    image: np.ndarray, found: Answer, evaluation: Evaluation, outliers: OutlierDetector
) -> Rejection | None:
    """Why a prepared image ``uint8`` (h, w) is of no class, judged by its distances, or None."""
    if found.distance > farthest(evaluation):
        return Rejection.FAR
    return Rejection.UNFAMILIAR if outliers.distance(image) > outliers.limit else None


def reason(rejection: Rejection, evaluation: Evaluation, outliers: OutlierDetector) -> str:
    """The sentence for a viewer: why no answer is given."""
    noun = class_noun(evaluation.classes)
    sentence = REASONS[rejection]
    if rejection is Rejection.FAR and not evaluation.explains:
        sentence = UNSURE
    return sentence.format(
        any="a digit" if is_digits(evaluation.classes) else "any of these classes",
        noun=noun,
        known=len(outliers.images),
        limit=LIMIT,
        judged=outliers.judged,
    )


def doubt(evaluation: Evaluation) -> str:
    """The sentence beside an answer to an image whose shape is like that of no training image."""
    what = "no digit" if class_noun(evaluation.classes) == "digit" else "none of these classes"
    return (
        f"Unsure: no training image has a shape like this; {LIMIT:.0%} of the test images are "
        f"nearer to one. It may be {what}."
    )


def farthest(evaluation: Evaluation) -> float:
    """The distance beyond which an image is called no digit: a tenth more than any test image's.

    Infinite without test images.
    """
    columns = [f"distance to {digit}" for digit in evaluation.classes]
    nearest = evaluation.table[columns].min(axis=1)
    return FARTHEST * float(nearest.max()) if len(nearest) else float("inf")
