import numpy as np
import pytest
from sklearn.neighbors import NearestCentroid
from sklearn.utils.estimator_checks import parametrize_with_checks

from engine.classifier import NearestTemplate

ALL = [NearestTemplate(metric, center) for metric in ("l1", "l2") for center in ("mean", "median")]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@parametrize_with_checks(ALL)
def test_it_is_a_scikit_learn_estimator(estimator, check):
    check(estimator)


BLANK_CORNERS = "ignore:self.within_class_std_dev_"  # NearestCentroid's remark on constant pixels


@pytest.mark.filterwarnings(BLANK_CORNERS)
def test_mean_and_l2_are_scikit_learns_nearest_centroid(small):
    train, test = small.training, small.testing
    ours = NearestTemplate("l2").fit(train.images, train.labels).predict(test.images)
    flat = train.images.reshape(len(train), -1) / 255
    theirs = NearestCentroid().fit(flat, train.labels)
    assert (ours == theirs.predict(test.images.reshape(len(test), -1) / 255)).all()


@pytest.mark.filterwarnings(BLANK_CORNERS)
def test_median_and_l1_are_scikit_learns_nearest_centroid_with_manhattan(small):
    train, test = small.training, small.testing
    ours = NearestTemplate("l1", "median").fit(train.images, train.labels)
    flat = train.images.reshape(len(train), -1) / 255
    theirs = NearestCentroid(metric="manhattan").fit(flat, train.labels)
    np.testing.assert_allclose(ours.templates_, theirs.centroids_, atol=1e-12)
    agree = ours.predict(test.images) == theirs.predict(test.images.reshape(len(test), -1) / 255)
    tied = np.sort(ours.distances(test.images), axis=1)
    assert agree[tied[:, 1] - tied[:, 0] > 1e-12].all()  # theirs breaks exact ties by rounding


@pytest.mark.parametrize(
    ("metric", "center", "right"), [("l1", "mean", 6685), ("l2", "mean", 8203)]
)
def test_the_notebooks_figures_come_out_on_mnist(mnist, metric, center, right):
    model = NearestTemplate(metric, center).fit(mnist.training.images, mnist.training.labels)
    assert (model.predict(mnist.testing.images) == mnist.testing.labels).sum() == right


def test_medians_get_three_quarters_of_mnist(mnist):
    model = NearestTemplate("l1", "median").fit(mnist.training.images, mnist.training.labels)
    share = (model.predict(mnist.testing.images) == mnist.testing.labels).mean()
    assert round(share, 3) in (0.753, 0.754)  # ties decide the fourth decimal


def test_images_may_come_flat_or_square_as_whole_levels_or_as_shares(small):
    train, test = small.training, small.testing
    model = NearestTemplate().fit(train.images, train.labels)
    flat = NearestTemplate().fit(train.images.reshape(-1, 64) / 255, train.labels)
    np.testing.assert_allclose(model.templates_, flat.templates_, atol=1e-15)
    np.testing.assert_allclose(
        model.distances(test.images), flat.distances(test.images / 255), atol=1e-15
    )


@pytest.mark.parametrize(
    ("options", "found"), [({"metric": "cosine"}, "cosine"), ({"center": "mode"}, "mode")]
)
def test_an_unknown_choice_is_named_when_fitting(toy, options, found):
    with pytest.raises(ValueError, match=f"got '{found}'"):
        NearestTemplate(**options).fit(toy.training.images, toy.training.labels)
