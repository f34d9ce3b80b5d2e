"""Groups of images by one attribute: beside pandas' quantiles, and by hand."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from engine.shapes.groups import groups


def test_numbers_without_ties_are_parted_as_pandas_parts_them():
    values = pd.Series(np.random.default_rng(0).normal(size=1003))
    wanted = pd.qcut(values, 5, labels=False)
    for place, group in enumerate(groups(values)):
        # pandas counts a value on an edge to the group below; of these none lies on one
        assert np.array_equal(group.images, wanted == place)
        assert (group.low, group.high) == (values[group.images].min(), values[group.images].max())


def test_whole_numbers_have_a_group_each_and_the_largest_share_the_last():
    found = groups(pd.Series([1, 1, 2, 9, 3, 4, 7, 1]))
    assert [(g.low, g.high, int(g.images.sum())) for g in found] == [
        (1, 1, 3), (2, 2, 1), (3, 3, 1), (4, 4, 1), (7, 9, 2),
    ]  # fmt: skip


@pytest.mark.parametrize("values", [[0.5] * 9, [0.0] * 8 + [1.0], [0.0] + [1.0] * 8, [3]])
def test_equal_values_are_never_parted_and_every_image_is_in_one_group(values):
    found = groups(pd.Series(values))
    assert np.array_equal(np.sum([g.images for g in found], axis=0), np.ones(len(values)))
    assert all(a.high < b.low for a, b in pairwise(found))


def test_no_images_have_no_groups():
    assert groups(pd.Series([], dtype=float)) == []
