import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from engine.models.templates import (
    distances,
    is_digit,
    mean_templates,
    median_templates,
    mnist_distance,
    nearest,
)


def test_black_and_white_make_a_grey_template():
    images = np.array([[[0, 0]], [[255, 255]], [[255, 0]]], dtype=np.uint8)
    assert mean_templates(images, np.array([4, 4, 7])).tolist() == [[[0.5, 0.5]], [[1.0, 0.0]]]


def test_the_median_of_an_even_count_is_the_mean_of_the_two_middle_values():
    images = np.array([0, 10, 20, 255], dtype=np.uint8).reshape(4, 1, 1)
    assert median_templates(images, np.zeros(4)).item() == 15 / 255


def test_mean_templates_are_the_exact_mean_of_whole_numbers(small):
    images, labels = small.training.images, small.training.labels
    for digit, template in enumerate(mean_templates(images, labels)):
        exact = sum(image.astype(object) for image in images[labels == digit])
        count = int((labels == digit).sum())
        assert (template == (exact / (255 * count)).astype(float)).all()


@pytest.mark.parametrize(("metric", "referee"), [("l1", "manhattan"), ("l2", "sqeuclidean")])
def test_distances_agree_with_scikit_learn(small, metric, referee):
    templates = mean_templates(small.training.images, small.training.labels)
    found = distances(small.testing.images, templates, metric)
    flat = small.testing.images.reshape(-1, 64) / 255
    wanted = pairwise_distances(flat, templates.reshape(-1, 64), metric=referee) / 64
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-15)
    as_floats = distances(small.testing.images / 255, templates, metric)
    np.testing.assert_allclose(as_floats, wanted, rtol=1e-12, atol=1e-15)


def test_the_notebooks_distance_broadcasts_over_a_batch():
    template = np.array([[0.0, 1.0], [1.0, 0.0]])
    batch = np.array([[[0, 0], [0, 0]], [[0, 1], [1, 0]]], dtype=float)
    assert mnist_distance(batch[0], template) == 0.5
    assert mnist_distance(batch, template).tolist() == [0.5, 0.0]


def test_on_a_tie_the_smaller_digit_wins():
    templates = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
    between = np.array([[[128, 128]], [[0, 255]]], dtype=np.uint8)
    assert nearest(distances(between, templates)).tolist() == [0, 1]


def test_median_templates_tie_exactly_however_the_parts_are_ordered():
    """Sums of whole and half grey levels have no rounding, so a permutation changes nothing."""
    rng = np.random.default_rng(0)
    one = rng.integers(0, 511, (1, 28, 28)) / 2 / 255
    other = rng.permutation(one.ravel()).reshape(1, 28, 28)
    image = np.zeros((1, 28, 28), dtype=np.uint8)
    found = distances(image, np.concatenate([one, other]))
    assert found[0, 0] == found[0, 1]


def test_no_images_give_no_distances():
    assert distances(np.empty((0, 2, 2), "u1"), np.zeros((3, 2, 2))).shape == (0, 3)


def test_an_unknown_metric_or_another_size_is_refused_by_name():
    images = np.zeros((1, 2, 2), "u1")
    with pytest.raises(ValueError, match="got 'cosine'"):
        distances(images, np.zeros((3, 2, 2)), "cosine")
    with pytest.raises(ValueError, match=r"\(2, 2\), templates \(3, 2\)"):
        distances(images, np.zeros((3, 3, 2)))


def test_is_digit_answers_for_one_image_and_for_a_batch(toy):
    templates = mean_templates(toy.training.images, toy.training.labels)
    assert is_digit(toy.testing.images[0], 0, templates) is True
    assert is_digit(toy.testing.images, 1, templates).tolist() == [False, False]
    with pytest.raises(ValueError, match="from 0 to 1, got 7"):
        is_digit(toy.testing.images, 7, templates)


def test_is_digit_is_the_notebooks_on_every_test_image(mnist):
    """The notebook's own steps in torch, float32, on the real images."""
    import torch

    def stacked(split, digit):
        return torch.from_numpy(split.images[split.labels == digit]).float() / 255

    means = torch.stack([stacked(mnist.training, digit).mean(0) for digit in range(10)])
    templates = mean_templates(mnist.training.images, mnist.training.labels)
    for digit in range(10):
        own = stacked(mnist.testing, digit)
        distance = torch.stack([(mean - own).abs().mean((-1, -2)) for mean in means])
        ours = is_digit(mnist.testing.images[mnist.testing.labels == digit], digit, templates)
        assert (ours == (distance.argmin(dim=0) == digit).numpy()).all()
