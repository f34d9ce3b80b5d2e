"""What each transformer is worth on MNIST, against figures measured with other code."""

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

from engine.models.nearest_prototypes import NearestPrototypes
from engine.models.nearest_template import NearestTemplate
from engine.transforms.grey_levels import Gamma, GaussianBlur, InkNormalise, Threshold, UnitNorm
from engine.transforms.moments import CenterByMass, Deskew, MomentSize

RIGHT = [  # of 10,000 with L1 and with L2, and by how much another way of sampling may differ
    ((InkNormalise(),), 7_669, 8_156, 0),
    ((UnitNorm(),), 7_180, 8_223, 0),
    ((GaussianBlur(1),), 7_389, 8_093, 0),
    ((GaussianBlur(0.5),), 7_000, 8_194, 0),
    ((Threshold(0.5),), 5_851, 8_162, 0),
    ((Gamma(0.5),), 6_967, 8_242, 0),
    ((Deskew(),), 7_995, 8_654, 0),
    ((CenterByMass(),), 7_178, 8_261, 0),
    ((MomentSize(),), 8_248, 8_485, 15),
    ((Deskew(), MomentSize()), 8_833, 9_020, 15),
]


@pytest.mark.parametrize(("steps", "l1", "l2", "off"), RIGHT, ids=lambda v: str(v)[:40])
def test_the_figures_on_mnist(mnist, steps, l1, l2, off):
    prepare = make_pipeline(*steps)
    training, testing = (prepare.fit_transform(s.images) for s in (mnist.training, mnist.testing))
    for metric, wanted in (("l1", l1), ("l2", l2)):
        answers = NearestTemplate(metric).fit(training, mnist.training.labels).predict(testing)
        assert abs(np.sum(answers == mnist.testing.labels) - wanted) <= off


@pytest.mark.slow
@pytest.mark.parametrize(("prototypes", "wanted"), [(5, 9_393), (10, 9_507), (20, 9_594)])
def test_deskewed_prototypes_on_mnist(mnist, prototypes, wanted):
    """k-means begins at random: the first centers depend on the order of the images."""
    step = Deskew()
    training, testing = (step.fit_transform(s.images) for s in (mnist.training, mnist.testing))
    model = NearestPrototypes("l2", prototypes).fit(training, mnist.training.labels)
    right = np.sum(model.predict(testing) == mnist.testing.labels)
    assert abs(right - wanted) <= 15
