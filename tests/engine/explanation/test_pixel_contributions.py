"""What each pixel contributes: the parts add up to the difference of two distances."""

import numpy as np
import pytest

from engine.explanation.pixel_contributions import contrast
from engine.models.nearest_template import NearestTemplate


@pytest.fixture(scope="module", params=["l1", "l2"])
def fitted(request, small):
    model = NearestTemplate(request.param)
    return model.fit(small.training.images, small.training.labels)


def test_the_parts_add_up_to_the_difference_of_the_two_distances(fitted, small):
    templates = fitted.templates_.reshape(-1, 8, 8)
    distance = fitted.distances(small.testing.images)
    for image, own in zip(small.testing.images[::25], distance[::25], strict=True):
        for other in range(10):
            found = contrast(image, templates[own.argmin()], templates[other], fitted.metric)
            assert found.margin == pytest.approx(own[other] - own.min(), abs=1e-14)
            np.testing.assert_allclose(found.there + found.missing, found.parts)


def test_ink_that_is_there_and_ink_that_is_missing_are_told_apart():
    winner, other = np.array([[1.0, 0.0]]), np.array([[0.0, 0.5]])
    found = contrast(np.array([[255, 0]], dtype=np.uint8), winner, other)
    assert found.there.tolist() == [[0.5, 0.0]]  # the left pixel's ink, which the other lacks
    assert found.missing.tolist() == [[0.0, 0.25]]  # the right pixel's, which the other wants
    assert found.deciding().values.tolist() == [[0, 0, 0.5], [0, 1, 0.25]]
