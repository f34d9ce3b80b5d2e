"""Reasons of models with cures: exact in the pixels after the steps that prepare the image."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import cosine_distances, manhattan_distances

from engine.cures.recipe import recipe_named
from engine.evaluation.evaluation import evaluate
from engine.explanation.counterfactual import smallest_change
from engine.explanation.pixel_contributions import between
from engine.models.by_class import Compared

RECIPES = (
    "L1 mean + deskew",
    "L1 median + one size + same ink",
    "L2 mean + blur + unit length + all offsets",
    "L1 mean + one offset",
    "L1 mean + deskew + cosine + all offsets",
    "L1 mean + centered + L2 + ten prototypes",
    "L1 mean + same ink + ten prototypes + one offset",
    "L1 mean + deskew + tangent distance + all offsets",
)


@pytest.fixture(scope="module", params=RECIPES)
def fitted(request, small):
    return evaluate(small, request.param).classifier


def test_the_parts_of_all_pixels_and_the_offsets_add_up_to_the_difference_of_the_distances(
    fitted, small
):
    images = small.testing.images[::60]
    for image, distance in zip(images, fitted.distances(images), strict=True):
        compared = fitted.compared(image)
        for winner, other in np.ndindex(10, 10):
            found = between(compared, winner, other)
            assert found.margin == pytest.approx(distance[other] - distance[winner], abs=1e-7)
            assert found.parts.sum() + found.offset == found.margin


def test_the_distances_are_those_that_scikit_learn_measures_in_the_prepared_pixels(small):
    image = small.testing.images[:1]
    for name, measured in (
        ("L1 mean + deskew", lambda a, b: manhattan_distances(a, b) / 64),
        ("L1 mean + deskew + cosine", cosine_distances),
    ):
        recipe = recipe_named(name)
        model = recipe.make().fit(small.training.images, small.training.labels)
        rows = model.prepared(image).reshape(1, -1).astype(float)
        wanted = measured(rows, model.classifier.templates_)[0]
        compared = model.compared(image[0])
        found = [between(compared, 0, other).margin for other in range(10)]
        np.testing.assert_allclose(found, wanted - wanted[0], atol=1e-7)


def test_the_image_that_is_compared_is_the_one_after_the_last_step(small):
    model = evaluate(small, "L1 mean + deskew + same ink").classifier
    image = small.testing.images[3]
    upright, inked = model.after_each(image)
    np.testing.assert_array_equal(model.compared(image).image, inked.astype(float))
    np.testing.assert_allclose(inked, upright / upright.mean() * 0.1307, rtol=1e-5)


def test_the_smallest_change_of_the_prepared_pixels_turns_the_answer_and_one_fewer_does_not(
    fitted, small
):
    images = small.testing.images[::40]
    for image, distance in zip(images, fitted.distances(images), strict=True):
        compared, winner = fitted.compared(image), int(distance.argmin())
        target = (winner + 3) % 10
        if not compared.fixed:
            continue
        found = smallest_change(compared, fitted.classes_, winner, target)
        if found is None:  # no ink that the image has elsewhere is enough
            continue
        edited = fitted.classifier.distances(found.image.reshape(1, -1))[0]
        assert edited[target] <= edited[winner] + 1e-9
        assert found.answer == edited.argmin()
        assert (found.steps["margin left"].iloc[:-1] > -1e-9).all()
        assert found.image.max() <= max(compared.full, compared.templates.max() + 1 / 255)


def test_no_smaller_set_of_pixels_is_enough_with_offsets():
    """Every set of six pixels, each left alone or made like either template, tried one by one."""
    rng = np.random.default_rng(1)
    for _ in range(20):
        templates, image = rng.random((2, 2, 3)), rng.random((2, 3))
        offsets = rng.normal(0, 0.05, 2)
        distance = np.abs(templates - image).mean((1, 2)) + offsets
        winner, target = distance.argsort().tolist()
        compared = Compared(image, templates, offsets, "l1")
        found = smallest_change(compared, np.arange(2), winner, target)
        needed = []
        for choice in np.ndindex(*[3] * 6):
            changes = np.array(choice).reshape(2, 3)
            options = np.stack([image, *templates])
            edited = np.take_along_axis(options, changes[None], axis=0)[0]
            apart = np.abs(templates - edited).mean((1, 2)) + offsets
            if apart[target] < apart[winner]:
                needed.append(int((changes > 0).sum()))
        assert (found is None) == (not needed)
        assert not needed or len(found.steps) == min(needed)
