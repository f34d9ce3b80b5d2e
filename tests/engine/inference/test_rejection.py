"""When a prepared image is of no class."""

import numpy as np

from engine.inference import classify
from engine.inference.prediction import answer
from engine.inference.rejection import REASONS, farthest, reason
from engine.preprocessing.ink_checks import Rejection


def test_no_test_image_is_called_no_digit_but_noise_is(small_evaluation):
    split, limit = small_evaluation.dataset.testing, farthest(small_evaluation)
    assert all(answer(small_evaluation, image).distance < limit for image in split.images)
    noise = np.random.default_rng(2).integers(0, 2, (8, 8)).astype(np.uint8) * 255
    assert answer(small_evaluation, noise).distance > limit


def test_every_rejection_has_a_sentence_for_digits_and_for_other_classes(small_evaluation):
    outliers = classify.reference(small_evaluation.dataset).outliers
    for rejection in Rejection:
        for classes in (np.arange(10), np.array(["cat", "dog"])):
            said = reason(rejection, classes, outliers)
            assert said.endswith(".") and "{" not in said
    assert set(REASONS) == set(Rejection)
