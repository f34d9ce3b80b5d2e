import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from engine.models.nearest_template import NearestTemplate
from tests.conftest import ROOT


def test_scikit_learn_clones_it_and_searches_over_it(small):
    assert (
        repr(clone(NearestTemplate("l2")))
        == "NearestTemplate(metric='l2', center='mean', offsets=None)"
    )
    train = small.training
    grid = {"nearesttemplate__metric": ["l1", "l2"]}
    search = GridSearchCV(make_pipeline(MinMaxScaler(), NearestTemplate()), grid, cv=3)
    search.fit(train.images.reshape(len(train), -1), train.labels)
    assert 0.8 < search.best_score_ < 1


PLAIN_PATH = """
import sys
import numpy as np
import engine.models.registry, engine.evaluation.evaluation
from engine.datasets.dataset import Dataset, Split
random = np.random.default_rng(0)
split = lambda n: Split(random.integers(0, 256, (n, 4, 4), "u1"), np.arange(n) % 10, np.arange(n))
evaluation = engine.evaluation.evaluation.evaluate(Dataset("d", split(40), split(20)), "L1 mean")
assert evaluation.n_images == 20 and len(evaluation.scores) == 10
print(sorted({name.split(".")[0] for name in sys.modules} & {"sklearn", "scipy", "torch"}))
"""


def test_the_plain_path_loads_no_scikit_learn_scipy_or_torch():
    command = [sys.executable, "-c", PLAIN_PATH]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_images_of_another_size_are_refused_with_both_sizes(toy):
    model = NearestTemplate().fit(toy.training.images, toy.training.labels)
    with pytest.raises(ValueError, match=r"X has 9 features, but .* is expecting 4"):
        model.distances(np.zeros((1, 3, 3), "u1"))


@pytest.mark.parametrize("labels", [[0, 1, 1], [0.5, 1.5], [[0, 1]]])
def test_labels_that_do_not_fit_are_refused_by_scikit_learn(toy, labels):
    with pytest.raises(ValueError):  # noqa: PT011 (its words)
        NearestTemplate().fit(toy.training.images, np.array(labels))


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
    ("options", "found"), [({"metric": "l3"}, "l3"), ({"center": "mode"}, "mode")]
)
def test_an_unknown_choice_is_named_when_fitting(toy, options, found):
    with pytest.raises(ValueError, match=f"got '{found}'"):
        NearestTemplate(**options).fit(toy.training.images, toy.training.labels)
