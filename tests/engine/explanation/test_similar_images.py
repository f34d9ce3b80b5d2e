"""The nearest images are those of scikit-learn."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from engine.explanation.similar_images import nearest_images


@pytest.mark.parametrize(("metric", "referee"), [("l1", "manhattan"), ("l2", "sqeuclidean")])
def test_nearest_images_are_scikit_learns_neighbours(small, metric, referee):
    train, image = small.training, small.testing.images[7]
    found = nearest_images(image, train.images, train.labels, metric, most=5)
    model = NearestNeighbors(n_neighbors=5, metric=referee, algorithm="brute")
    model.fit(train.images.reshape(len(train), -1) / 255)
    distance, index = model.kneighbors(image.reshape(1, -1) / 255)
    overall = found[found["overall"] <= 5]
    np.testing.assert_allclose(overall["distance"], distance[0] / 64)
    assert set(overall["index"]) == set(index[0])
    assert (found.groupby("label")["place"].max() >= 5).all()
    for label, of_label in found[found["place"] <= 5].groupby("label"):
        assert (train.labels[of_label["index"]] == label).all()
