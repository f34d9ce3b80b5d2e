"""A region holds the points that scikit-image and a comparison find in it; links bring it back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.measure import points_in_poly

from engine.projection.region import View, read_region, region
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_REGION_CORNERS

coordinate = st.floats(-3, 3, allow_subnormal=False)
corners = st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=MAX_REGION_CORNERS)


@given(corners, st.integers(0, 2**32 - 1))
def test_a_lasso_holds_the_points_that_scikit_image_finds_in_its_polygon(polygon, seed):
    points = np.random.default_rng(seed).uniform(-3.5, 3.5, (200, 2))
    drawn = region(View.PCA, (), "lasso", [value for corner in polygon for value in corner])
    wanted = points_in_poly(points, np.array(drawn.corners))
    assert drawn.inside(*points.T).tolist() == wanted.tolist()


@given(st.tuples(coordinate, coordinate), st.tuples(coordinate, coordinate))
def test_a_box_holds_the_points_between_its_corners_and_on_its_sides(one, other):
    drawn = region(View.PAIR, (4, 9), "box", [*one, *other])
    (x1, y1), (x2, y2) = drawn.corners
    points = np.random.default_rng(0).uniform(-3.5, 3.5, (200, 2)).tolist()
    points += [(x1, y1), (x2, y1), ((x1 + x2) / 2, y2)]
    wanted = [
        min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2) for x, y in points
    ]
    assert drawn.inside(*np.array(points).T).tolist() == wanted
    assert wanted[-3:] == [True] * 3


@given(corners)
def test_a_link_brings_the_same_region_back(polygon):
    numbers = [value for corner in polygon for value in corner]
    for view, pair in ((View.PCA, ()), (View.PAIR, (4, 9)), (View.PLANE, (0, 1))):
        drawn = region(view, pair, "lasso", numbers)
        assert read_region(str(drawn), 10) == drawn


def test_a_link_is_written_so_that_a_browser_leaves_it_as_it_is():
    drawn = region(View.PAIR, (4, 9), "box", [0.05123456789, -2, 1e-7, 12345678])
    assert str(drawn) == "pair~4~9~box~0.0512346~-2~1e-07~1.23457e+07"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pca",
        "pca~box~0~0~1",
        "pca~box~0~0~nan~1",
        "pca~box~0~0~inf~1",
        "pca~lasso~0~0~1~1",
        "pca~star~0~0~1~1~1~0",
        "pair~4~box~0~0~1~1",
        "pair~4~4~box~0~0~1~1",
        "pair~4~10~box~0~0~1~1",
        "pair~-1~4~box~0~0~1~1",
        "nowhere~box~0~0~1~1",
        "pca~lasso" + "~0" * (2 * MAX_REGION_CORNERS + 2),
    ],
)
def test_what_is_no_region_is_refused_with_what_is_wanted(text):
    with pytest.raises(Refused, match="wanted"):
        read_region(text, 10)
