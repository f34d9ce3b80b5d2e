"""Cosine, prototypes and the tangent distance against scikit-learn, scipy and least squares."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans

from engine.models.nearest_prototypes import NearestPrototypes
from engine.models.nearest_template import NearestTemplate
from engine.models.tangent_distance import TangentDistance, tangents


def flat(split) -> np.ndarray:
    return split.images.reshape(len(split), -1) / 255


def test_the_cosine_is_scipys(small):
    model = NearestTemplate("cosine").fit(small.training.images, small.training.labels)
    wanted = cdist(flat(small.testing), model.templates_, "cosine")
    assert np.allclose(model.distances(small.testing.images), wanted, atol=1e-6)
    assert model.distances(np.zeros((1, 8, 8), "u1")).tolist() == [[1.0] * 10]


@pytest.mark.parametrize(("metric", "judge"), [("l1", "cityblock"), ("l2", "sqeuclidean")])
def test_prototypes_are_scikit_learns_centers_and_the_nearest_wins(small, metric, judge):
    X, y = flat(small.training), small.training.labels
    model = NearestPrototypes(metric, 3).fit(X, y)
    means = KMeans(3, n_init=1, random_state=0, max_iter=50)
    centers = np.concatenate([means.fit(X[y == name]).cluster_centers_ for name in range(10)])
    assert np.allclose(model.templates_, centers, atol=1e-9)
    wanted = cdist(flat(small.testing), centers, judge).reshape(-1, 10, 3).min(axis=2) / 64
    assert np.allclose(model.distances(flat(small.testing)), wanted, atol=1e-9)


def test_one_prototype_is_the_mean_and_few_images_are_all_prototypes(small, toy):
    X, y = small.training.images, small.training.labels
    one, mean = NearestPrototypes("l2", 1).fit(X, y), NearestTemplate("l2").fit(X, y)
    assert np.allclose(one.templates_, mean.templates_, atol=1e-6)
    few = NearestPrototypes("l2", 5).fit(toy.training.images, toy.training.labels)
    assert few.counts_.tolist() == [1, 1]


def test_the_tangent_distance_is_what_least_squares_leaves(small):
    X, y = flat(small.training), small.training.labels
    model = TangentDistance(0.7).fit(X, y)
    asked = flat(small.testing)[:20]
    got = model.distances(asked)
    for place in range(10):
        mean = X[y == place].mean(axis=0)
        ways = tangents(mean.reshape(8, 8), 0.7)
        for row, image in enumerate(asked):
            steps = np.linalg.lstsq(ways, image - mean, rcond=1e-9)[0]
            left = image - mean - ways @ steps
            assert got[row, place] == pytest.approx(np.square(left).mean(), abs=1e-9)


def blob(i, j) -> np.ndarray:
    return np.exp(-0.5 * ((i / 4) ** 2 + ((j - 0.3 * i) / 2.5) ** 2)).ravel()


def test_small_changes_of_an_image_lie_along_its_tangents():
    i, j = np.mgrid[:28, :28] - 13.5
    ways = tangents(blob(i, j).reshape(28, 28), 0.1)
    for a, b in (
        (i + 0.1, j - 0.2),
        (i + 0.02 * j, j - 0.02 * i),
        (i * 1.02, j * 1.02),
        (i * 1.02, j * 0.98),
        (i + 0.02 * j, j + 0.02 * i),
    ):
        change = blob(a, b) - blob(i, j)
        along = ways @ np.linalg.lstsq(ways, change, rcond=None)[0]
        assert np.square(change - along).sum() < 0.01 * np.square(change).sum()


@pytest.mark.parametrize(
    "wrong", [NearestPrototypes("cosine"), NearestPrototypes(prototypes=0), TangentDistance(0)]
)
def test_a_parameter_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"(at least 1|above 0)"):
        wrong.fit(np.eye(4), np.arange(4) % 2)


@pytest.mark.slow
def test_the_figures_on_mnist(mnist):
    X, y = mnist.training.images, mnist.training.labels
    figures = (
        (NearestTemplate("cosine"), 8_216, 0),
        (TangentDistance(0.5), 8_909, 0),
        (NearestPrototypes("l2", 5), 9_058, 15),
        (NearestPrototypes("l2", 10), 9_245, 15),  # k-means depends on the order of images
    )
    for model, wanted, off in figures:
        right = round(model.fit(X, y).score(mnist.testing.images, mnist.testing.labels) * 10_000)
        assert abs(right - wanted) <= off
