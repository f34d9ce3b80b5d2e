"""The greedy change flips the answer, spares what it can, and is never below the exact fewest."""

from itertools import combinations, product

import numpy as np
import pytest

from engine.explanation.counterfactual import smallest_counterfactual
from engine.explanation.greedy_change import greedy_change
from engine.models.base import Classifier
from engine.models.logistic_regression import LogisticRegression
from engine.models.nearest_template import NearestTemplate


@pytest.mark.parametrize("index", range(0, 60, 6))
def test_it_flips_with_no_fewer_pixels_than_the_exact_smallest_change(small, index):
    model = NearestTemplate("l1").fit(small.training.images, small.training.labels)
    image, templates = small.testing.images[index], model.templates_.reshape(-1, 8, 8)
    found = greedy_change(image, model)
    assert model.predict(found.image[None])[0] == found.answer != found.winner
    assert set(found.image[found.image != image]) <= {0, 255}
    others = [digit for digit in range(10) if digit != found.winner]
    exact = [
        smallest_counterfactual(image, templates, model.classes_, found.winner, digit)
        for digit in others
    ]
    assert len(found.changed) >= min(len(one.steps) for one in exact if one is not None)


@pytest.mark.parametrize("index", range(0, 60, 6))
def test_of_two_classes_of_a_linear_model_it_is_the_fewest(small, index):
    """Closed form: sorted by what a pixel can take from the margin, the first that suffice."""
    labels = (small.training.labels >= 5).astype(int)
    model = LogisticRegression().fit(small.training.images, labels)
    image = small.testing.images[index]
    winner = int(model.predict(image[None])[0])
    weight = model.coef_[winner] - model.coef_[1 - winner]
    ink = image.ravel() / 255
    margin = ink @ weight + model.intercept_[winner] - model.intercept_[1 - winner]
    gains = np.sort(np.maximum(weight * ink, weight * (ink - 1)))[::-1]
    fewest = int((np.cumsum(gains) > margin).argmax()) + 1
    found = greedy_change(image, model)
    assert len(found.changed) == fewest and found.answer == 1 - winner


def test_no_changed_pixel_can_be_spared_and_trying_all_pairs_finds_no_less(small):
    model = LogisticRegression().fit(small.training.images, small.training.labels)
    surest_first = model.distances(small.testing.images).min(axis=1).argsort()
    sizes = []
    for index in surest_first[[100, 300, 400, 500]]:
        image = small.testing.images[index]
        found = greedy_change(image, model)
        sizes.append(len(found.changed))
        for row, column in found.changed if len(found.changed) > 1 else ():
            without = found.image.copy()
            without[row, column] = image[row, column]
            assert model.predict(without[None])[0] == found.winner
        assert len(found.changed) >= _fewest_by_trying(image, model, 2)
    assert max(sizes) > 1


def _fewest_by_trying(image: np.ndarray, model: LogisticRegression, most: int) -> int:
    """The fewest pixels, up to ``most``, that flip as paper or full ink; else one more."""
    before = model.predict(image[None])[0]
    for count in range(1, most + 1):
        places = list(combinations(range(image.size), count))
        for levels in product((0, 255), repeat=count):
            edits = np.repeat(image.reshape(1, -1), len(places), axis=0)
            np.put_along_axis(edits, np.array(places), np.array(levels, np.uint8)[None], axis=1)
            if (model.predict(edits) != before).any():
                return count
    return most + 1


class Always(Classifier):
    """The same distances to every image."""

    unit = "distance"
    classes_, n_features_in_ = np.array([3, 4]), 64

    def distances(self, X, **watched):
        return np.tile([0.2, 0.7], (len(X), 1))


def test_a_model_that_nothing_moves_has_no_change(small):
    assert greedy_change(small.testing.images[0], Always()) is None


def test_too_few_pixels_find_none(small):
    model = NearestTemplate("l1").fit(small.training.images, small.training.labels)
    margin = np.diff(np.sort(model.distances(small.testing.images))[:, :2])[:, 0]
    assert greedy_change(small.testing.images[margin.argmax()], model, most=1) is None
