"""The grey levels against scipy and scikit-learn."""

import numpy as np
import pytest
from scipy import ndimage
from sklearn.preprocessing import Binarizer, normalize

from engine.transforms.grey_levels import Gamma, GaussianBlur, InkNormalise, Threshold, UnitNorm

IMAGES = np.random.default_rng(0).random((300, 9, 12))


@pytest.mark.parametrize("sigma", [0.5, 1, 2.3])
def test_the_blur_is_scipys(sigma):
    wanted = ndimage.gaussian_filter(IMAGES, (0, sigma, sigma), mode="constant")
    assert np.allclose(GaussianBlur(sigma).fit_transform(IMAGES), wanted, atol=1e-12)


def test_unit_norm_and_threshold_are_scikit_learns():
    rows = IMAGES.reshape(300, -1)
    assert np.allclose(UnitNorm().fit_transform(rows), normalize(rows), atol=1e-12)
    assert np.array_equal(
        Threshold(0.3).fit_transform(rows), Binarizer(threshold=0.3).transform(rows)
    )


def test_all_images_have_the_ink_asked_for():
    assert np.allclose(InkNormalise(0.2).fit_transform(IMAGES).mean(axis=(1, 2)), 0.2)


def test_gamma_is_a_power_of_the_ink():
    assert np.array_equal(Gamma(2).fit_transform(IMAGES), IMAGES * IMAGES)
    assert np.array_equal(Gamma(0.5).fit_transform(-IMAGES), np.zeros_like(IMAGES))
