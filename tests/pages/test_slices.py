"""The slices page: accuracy along an attribute, and the images of a group one click away."""

import io
import time

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from dashboard.text.slices.along import least_and_most
from dashboard.text.slices.rules import worst
from engine.evaluation.evaluation import evaluate
from engine.shapes.attributes import COLUMNS, shape_attributes
from engine.shapes.groups import groups
from engine.slices.along import rates
from engine.slices.rules import parse
from engine.slices.search import Search, Slice
from tests.pages.test_data import on_page, upload
from tests.pages.test_pages import charts, said


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


RULE = "thickness <= 1.6 and true = 8"


@pytest.fixture(scope="module")
def in_slice(small, small_evaluation):
    measured = shape_attributes(small.testing.images)
    return (measured["thickness"] <= 1.6) & (small_evaluation.table["true"] == 8)


def test_a_rule_in_the_link_is_a_filter_on_the_errors_page(visit, small_evaluation, in_slice):
    app = visit("errors", slice=RULE, answers="all")
    assert not app.exception and in_slice.any()
    assert f"**{in_slice.sum()}** answers" in said(app)
    right = small_evaluation.table["right"]
    told = f"Of {in_slice.sum()} test images with thickness at most 1.6 and true 8"
    assert told in said(app).replace("\\", "")
    assert f"{right[in_slice].sum()} are right" in said(app)


def test_a_rule_in_the_link_is_a_filter_on_the_compare_page(visit, in_slice):
    app = visit("compare", slice=RULE)
    assert not app.exception
    assert (
        f"By the answers of L1 mean only these are compared: **{in_slice.sum()}** answers"
        in said(app)
    )


def test_the_images_of_a_comparison_leave_with_their_shapes_and_the_rule(
    visit, monkeypatch, small, small_evaluation, in_slice
):
    made = {}
    monkeypatch.setattr(
        "dashboard.views.reports.st.download_button",
        lambda label, make, *_, key, **__: made.update({key: make}),
    )
    assert not visit("compare", slice=RULE).exception
    table = pd.read_csv(io.BytesIO(made["changed_csv"]()))
    right = evaluate(small, "L2 mean").table["right"] != small_evaluation.table["right"]
    assert sorted(table["index"]) == np.flatnonzero(right & in_slice).tolist()
    assert set(table["slice"]) == {RULE}
    measured = shape_attributes(small.testing.images).loc[table["index"], "thickness"]
    assert table["thickness"].tolist() == pytest.approx(measured.tolist())


@pytest.mark.parametrize("page", ["errors", "compare", "slices"])
def test_a_rule_that_cannot_be_read_is_said_in_one_sentence_and_filters_nothing(visit, page):
    app = visit(page, slice="colour = red", answers="all", slices_tab="Worst slices")
    assert not app.exception
    (told,) = [error.value for error in app.error]
    assert "is no attribute; there are ink, area" in told


def test_a_slice_of_ones_own_shows_its_figures_and_its_images(visit, in_slice):
    app = visit("slices", slices_tab="Worst slices", slice=RULE)
    assert not app.exception
    assert f"Of {in_slice.sum()} test images with thickness" in said(app)
    assert "drawn at random" in said(app)


def test_a_slice_without_images_says_so(visit):
    app = visit("slices", slices_tab="Worst slices", slice="thickness > 99")
    assert "No test image has thickness above 99" in said(app)
    assert not app.exception


def test_the_way_from_a_slice_to_its_errors_carries_the_rule(visit):
    app = visit("slices", slices_tab="Worst slices", slice=RULE)
    next(button for button in app.button if button.label == "Its errors").click().run()
    assert app.title[0].value == "What do the errors look like, and why?"
    assert app.text_input(key="slice").value == RULE


def test_clearing_the_filters_lets_the_slice_go(visit):
    app = visit("errors", slice=RULE)
    next(button for button in app.button if button.label == "Clear filters").click().run()
    assert app.text_input(key="slice").value == ""


def test_permuted_answers_are_searched_when_that_is_asked_for(visit):
    app = visit("slices", slices_tab="Worst slices")
    app.button(key="slices_chance").click().run()
    assert not app.exception
    for _ in range(60):
        if "of 100 runs." in said(app).replace("\\", ""):
            break
        time.sleep(1)
        app.run()
    assert "Would chance find as much?" in said(app)


def test_the_cures_say_what_they_do_to_a_slice_once_they_are_asked(visit, in_slice):
    app = visit("slices", slices_tab="Worst slices", slice=RULE)
    if any(button.key == "slice_cures" for button in app.button):
        app.button(key="slice_cures").click().run()
    assert not app.exception
    table = app.dataframe[-1].value
    assert table["cure"].iloc[0] == "as it is" and len(table) > 5
    assert table["right"].iloc[1:].is_monotonic_decreasing


def test_the_errors_are_sorted_by_an_attribute_in_the_link(visit, small, small_evaluation):
    thickness = shape_attributes(small.testing.images)["thickness"]
    wrong = small_evaluation.table[~small_evaluation.table["right"]]
    for sort, first in (("low thickness", "idxmin"), ("high thickness", "idxmax")):
        app = visit("errors", sort=sort)
        assert not app.exception
        index = getattr(thickness[wrong["index"]], first)()
        assert f"test image {index:,} called" in said(app)
        assert " thickness; its index" in said(app)


def test_the_overview_names_the_worst_slice_once_it_is_known_and_holds(visit, small_evaluation):
    app = visit("slices", slices_tab="Worst slices", model="L2 median")
    found = [one.value for one in app.markdown if "slice" in one.value]
    app.switch_page("../pages/overview.py").run()
    assert not app.exception
    assert ("The worst slice is" in said(app)) == any("The worst slice is" in one for one in found)
    assert "Which kind of images it gets wrong" in [button.label for button in app.button]


def test_the_worst_slice_is_said_with_its_interval():
    one = Slice(parse("ink <= 0.1", {"ink": True}), 200, 60, 190, 50, 1e-9, 1e-8)
    told = worst(Search((one,), 3, np.arange(900) < 450))
    ends = binomtest(60, 200).proportion_ci(method="wilson")
    assert "**ink at most 0\\.1**: 30.0" in told and "of 200 of the 450 images" in told
    assert f"{100 * ends.low:.1f}–{100 * ends.high:.1f}" in told


@pytest.fixture
def with_writers(visit, small):
    """A visit with predictions of 300 test images, a writer and an age, as they are uploaded."""
    index = np.arange(300)
    table = pd.DataFrame({"index": index, "predicted": small.testing.labels[:300]})
    table["writer"] = np.where(index % 3 == 0, "ann b", "bob")
    table["age"] = index % 50 + 0.5
    table.loc[index % 3 == 0, "predicted"] = 0
    app = upload(visit("data"), table.to_csv(index=False).encode())
    assert "Attributes of the images are its columns 'writer', 'age'" in said(app).replace("\\", "")
    return app.selectbox(key="model").set_value("Predictions mine").run()


def test_a_column_of_a_brought_table_is_an_attribute_like_any_other(with_writers):
    app = on_page(with_writers, "slices")
    app.selectbox(key="attribute").set_value("writer").run()
    assert not app.exception
    shown = table_of(app)
    assert shown["writer"].tolist() == ["ann b", "bob"] and shown["images"].tolist() == [100, 200]
    assert "right least often at ann b" in said(app)
    app.selectbox(key="attribute").set_value("age").run()
    assert not app.exception and table_of(app)["images"].sum() == 300


def test_a_brought_column_is_in_the_rules_and_in_the_search(with_writers):
    app = on_page(with_writers, "errors")
    app.text_input(key="slice").set_value("writer = ann b and age > 20").run()
    assert not app.exception and not app.error
    at = np.arange(300)
    inside = (at % 3 == 0) & (at % 50 + 0.5 > 20)
    assert f"Of {inside.sum()} test images with writer ann b and age above 20" in said(app)
    app = on_page(app, "slices")
    app.session_state["slices_tab"] = "Worst slices"
    app.run()
    assert not app.exception
    assert "The worst slice is **writer ann b**" in said(app)
