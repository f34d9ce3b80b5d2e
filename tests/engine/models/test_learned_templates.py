"""Learning against numpy's gradient, and what training, pausing and stopping promise."""

import threading

import numpy as np
import pytest

from engine.evaluation.comparison import changes_by_digit, compare
from engine.evaluation.evaluation import evaluate
from engine.models.learned_templates import LearnedTemplates, Look, Recipe, learn
from engine.models.nearest_template import NearestTemplate
from engine.runtime.limits import MAX_CONCURRENT_TRAININGS
from engine.runtime.training_jobs import Training


def rows(dataset) -> tuple[np.ndarray, np.ndarray]:
    split = dataset.training
    return split.images.reshape(len(split), -1), np.searchsorted(
        np.unique(split.labels), split.labels
    )


def test_one_step_is_the_gradient_worked_out_by_hand(small):
    images, places = rows(small)
    recipe = Recipe(epochs=1, rate=0.01, batch=len(images), scale=50.0, momentum=0.0)
    first, last = learn(images, places, recipe)
    order = np.random.default_rng(0).permutation(len(images))
    turn = np.array([np.flatnonzero(order[places[order] == places[i]] == i)[0] for i in order])
    used = order[(turn + 1) % 12 != 0]
    ink, pixels = images[used] / 255, images.shape[1]
    away = np.abs(ink[:, None] - first.templates).mean(axis=2)
    odds = np.exp(-50 * (away - away.min(axis=1, keepdims=True)))
    share = odds / odds.sum(axis=1, keepdims=True)
    share[np.arange(len(used)), places[used]] -= 1
    sign = np.sign(first.templates - ink[:, None])
    gradient = -50 * (share[:, :, None] * sign).mean(axis=0) / pixels
    expected = np.clip(first.templates - 0.01 * gradient, 0, 1)
    assert last.templates == pytest.approx(expected, abs=1e-6)


def test_training_starts_at_the_mean_images_and_reports_the_nearest_templates_accuracy(small):
    images, places = rows(small)
    first = next(learn(images, places, Recipe()))
    means = np.stack([images[places == place].mean(axis=0) / 255 for place in range(10)])
    assert first.templates == pytest.approx(means, abs=0.03)  # a twelfth is held out
    assert first.loss is None and first.step == 0
    assert 0.8 < first.accuracy < 1


def test_the_same_recipe_gives_the_same_templates_and_another_seed_others(small):
    images, places = rows(small)
    ends = [list(learn(images, places, Recipe(2, seed=seed)))[-1] for seed in (0, 0, 1)]
    assert (ends[0].templates == ends[1].templates).all()
    assert (ends[0].templates != ends[2].templates).any()


def test_learned_templates_stay_ink_and_beat_the_means(small):
    split, test = small.training, small.testing
    learned = LearnedTemplates().fit(split.images, split.labels)
    mean = NearestTemplate().fit(split.images, split.labels)
    assert learned.templates_.min() >= 0 and learned.templates_.max() <= 1
    right = [(m.predict(test.images) == test.labels).mean() for m in (mean, learned)]
    assert right[1] > right[0] + 0.02


@pytest.mark.slow
def test_on_mnist_learning_reaches_ninety_per_cent_of_the_test_images(mnist):
    learned = LearnedTemplates().fit(mnist.training.images, mnist.training.labels)
    right = (learned.predict(mnist.testing.images) == mnist.testing.labels).mean()
    assert right > 0.9


def test_learned_templates_can_be_put_into_a_classifier(small):
    split = small.training
    fitted = LearnedTemplates(epochs=1).fit(split.images, split.labels)
    held = LearnedTemplates.holding(Recipe(1), fitted.classes_, fitted.templates_)
    images = small.testing.images
    assert (held.predict(images) == fitted.predict(images)).all()


def test_a_class_of_one_image_and_a_handful_of_images_can_be_learned(toy):
    fitted = LearnedTemplates(epochs=1).fit(toy.training.images, toy.training.labels)
    assert fitted.predict(toy.training.images).tolist() == [0, 1]


@pytest.mark.parametrize(
    "settings",
    [{"epochs": 0}, {"batch": 0}, {"rate": 0.0}, {"scale": -1.0}, {"momentum": 1.0}],
    ids=str,
)
def test_a_recipe_that_cannot_work_is_refused(settings):
    with pytest.raises(ValueError, match="got"):
        Recipe(**settings)


@pytest.mark.parametrize(("scale", "shift"), [(1 / 255, 0), (-3, 7)])
def test_other_numbers_are_learned_as_the_same_images_in_another_unit(small, scale, shift):
    split, asked = small.training, small.testing.images
    grey = LearnedTemplates(epochs=1).fit(split.images, split.labels)
    other = LearnedTemplates(epochs=1).fit(split.images * float(scale) + shift, split.labels)
    same = other.predict(asked * float(scale) + shift) == grey.predict(asked)
    assert same.mean() > 0.99
    assert np.abs(other.templates_ - (grey.templates_ * 255 * scale + shift)).max() < 0.02 * abs(
        255 * scale
    )


def test_no_templates_are_learned_from_a_recipe_that_cannot_work():
    with pytest.raises(ValueError, match="epochs"):
        LearnedTemplates(epochs=0).fit(np.zeros((2, 4), "u1"), np.array([0, 1]))


def test_fixed_and_broken_images_add_up_to_the_gain(small):
    before, after = evaluate(small, "L1 mean"), evaluate(small, "L1 learned")
    compared = compare(before, after)
    table = changes_by_digit(compared)
    assert (table["fixed"] - table["broken"]).sum() == after.n_right - before.n_right
    assert table["right before"].sum() == before.n_right
    assert table["images"].sum() == before.n_images
    fixed = compared[compared["change"] == "fixed"]
    assert (fixed["was"] != fixed["true"]).all() and fixed["right"].all()


def test_comparing_on_different_images_is_refused(small, toy):
    with pytest.raises(ValueError, match="wanted the same"):
        compare(evaluate(small, "L1 mean"), evaluate(toy, "L1 mean"))


def look(step: int) -> Look:
    return Look(step, 3, step, None, 0.5, np.zeros((1, 1)))


class Gate:
    """Looks that come one by one, each when the test lets it."""

    def __init__(self, count: int = 3) -> None:
        self.open, self.asked, self.count = threading.Semaphore(0), threading.Semaphore(0), count

    def __iter__(self):
        for step in range(self.count):
            self.asked.release()
            assert self.open.acquire(timeout=20)
            yield look(step)


def test_a_training_keeps_every_look_and_finishes():
    training = Training(iter([look(0), look(1)]))
    assert training.ended(within_s=20)
    assert training.status == "finished" and not training.active
    assert [one.step for one in training.looks] == [0, 1]


def test_a_paused_training_waits_and_goes_on_where_it_was():
    gate = Gate()
    training = Training(iter(gate))
    assert gate.asked.acquire(timeout=20)
    training.pause()
    gate.open.release(3)
    assert not training.ended(within_s=0.5)
    assert training.status == "paused" and len(training.looks) == 1
    training.resume()
    assert training.ended(within_s=20)
    assert training.status == "finished" and len(training.looks) == 3


def test_a_stopped_training_keeps_what_it_has_learned():
    gate = Gate()
    training = Training(iter(gate))
    assert gate.asked.acquire(timeout=20)
    training.stop()
    gate.open.release(3)
    assert training.ended(within_s=20)
    assert training.status == "stopped" and len(training.looks) == 1


def test_what_is_to_stop_does_not_pause():
    gate = Gate()
    training = Training(iter(gate))
    assert gate.asked.acquire(timeout=20)
    training.stop()
    training.pause()
    gate.open.release(3)
    assert training.ended(within_s=20)
    assert training.status == "stopped"


def test_a_training_that_fails_says_so_and_gives_its_turn_back():
    def broken():
        yield look(0)
        raise RuntimeError("no more")

    for _ in range(MAX_CONCURRENT_TRAININGS + 1):
        training = Training(broken())
        assert training.ended(within_s=20)
        assert training.status == "failed" and str(training.error) == "no more"


def test_only_so_many_trainings_run_at_once_and_a_pause_gives_its_turn_away():
    gates = [Gate() for _ in range(MAX_CONCURRENT_TRAININGS + 1)]
    first = [Training(iter(gate)) for gate in gates[:MAX_CONCURRENT_TRAININGS]]
    assert all(gate.asked.acquire(timeout=20) for gate in gates[:MAX_CONCURRENT_TRAININGS])
    last = Training(iter(gates[-1]))
    assert not gates[-1].asked.acquire(timeout=0.6)
    assert last.status == "waiting"
    first[0].pause()
    gates[0].open.release(3)
    assert gates[-1].asked.acquire(timeout=20)
    for training, gate in zip([*first, last], gates, strict=True):
        training.stop()
        gate.open.release(3)
        assert training.ended(within_s=20)
