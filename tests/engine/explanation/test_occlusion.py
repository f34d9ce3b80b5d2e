"""Occlusion is exact: for templates and linear models it is what a closed form says."""

import numpy as np
import pytest

from engine.explanation.any_model import LOG_ODDS
from engine.explanation.occlusion import occlusion
from engine.explanation.pixel_contributions import contrast
from engine.models.logistic_regression import LogisticRegression
from engine.models.nearest_template import NearestTemplate


@pytest.fixture(scope="module")
def logistic(small) -> LogisticRegression:
    return LogisticRegression().fit(small.training.images, small.training.labels)


@pytest.mark.parametrize("metric", ["l1", "l2"])
def test_of_templates_a_pixel_loses_its_part_of_the_contrast(small, metric):
    model = NearestTemplate(metric).fit(small.training.images, small.training.labels)
    image = small.testing.images[5]
    places = model.distances(image[None])[0].argsort()[:2]
    templates = model.templates_.reshape(-1, 8, 8)[places]
    winner, other = model.classes_[places]
    found = occlusion(image, model, other=other)
    before = contrast(image, *templates, metric).parts
    after = contrast(np.zeros_like(image), *templates, metric).parts
    assert found.winner == winner and found.unit == model.unit
    assert found.drop == pytest.approx(before - after, abs=1e-6)
    assert found.margin == pytest.approx(before.sum(), abs=1e-6)


@pytest.mark.parametrize("patch", [1, 3, 5])
def test_of_a_linear_model_a_patch_loses_the_ink_times_the_weights(small, logistic, patch):
    image = small.testing.images[7]
    order = logistic.distances(image[None])[0].argsort()
    winner, other = order[0], order[1]
    found = occlusion(image, logistic, patch, logistic.classes_[other])
    worth = (image.ravel() / 255 * (logistic.coef_[winner] - logistic.coef_[other])).reshape(8, 8)
    padded, half = np.pad(worth, patch // 2), patch
    expected = [[padded[r : r + half, c : c + half].sum() for c in range(8)] for r in range(8)]
    assert found.unit == LOG_ODDS
    assert found.drop == pytest.approx(np.array(expected), abs=1e-3)


def test_the_answers_are_those_of_the_model_itself(small, logistic):
    sure = logistic.distances(small.testing.images).min(axis=1)
    image = small.testing.images[sure.argmax()]
    found = occlusion(image, logistic, 3)
    for row in range(8):
        for column in range(8):
            edited = image.copy()
            edited[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2] = 0
            assert found.answer[row, column] == logistic.predict(edited[None])[0]
    assert found.flips.any() and not found.flips.all()
    assert (found.flips <= (found.drop >= found.margin)).all()


def test_all_patches_are_asked_for_at_once(small, logistic):
    class Counted(LogisticRegression):
        batches = ()

        def distances(self, X, **watched):
            self.batches += (len(X),)
            return super().distances(X, **watched)

    model = Counted().fit(small.training.images, small.training.labels)
    occlusion(small.testing.images[0], model)
    assert model.batches == (65,)


def test_paper_loses_nothing_and_an_even_patch_is_refused(small, logistic):
    assert not occlusion(np.zeros((8, 8), np.uint8), logistic).drop.any()
    with pytest.raises(ValueError, match="got a patch of 2 pixels, wanted an odd"):
        occlusion(small.testing.images[0], logistic, 2)
