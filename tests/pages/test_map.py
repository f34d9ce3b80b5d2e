"""The map on the Slices page: its choices, what its region holds, and the same region on Errors."""

import numpy as np
import pytest
from scipy.stats import binomtest

from engine.evaluation.evaluation import evaluate
from engine.projection.distance_plane import most_confused_pair
from tests.pages.test_pages import said

BOX = "pair~4~9~box~0.05~0.05~0.2~0.2"


def inside_box(evaluation, among_pair: bool = True) -> np.ndarray:
    """Which rows lie in `BOX`, one after the other."""
    rows = evaluation.table.to_dict("records")
    return np.array(
        [
            0.05 <= row["distance to 4"] <= 0.2
            and 0.05 <= row["distance to 9"] <= 0.2
            and (not among_pair or bool({row["true"], row["predicted"]} & {4, 9}))
            for row in rows
        ]
    )


def on_map(visit, **choices):
    return visit("slices", slices_tab="Map", **choices)


@pytest.mark.parametrize("model", ["L1 mean", "Logistic", "5 neighbours"])
@pytest.mark.parametrize("view", ["Distance plane", "Principal components"])
@pytest.mark.parametrize("color", ["right or wrong", "true class", "predicted class", "slant"])
def test_every_view_has_every_colour(visit, model, view, color):
    app = on_map(visit, model=model, map_view=view, map_color=color)
    assert not app.exception
    assert app.selectbox(key="map_color").value == color
    assert not app.error


def test_it_opens_on_the_pair_that_is_confused_most(visit, small_evaluation):
    a, b = most_confused_pair(small_evaluation)
    app = on_map(visit)
    assert app.selectbox(key="map_a").value == str(small_evaluation.classes[a])
    assert app.selectbox(key="map_b").value == str(small_evaluation.classes[b])


def test_the_region_of_a_link_counts_its_images_and_how_many_are_right(visit, small_evaluation):
    app = on_map(visit, region=BOX)
    mask = inside_box(small_evaluation)
    n, right = int(mask.sum()), int(small_evaluation.table["right"][mask].sum())
    ends = binomtest(right, n).proportion_ci(method="wilson")
    assert f"**{n} test images** inside a region drawn on the map" in said(app)
    assert f"({100 * ends.low:.1f}–{100 * ends.high:.1f})" in said(app)
    assert app.selectbox(key="map_a").value == "4"  # the region says what it lies on
    assert app.selectbox(key="map_b").value == "9"


def test_a_region_of_another_view_than_the_link_asks_for_is_named_and_not_shown(visit):
    app = on_map(visit, region=BOX, map_a="1", map_b="2")
    assert not app.exception
    assert app.selectbox(key="map_a").value == "1"
    assert "Not shown: a region drawn on the map of distances to 4 and 9" in said(app)
    assert "inside a region" not in said(app)


def test_errors_shows_the_same_images_and_says_where_they_lie(visit, small_evaluation):
    app = visit("errors", region=BOX, answers="all")
    assert f"**{inside_box(small_evaluation).sum()}** answers" in said(app)
    assert "inside a region drawn on the map of distances to 4 and 9" in said(app)
    every = visit("errors", region=BOX.replace("pair", "plane"), answers="all")
    assert f"**{inside_box(small_evaluation, among_pair=False).sum()}** answers" in said(every)


def test_clearing_the_filters_of_errors_lets_the_region_go(visit, small_evaluation):
    app = visit("errors", region=BOX, answers="all")
    next(button for button in app.button if button.label == "Clear filters").click().run()
    wrong = (~small_evaluation.table["right"]).sum()
    assert f"**{wrong}** wrong answers" in said(app)
    assert app.text_input(key="region").value == ""


def test_another_class_lets_the_region_go(visit):
    app = on_map(visit, region=BOX)
    app.selectbox(key="map_a").set_value("3").run()
    assert not app.exception
    assert app.text_input(key="region").value == ""
    assert app.selectbox(key="map_a").value == "3"


@pytest.mark.parametrize("page", ["slices", "errors"])
@pytest.mark.parametrize("text", ["pair~4~4~box~0~0~1~1", "<script>", "pca~lasso~1", "é" * 5000])
def test_a_link_whose_region_cannot_be_read_says_so_and_shows_the_rest(visit, page, text):
    app = visit(page, slices_tab="Map", region=text)
    assert not app.exception
    assert "wanted" in said(app)


def test_the_same_class_twice_becomes_two(visit):
    app = on_map(visit, map_a="3", map_b="3")
    assert not app.exception
    assert app.selectbox(key="map_a").value == "3"
    assert app.selectbox(key="map_b").value != "3"


def test_probabilities_are_on_the_axes_of_a_model_that_has_them(visit, small):
    app = visit("errors", model="Logistic", region="plane~4~9~box~0.5~0~1~1", answers="all")
    logistic = evaluate(small, "Logistic")
    surer = 1 - logistic.table["distance to 4"].to_numpy() >= 0.5
    assert f"**{surer.sum()}** answers" in said(app)
    assert "probabilities of 4 and 9" in said(app)
