"""Every classifier passes scikit-learn's own checks of an estimator."""

import warnings

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from engine.models.learned_templates import LearnedTemplates
from engine.models.logistic_regression import LogisticRegression
from engine.models.nearest_neighbors import NearestNeighbors
from engine.models.nearest_prototypes import NearestPrototypes
from engine.models.nearest_template import NearestTemplate
from engine.models.registry import MODELS
from engine.models.tangent_distance import TangentDistance

TEMPLATES = [NearestTemplate(m, center) for m in ("l1", "l2") for center in ("mean", "median")]
OTHERS = [
    NearestTemplate("cosine"),
    NearestTemplate(offsets="one"),
    NearestTemplate(center="median", offsets="each"),
    NearestPrototypes(prototypes=3),
    NearestPrototypes("l1", 2, "each"),
    TangentDistance(),
    TangentDistance(offsets="one"),
]
EVERY = [*TEMPLATES, *OTHERS, LearnedTemplates(), LogisticRegression(), NearestNeighbors()]
with warnings.catch_warnings():  # our base is not scikit-learn's, which would have to be loaded
    warnings.filterwarnings("ignore", "Estimator .* does not inherit", UserWarning)
    SCIKIT_LEARNS_CHECKS = parametrize_with_checks(EVERY)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@SCIKIT_LEARNS_CHECKS
def test_it_is_a_scikit_learn_estimator(estimator, check):
    check(estimator)


def test_every_model_of_the_table_is_checked():
    assert {type(model.make()) for model in MODELS.values()} <= {type(one) for one in EVERY}
