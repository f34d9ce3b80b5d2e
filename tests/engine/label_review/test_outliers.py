"""Unusual images and drift, judged by scipy, scikit-learn and planted ones."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.neighbors import NearestNeighbors

from engine.datasets.dataset import Dataset, Split
from engine.label_review.neighbors import neighbor_shares
from engine.label_review.outliers import drift, unusual
from engine.transforms.moments import Deskew


def test_the_nearest_is_as_far_as_scikit_learn_says(small):
    found = unusual(neighbor_shares(small, "test"), small.testing.labels)
    upright = [
        np.round(255 * Deskew().fit_transform(s.images)) for s in (small.training, small.testing)
    ]
    flat = np.concatenate(upright).reshape(-1, 64)
    own = flat[len(small.training) :]
    distance, _ = NearestNeighbors(n_neighbors=2).fit(flat).kneighbors(own)
    wanted = pd.Series(distance[:, 1])
    assert np.allclose(found.sort_values("index")["nearest"], wanted)
    usual = wanted.groupby(small.testing.labels).transform("median")
    assert np.allclose(found.sort_values("index")["times"], wanted / usual)
    assert found["times"].is_monotonic_decreasing


def test_an_image_of_noise_is_the_most_unusual(small):
    images = small.testing.images.copy()
    images[42] = np.random.default_rng(0).integers(0, 256, images[42].shape)
    split = small.testing
    data = Dataset("noise", small.training, Split(images, split.labels, split.files))
    assert unusual(neighbor_shares(data, "test"), split.labels)["index"][0] == 42


def test_a_class_of_equal_images_has_nothing_unusual():
    images, labels = np.full((6, 4, 4), 9, np.uint8), np.array([0, 0, 0, 1, 1, 1])
    split = Split(images, labels, np.array(list("abcdef")))
    other = Split(images.copy(), labels.copy(), split.files.copy())
    found = unusual(neighbor_shares(Dataset("equal", split, other), "test"), labels)
    assert found["times"].tolist() == [1] * 6


def frames(seed: int, shift: float):
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, 3, 400), draw.integers(0, 3, 150)
    one, other = (pd.DataFrame(draw.normal(size=(len(n), 2)), columns=["a", "b"]) for n in labels)
    other.loc[labels[1] == 2, "b"] += shift
    return one, other, labels


def test_each_row_is_welchs_test_corrected_by_holm():
    one, other, labels = frames(0, 0.5)
    found = drift(one, other, labels).set_index(["class", "attribute"])
    plain = {}
    for name in range(3):
        for column in "ab":
            a, b = one[column][labels[0] == name], other[column][labels[1] == name]
            wanted = stats.ttest_ind(b, a, equal_var=False)
            row = found.loc[(name, column)]
            assert np.isclose(row["difference"], b.mean() - a.mean())
            assert np.allclose([row["low"], row["high"]], wanted.confidence_interval(0.95))
            plain[name, column] = wanted.pvalue
    ordered = sorted(plain, key=plain.get)
    least = 0.0
    for place, key in enumerate(ordered):
        least = max(least, plain[key] * (len(ordered) - place))
        assert np.isclose(found.loc[key, "p"], min(least, 1))


def test_a_class_that_was_moved_comes_first_and_only_it_is_found():
    found = drift(*frames(2, 1.0))
    assert (found["class"][0], found["attribute"][0]) == (2, "b")
    assert found["p"][0] < 0.001 and (found["p"][1:] > 0.05).all()


@pytest.mark.parametrize("seed", range(5))
def test_without_drift_nothing_is_called_one(seed):
    assert (drift(*frames(seed + 10, 0.0))["p"] > 0.05).all()


def test_what_has_no_spread_or_no_second_image_is_left_out():
    one = pd.DataFrame({"a": [1.0, 1.0, 5.0], "b": [1.0, 2.0, 3.0]})
    other = pd.DataFrame({"a": [1.0, 1.0], "b": [2.0, 4.0]})
    found = drift(one, other, (np.array([0, 0, 1]), np.array([0, 0])))
    assert found[["class", "attribute"]].to_numpy().tolist() == [[0, "b"]]
