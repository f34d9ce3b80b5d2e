"""The slices page: accuracy along an attribute, and the images of a group one click away."""

import pandas as pd
import pytest
from scipy.stats import binomtest

from dashboard.text.slices.along import least_and_most
from engine.evaluation.evaluation import evaluate
from engine.shapes.attributes import COLUMNS, shape_attributes
from engine.shapes.groups import groups
from engine.slices.along import rates
from tests.pages.test_pages import charts


def table_of(app) -> pd.DataFrame:
    return app.dataframe[0].value


@pytest.mark.parametrize("attribute", COLUMNS)
def test_every_attribute_has_its_groups_in_the_table_and_in_the_chart(
    visit, small, small_evaluation, attribute
):
    app = visit("slices", attribute=attribute)
    assert not app.exception
    shown = table_of(app)
    found = groups(shape_attributes(small.testing.images)[attribute])
    right = small_evaluation.table["right"]
    assert shown["images"].tolist() == [int(group.images.sum()) for group in found]
    for (_, row), group in zip(shown.iterrows(), found, strict=True):
        inside = right[group.images]
        ends = binomtest(int(inside.sum()), len(inside)).proportion_ci(method="wilson")
        wanted = [100 * inside.mean(), 100 * ends.low, 100 * ends.high]
        assert row[["right", "95 % from", "to"]].tolist() == pytest.approx(wanted)
    assert attribute in charts(app)[0].alt


def test_a_second_model_stands_beside_the_first_on_the_same_groups(visit, small):
    shown = table_of(visit("slices", attribute="slant", slices_to="L2 mean"))
    first, second = (shown[shown["model"] == name] for name in ("L1 mean", "L2 mean"))
    assert first["slant"].tolist() == second["slant"].tolist()
    n_right = (second["images"] * second["right"]).sum() / 100
    assert n_right == pytest.approx(evaluate(small, "L2 mean").n_right)


def test_a_link_to_an_attribute_that_is_not_here_opens_on_another(visit):
    app = visit("slices", attribute="colour", slices_to="L1 mean")
    assert not app.exception
    assert app.selectbox(key="attribute").value in COLUMNS


def test_least_and_most_are_said_only_where_the_intervals_lie_apart():
    apart = _groups([10, 90], [100, 100])
    assert "least often at a (10.0" in least_and_most("ink", "L1", apart)
    near = _groups([45, 55], [100, 100])
    assert "no difference of **L1** is beyond doubt" in least_and_most("ink", "L1", near)
    assert "there is one group" in least_and_most("ink", "L1", _groups([4], [9]))


def _groups(right: list[int], images: list[int]) -> pd.DataFrame:
    values = pd.Series([place for place, n in enumerate(images) for _ in range(n)])
    answers = [k < r for r, n in zip(right, images, strict=True) for k in range(n)]
    found = rates(groups(values), pd.Series(answers).to_numpy())
    return found.assign(group=list("abcde")[: len(found)])
