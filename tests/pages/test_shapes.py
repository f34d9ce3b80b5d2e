"""Images by their shape on the errors page: chosen by a group, told of each, and in the table."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from dashboard import text
from dashboard.views import shapes
from engine.shapes.attributes import COLUMNS, shape_attributes
from engine.shapes.groups import groups
from tests.pages.test_pages import said


@pytest.fixture(scope="module")
def measured(small):
    return shape_attributes(small.testing.images)


def test_a_group_by_thickness_leaves_its_images_and_says_how_many_are_right(
    visit, small_evaluation, measured
):
    app = visit("errors", shape="thickness")
    assert not app.exception
    names = app.selectbox(key="shape_group").options
    assert len(names) == 5 and names[0].startswith("1 of 5: ")
    fifth = pd.qcut(measured["thickness"], 5, labels=False)
    right = small_evaluation.table["right"]
    for place in (0, 4):
        app.selectbox(key="shape_group").select(names[place]).run()
        inside = right[(fifth == place).to_numpy()]
        assert f"**{(~inside).sum()}** wrong answer" in said(app)
        low, high = binomtest(inside.sum(), len(inside)).proportion_ci(method="wilson")
        shown = f"{inside.sum()} are right: {100 * inside.mean():.1f}"
        assert shown in said(app) and f"{100 * low:.1f}–{100 * high:.1f}" in said(app)


def test_the_opened_image_is_told_its_shape_once_it_is_measured(visit, measured):
    app = visit("errors", shape="holes", image="7", answers="all")
    assert text.shapes.of_image(measured.iloc[7]) in said(app)


def test_a_link_to_a_group_and_one_to_none_are_followed(visit):
    app = visit("errors", shape="holes")
    name = app.selectbox(key="shape_group").options[1]
    again = visit("errors", shape="holes", shape_group=name)
    assert again.selectbox(key="shape_group").value == name
    assert "asks for something that is not here" in said(visit("errors", shape="colour"))


def test_clearing_the_filters_lets_the_shape_go(visit):
    app = visit("errors", shape="ink")
    next(b for b in app.button if b.label == "Clear filters").click().run()
    assert app.selectbox(key="shape").value == "any"


def test_the_table_has_a_column_for_each_attribute(small_evaluation, measured):
    rows = small_evaluation.table.iloc[::-9]
    table = shapes.with_columns(small_evaluation, rows)
    assert list(table.columns) == [*rows.columns, *COLUMNS]
    np.testing.assert_allclose(
        table[list(COLUMNS)].to_numpy(float),
        measured.iloc[rows["index"]].to_numpy(float),
        atol=1e-5,
    )


def test_the_rates_of_all_groups_are_counted_over_all_images(small_evaluation, measured):
    right = small_evaluation.table["right"]
    table = text.shapes.by_group("holes", groups(measured["holes"]), right)
    assert table["images"].sum() == len(right)
    assert (table["images"] * table["right"]).sum() == pytest.approx(right.sum())
