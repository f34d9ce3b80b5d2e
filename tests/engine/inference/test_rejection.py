"""When a prepared image is of no class."""

import numpy as np
import pytest

from engine.evaluation.evaluation import evaluate
from engine.inference import classify
from engine.inference.prediction import answer
from engine.inference.rejection import REASONS, farthest, reason
from engine.preprocessing.ink_checks import Rejection
from tests.support.named import renamed


def test_no_test_image_is_called_no_digit_but_noise_is(small_evaluation):
    split, limit = small_evaluation.dataset.testing, farthest(small_evaluation)
    assert all(answer(small_evaluation, image).distance < limit for image in split.images)
    noise = np.random.default_rng(2).integers(0, 2, (8, 8)).astype(np.uint8) * 255
    assert answer(small_evaluation, noise).distance > limit


@pytest.mark.slow
def test_every_rejection_has_a_sentence_for_digits_and_for_other_classes(small, small_evaluation):
    outliers = classify.reference(small).outliers
    named = evaluate(renamed(small, [f"thing {name}" for name in "abcdefghij"]), "L1 mean")
    for rejection in Rejection:
        for evaluation in (small_evaluation, named, evaluate(small, "Logistic")):
            said = reason(rejection, evaluation, outliers)
            assert said.endswith(".") and "{" not in said
            assert not (evaluation is named and "a digit" in said)
    assert set(REASONS) == set(Rejection)


def test_a_model_that_measures_no_distance_is_said_to_be_unsure(small):
    outliers = classify.reference(small).outliers
    said = reason(Rejection.FAR, evaluate(small, "Logistic"), outliers)
    assert "less sure" in said and "farther" not in said
