"""Every transformer passes scikit-learn's own checks of an estimator, and composes with a model."""

import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from engine.models.nearest_template import NearestTemplate
from engine.transforms.base import Transformer
from engine.transforms.grey_levels import Gamma, GaussianBlur, InkNormalise, Threshold, UnitNorm
from engine.transforms.moments import CenterByMass, Deskew, MomentSize

LEVELS = [Gamma(), GaussianBlur(), InkNormalise(), Threshold(), UnitNorm()]
EVERY = [*LEVELS, CenterByMass(), Deskew(), MomentSize()]
with warnings.catch_warnings():  # our base is not scikit-learn's, which would have to be loaded
    warnings.filterwarnings("ignore", "Estimator .* does not inherit", UserWarning)
    SCIKIT_LEARNS_CHECKS = parametrize_with_checks(EVERY)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@SCIKIT_LEARNS_CHECKS
def test_it_is_a_scikit_learn_transformer(estimator, check):
    check(estimator)


def test_every_transformer_is_checked():
    assert set(Transformer.__subclasses__()) == {type(one) for one in EVERY}


@pytest.mark.parametrize("transformer", EVERY, ids=repr)
def test_rows_and_images_are_changed_alike_and_each_by_itself(small, transformer):
    images = small.testing.images[:40]
    changed = transformer.fit_transform(images)
    assert changed.shape == images.shape and changed.dtype == np.float32
    rows = clone(transformer).fit_transform(images.reshape(40, -1))
    assert np.array_equal(rows, changed.reshape(40, -1))
    assert np.allclose(transformer.transform(images[3:4]), changed[3:4], atol=1e-6)
    floats = clone(transformer).fit_transform(images / 255)
    assert floats.dtype == np.float64 and np.allclose(floats, changed, atol=1e-5)


@pytest.mark.parametrize("transformer", EVERY, ids=repr)
def test_a_blank_image_stays_blank(transformer):
    assert not transformer.fit_transform(np.zeros((2, 5, 7), np.uint8)).any()


def test_a_pipeline_is_the_whole_model_and_a_grid_search_takes_it(small):
    train = small.training
    grid = {
        "nearesttemplate__metric": ["l1", "l2"],
        "momentsize__rows": [0.15, 0.2],
    }
    model = make_pipeline(Deskew(), MomentSize(), NearestTemplate())
    search = GridSearchCV(model, grid, cv=2).fit(train.images, train.labels)
    assert set(search.best_params_) == set(grid) and 0.7 < search.best_score_ < 1


WRONG = [Gamma(0), GaussianBlur(-1), InkNormalise(0), MomentSize(rows=0), MomentSize(most=0.5)]


@pytest.mark.parametrize("transformer", WRONG, ids=repr)
def test_a_parameter_that_cannot_be_is_refused(transformer):
    with pytest.raises(ValueError, match=r"above 0.*(0|-1)"):
        transformer.fit(np.zeros((2, 5, 7)))
