"""The smallest change that flips an answer: it does, in whole grey levels, and fewer do not."""

import numpy as np
import pytest

from engine.evaluation.evaluation import evaluate
from engine.explanation.counterfactual import smallest_counterfactual
from engine.models.nearest_template import NearestTemplate


@pytest.fixture(scope="module", params=["l1", "l2"])
def fitted(request, small):
    model = NearestTemplate(request.param)
    return model.fit(small.training.images, small.training.labels)


def test_a_flip_reaches_its_target_and_one_pixel_fewer_does_not(fitted, small, small_evaluation):
    templates = fitted.templates_.reshape(-1, 8, 8)
    wrong = np.flatnonzero(fitted.predict(small.testing.images) != small.testing.labels)[:40]
    assert len(wrong) == 40
    for index in wrong:
        image, true = small.testing.images[index], int(small.testing.labels[index])
        winner = int(fitted.predict(image[None])[0])
        flip = smallest_counterfactual(image, templates, np.arange(10), winner, true, fitted.metric)
        edited = fitted.distances(flip.image[None])[0]
        assert edited[true] <= edited[winner]
        assert flip.answer == edited.argmin()
        assert flip.third_wins == (edited.argmin() != true)
        assert (flip.steps["margin left"].iloc[:-1] >= 0).all()
        assert (flip.image != image / 255).sum() == len(flip.steps)
        assert flip.steps["margin left"].iloc[-1] == pytest.approx(
            edited[true] - edited[winner], abs=1e-14
        )


@pytest.mark.parametrize("model", ["L1 mean", "L1 median", "L2 mean"])
@pytest.mark.parametrize("shown", ["small", "random"])
def test_the_image_as_a_file_can_hold_it_flips_the_classifiers_own_answer(small, model, shown):
    """Whole grey levels; templates of means lie between them, and the last pixel may just do."""
    evaluation = evaluate(small, model)
    images = small.testing.images[::9]
    if shown == "random":
        images = np.random.default_rng(3).integers(0, 256, images.shape).astype(np.uint8)
    said = evaluation.classifier.predict(images)
    rng = np.random.default_rng(4)
    for image, winner in zip(images, said.tolist(), strict=True):
        target = int(rng.choice([digit for digit in range(10) if digit != winner]))
        found = smallest_counterfactual(
            image, evaluation.templates, evaluation.classes, winner, target, evaluation.metric
        )
        np.testing.assert_array_equal(found.levels / 255, found.image)
        assert (found.levels != image).sum() == len(found.steps)
        assert evaluation.classifier.predict(found.levels[None]).item() == found.answer != winner


def test_no_smaller_set_of_pixels_flips_a_tiny_image():
    """Every subset of six pixels, set to paper or to full ink, tried one by one."""
    rng = np.random.default_rng(1)
    for _ in range(30):
        templates, image = rng.random((2, 2, 3)), rng.random((2, 3))
        distance = np.abs(templates - image).mean((1, 2))
        winner, target = distance.argsort()
        flip = smallest_counterfactual(image, templates, np.arange(2), int(winner), int(target))
        best = 7
        values = np.stack([np.zeros((2, 3)), np.ones((2, 3)), image])
        for choice in np.ndindex(*[3] * 6):
            changes = np.array(choice).reshape(2, 3)
            edited = np.take_along_axis(values, changes[None], axis=0)[0]
            apart = np.abs(templates - edited).mean((1, 2))
            if apart[target] < apart[winner]:
                best = min(best, int((changes != 2).sum()))
        assert len(flip.steps) == best


def test_an_answer_that_is_already_the_target_needs_no_change(toy):
    templates = np.array([[[0.0]], [[1.0]]])
    flip = smallest_counterfactual(np.array([[0.2]]), templates, np.arange(2), 1, 0)
    assert flip.steps.empty
    assert flip.answer == 0


def test_equal_templates_cannot_be_told_apart_by_any_change():
    same = np.full((2, 1, 2), 0.5)
    assert smallest_counterfactual(np.zeros((1, 2)), same, np.arange(2), 0, 1) is None


def test_after_a_flip_the_one_that_was_beaten_is_never_the_answer(small):
    """Of medians the sums are whole or half grey levels, so that ties are frequent and exact."""
    evaluation = evaluate(small, "L1 median")
    for image, said in zip(
        small.testing.images[::6], evaluation.table["predicted"][::6], strict=True
    ):
        for target in set(evaluation.classes.tolist()) - {said}:
            found = smallest_counterfactual(
                image, evaluation.templates, evaluation.classes, said, target
            )
            assert found.answer != said


def test_errors_of_mnist_flip_by_a_few_pixels(mnist_evaluation):
    """An earlier count over 1,000 errors found a median of 10 pixels and a third digit in 19 %."""
    evaluation = mnist_evaluation
    wrong = evaluation.table[~evaluation.table["right"]].sample(1000, random_state=0)
    flips = [
        smallest_counterfactual(
            evaluation.dataset.testing.images[row.index],
            evaluation.templates,
            evaluation.classes,
            row.predicted,
            row.true,
        )
        for row in wrong.drop(columns="file").itertuples(index=False)
    ]
    assert np.median([len(flip.steps) for flip in flips]) == pytest.approx(10, abs=1)
    assert np.mean([flip.third_wins for flip in flips]) == pytest.approx(0.19, abs=0.04)
