"""Unusual images and drift on the Data page, once somebody has asked for them."""

import pandas as pd
import pytest

from dashboard import text
from engine.label_review.neighbors import neighbor_shares
from engine.label_review.outliers import drift, unusual
from engine.shapes.attributes import shape_attributes
from tests.pages.test_pages import said

COLUMNS = ["ink", "thickness", "length", "slant", "width", "height"]


def table_with(app, column: str):
    return next(one.value for one in app.dataframe if column in one.value.columns)


def test_the_most_unusual_image_is_named_and_all_are_in_the_table(visit, small):
    app = visit("data")
    for button in (one for one in app.button if one.key == "data_unusual"):
        app = button.click().run()  # unless another visit has asked already
    found = unusual(neighbor_shares(small, "test"), small.testing.labels)
    index, name = found["index"].iloc[0], found["class"].iloc[0]
    assert f"The most unusual is test image {index}, a {name}: " in said(app)
    table = table_with(app, "times the usual of its class")
    assert table["index"].tolist() == found["index"].head(500).tolist()


def test_it_is_said_where_all_that_are_shown_are_of_one_class():
    found = pd.DataFrame({"index": [5, 3, 4], "class": [7, 7, 2], "times": [3.0, 2.0, 1.5]})
    assert text.dataset.unusual(found, 2).endswith(" All 2 shown are of one class, 7.")
    assert text.dataset.unusual(found, 3).endswith("(the median).")


def test_drift_is_said_with_its_interval_and_the_number_of_comparisons(visit, small):
    app = visit("data")
    for button in (one for one in app.button if one.key == "data_drift"):
        app = button.click().run()
    tables = [shape_attributes(s.images)[COLUMNS] for s in (small.training, small.testing)]
    wanted = drift(*tables, (small.training.labels, small.testing.labels))
    assert f"{len(wanted)} comparisons" in said(app)
    shown = table_with(app, "difference")
    assert shown["difference"].tolist() == pytest.approx(wanted["difference"].tolist())


def test_what_differs_beyond_chance_is_named_with_its_direction(small):
    tables = [shape_attributes(s.images)[COLUMNS] for s in (small.training, small.testing)]
    tables[1].loc[small.testing.labels == 4, "thickness"] -= 1
    found = drift(*tables, (small.training.labels, small.testing.labels))
    sentence = text.dataset.drift(found)
    assert "test images of 4 have 1." in sentence or "test images of 4 have 0.9" in sentence
    assert "less thickness than training images" in sentence
    assert "In **1** of 60 comparisons" in sentence
