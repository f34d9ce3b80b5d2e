"""Predictions of some test images only, on every page: how many were judged stands beside."""

import pandas as pd
import pytest

from tests.pages.test_data import on_page, upload
from tests.pages.test_pages import said

PART = "judged on 400 of 599 test images"


@pytest.fixture
def app(visit, small):
    """The Data page with predictions of the first 400 test images, one in four wrong."""
    labels = small.testing.labels[:400]
    wrong = [(n % 4 == 0) for n in range(400)]
    predicted = [(label + miss) % 10 for label, miss in zip(labels, wrong, strict=True)]
    table = pd.DataFrame({"index": range(400), "predicted": predicted})
    app = upload(visit("data"), table.to_csv(index=False).encode())
    assert "300 of 400 test images are right (75.00\u00a0%" in said(app) and PART in said(app)
    return app.selectbox(key="model").set_value("Predictions mine").run()


@pytest.mark.parametrize("page", ["overview", "confusion", "errors", "compare", "data"])
def test_every_page_says_how_many_images_were_judged(app, page):
    app = on_page(app, page)
    assert not app.exception
    assert PART in said(app)


@pytest.mark.parametrize("page", ["templates", "training", "classify"])
def test_pages_of_templates_judge_all_images_again(app, page):
    assert not on_page(app, page).exception


def test_the_comparison_is_on_the_images_that_both_have(app):
    app = on_page(app, "compare")
    assert "Of 400 test images" in said(app)
    assert "the images that both have judged" in said(app)


def test_the_other_measure_is_counted_on_the_same_images(app):
    assert "of the same 400 images right" in said(on_page(app, "overview"))


def test_an_image_without_a_prediction_is_named_as_such(app):
    app = on_page(app, "errors")
    app.number_input(key="image").set_value(500).run()
    assert not app.exception
    assert "Of test image 500 there is no prediction" in " ".join(box.value for box in app.info)


def test_answers_without_scores_have_a_map_of_components_and_no_distance_plane(app):
    app.switch_page("../pages/slices.py")
    app.query_params["slices_tab"] = "Map"
    app.run()
    assert not app.exception
    assert "have no scores, so there is no distance plane" in said(app)
    assert "All 400 test images, by the two directions" in said(app)
    app.text_input(key="region").set_value("pca~box~-99~-99~99~99").run()
    assert "**400 test images** inside a region" in said(app)
    assert "300 right, 75.0" in said(app)
    app.text_input(key="region").set_value("pair~4~9~box~0~0~1~1").run()
    assert "these answers come without any" in said(app)
