"""Right answers along an attribute: beside scipy's intervals and pandas' own grouping."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from engine.shapes.attributes import shape_attributes
from engine.shapes.groups import groups
from engine.slices.along import rates


def test_each_group_has_its_rate_and_the_interval_of_scipy():
    generator = np.random.default_rng(0)
    values = pd.Series(generator.normal(size=700))
    right = generator.random(700) < 0.3
    table = rates(groups(values), right)
    by_hand = pd.Series(right).groupby(pd.qcut(values, 5, labels=False)).agg(["size", "sum"])
    assert table["images"].tolist() == by_hand["size"].tolist()
    assert table["right"].tolist() == by_hand["sum"].tolist()
    for row in table.itertuples():
        wanted = binomtest(row.right, row.images).proportion_ci(method="wilson")
        assert (row.low, row.high) == pytest.approx((wanted.low, wanted.high), abs=1e-12)
        assert row.rate == pytest.approx(row.right / row.images)


def test_images_without_an_answer_do_not_count_and_a_group_of_none_has_no_rate():
    right = np.array([1.0, np.nan, 0.0, np.nan, np.nan])
    table = rates(groups(pd.Series([1, 1, 1, 2, 2])), right)
    assert table["images"].tolist() == [2, 0] and table["right"].tolist() == [1, 0]
    assert table["rate"][0] == 0.5 and table.loc[1, ["rate", "low", "high"]].isna().all()


def test_the_mean_templates_of_mnist_fail_on_thin_strokes(mnist_evaluation):
    """The figures are those of a measurement with Morpho-MNIST's own thickness."""
    thickness = shape_attributes(mnist_evaluation.dataset.testing.images)["thickness"]
    table = rates(groups(thickness), mnist_evaluation.table["right"].to_numpy())
    np.testing.assert_allclose(100 * table["rate"], [45.0, 61.5, 69.1, 76.6, 81.7], atol=1.2)
