"""The principal components are scikit-learn's, of small images and of large ones."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from engine.projection import principal_components as module
from engine.projection.principal_components import principal_components


def by_sklearn(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    pca = PCA(2, svd_solver="full")
    at = pca.fit_transform(images.reshape(len(images), -1) / 255)
    heaviest = pca.components_[[0, 1], np.abs(pca.components_).argmax(axis=1)]
    return at * np.sign(heaviest), pca.explained_variance_ratio_


@pytest.fixture(params=["all covariances", "products only"])
def either_way(request, monkeypatch):
    if request.param == "products only":
        monkeypatch.setattr(module, "DENSE", 0)


@pytest.mark.usefixtures("either_way")
def test_the_components_and_what_they_explain_are_those_of_scikit_learn(small):
    images = small.testing.images
    found = principal_components(images)
    at, explained = by_sklearn(images)
    np.testing.assert_allclose(found.at, at, atol=1e-8)
    np.testing.assert_allclose(found.explained, explained, rtol=1e-9)


def test_chunks_make_no_difference(small, monkeypatch):
    whole = principal_components(small.testing.images)
    monkeypatch.setattr(module, "CHUNK", 7)
    np.testing.assert_allclose(principal_components(small.testing.images).at, whole.at, atol=1e-9)


@pytest.mark.parametrize("n", [0, 1, 5])
def test_images_that_do_not_differ_lie_at_0_and_explain_nothing(n):
    found = principal_components(np.full((n, 3, 3), 77, np.uint8))
    assert found.at.tolist() == [[0, 0]] * n
    assert found.explained.tolist() == [0, 0]


def test_of_two_images_one_component_explains_all():
    images = np.zeros((2, 4, 4), np.uint8)
    images[1, 0, 0] = 255
    found = principal_components(images)
    np.testing.assert_allclose(found.explained, [1, 0], atol=1e-12)
    np.testing.assert_allclose(found.at, [[-0.5, 0], [0.5, 0]], atol=1e-12)
