"""Leaving one image out of its template, against fitting on all the others."""

import numpy as np
import pytest

from engine.calibration.left_out import can_leave_out, left_out_distances
from engine.models.learned_templates import LearnedTemplates
from engine.models.nearest_template import NearestTemplate

METRICS = ["l1", "l2"]


def refitted(model: NearestTemplate, images, labels, row: int) -> np.ndarray:
    """The distances of one image from the templates of all the others."""
    others = np.arange(len(labels)) != row
    again = NearestTemplate(model.metric).fit(images[others], labels[others])
    return again.distances(images[row : row + 1])[0]


@pytest.mark.parametrize("metric", METRICS)
def test_leaving_one_out_is_fitting_on_the_others(small, metric):
    images, labels = small.training.images, small.training.labels
    model = NearestTemplate(metric).fit(images, labels)
    found = left_out_distances(model, images, labels)
    for row in range(0, len(labels), 29):
        assert found[row] == pytest.approx(refitted(model, images, labels, row), abs=1e-12)


@pytest.mark.parametrize("metric", METRICS)
def test_the_only_image_of_a_class_has_no_template_without_it(metric):
    images = np.array([[[0, 0]], [[10, 0]], [[255, 255]]], np.uint8)
    labels = np.array(["a", "a", "b"])
    model = NearestTemplate(metric).fit(images, labels)
    found = left_out_distances(model, images, labels)
    assert np.isinf(found[2, 1]) and found[2, 0] == model.distances(images[2:])[0, 0]
    assert found[0, 0] == pytest.approx(refitted(model, images, labels, 0)[0])


def test_only_mean_templates_can_be_left_out(small):
    images, labels = small.training.images[:200], small.training.labels[:200]
    mean = NearestTemplate().fit(images, labels)
    others = NearestTemplate(center="median"), NearestTemplate(offsets="each")
    learned = LearnedTemplates(epochs=1)
    assert can_leave_out(mean)
    assert not any(can_leave_out(one.fit(images, labels)) for one in (*others, learned))


@pytest.mark.parametrize(
    ("metric", "fitted", "left_out", "change"),
    [("l1", 0.6513, 0.6509, 24), ("l2", 0.8080, 0.8074, 34)],
)
def test_on_mnist_few_answers_change(mnist, metric, fitted, left_out, change):
    """The figures are those of other code."""
    images, labels = mnist.training.images, mnist.training.labels
    model = NearestTemplate(metric).fit(images, labels)
    before = model.distances(images).argmin(axis=1)
    after = left_out_distances(model, images, labels).argmin(axis=1)
    shares = [(answers == labels).mean() for answers in (before, after)]
    assert shares == pytest.approx([fitted, left_out], abs=5e-5)
    assert (before != after).sum() == change
    rows = np.flatnonzero(before != after)[::8]
    assert all(refitted(model, images, labels, row).argmin() == after[row] for row in rows)
