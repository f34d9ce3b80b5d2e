"""Every page on datasets at the edge: nothing wrong, nothing right, a digit without images."""

from dataclasses import replace

import numpy as np
import pytest

from dashboard.services import datasets
from dashboard.views.slices.map_choices import COMPONENTS
from engine.datasets.dataset import Dataset, Split
from tests.pages.test_corruption import many_classes
from tests.pages.test_pages import PAGES, said


def only(split: Split, chosen: np.ndarray) -> Split:
    return Split(split.images[chosen].copy(), split.labels[chosen].copy(), split.files[chosen])


def relabelled(split: Split, labels: np.ndarray) -> Split:
    return Split(split.images.copy(), labels, split.files.copy())


@pytest.fixture
def edges(small, small_evaluation) -> dict[str, Dataset]:
    """Named variations of the embedded digits' test set."""
    testing, right = small.testing, small_evaluation.table["right"].to_numpy()
    wrong_labels = (small_evaluation.table["predicted"].to_numpy() + 1) % 10
    variants = {
        "nothing is wrong": only(testing, np.flatnonzero(right)),
        "nothing is right": relabelled(testing, wrong_labels),
        "no image of 4": only(testing, np.flatnonzero(testing.labels != 4)),
        "one digit only": only(testing, np.flatnonzero(testing.labels == 8)),
        "one image": only(testing, np.array([0])),
    }
    return {name: replace(small, name=name, testing=split) for name, split in variants.items()}


TABS = [
    ("slices", {"slices_tab": "Worst slices"}),
    ("slices", {"slices_tab": "Map"}),
    ("slices", {"slices_tab": "Map", "map_view": COMPONENTS}),
    ("trust", {"trust_tab": "Answer or abstain"}),
    ("trust", {"trust_tab": "Corruption"}),
]
EDGES = ["nothing is wrong", "nothing is right", "no image of 4", "one digit only", "one image"]


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(visit, edges, monkeypatch, page, edge):
    monkeypatch.setattr(datasets, "embedded", lambda: edges[edge])
    app = visit(page)
    assert not app.exception
    assert "nan" not in said(app).lower().split()


def test_no_errors_are_said_where_errors_are_looked_for(visit, edges, monkeypatch):
    monkeypatch.setattr(datasets, "embedded", lambda: edges["nothing is wrong"])
    assert "No test image fits these filters" in said(visit("errors"))
    assert "No test image is wrong" in said(visit("confusion"))
    assert "No test image is in this cell" in said(visit("confusion", true="1", predicted="2"))
    assert "Hardest digit" not in [box.label for box in visit("overview").metric]
    pairs = visit("confusion", below="Most confused pairs")
    assert "No test image is wrong" in said(pairs)
    assert "Every test image is right." in said(visit("overview"))


def test_a_digit_without_images_is_a_dash_not_a_zero(visit, edges, monkeypatch):
    monkeypatch.setattr(datasets, "embedded", lambda: edges["no image of 4"])
    assert "No test image is a 4." in said(visit("confusion", true="4"))


@pytest.mark.parametrize("below", ["Per digit", "Most confused pairs", "Where they go"])
@pytest.mark.parametrize("edge", EDGES)
def test_every_tab_of_the_confusion_page_opens(visit, edges, monkeypatch, below, edge):
    monkeypatch.setattr(datasets, "embedded", lambda: edges[edge])
    assert not visit("confusion", below=below).exception
    assert not visit("confusion", below="Every image", order="similarity").exception


@pytest.mark.parametrize(("page", "tab"), TABS)
@pytest.mark.parametrize("edge", EDGES)
def test_every_tab_of_slices_and_trust_opens(visit, edges, monkeypatch, edge, page, tab):
    monkeypatch.setattr(datasets, "embedded", lambda: edges[edge])
    app = visit(page, **tab)
    assert not app.exception
    assert "nan" not in said(app).lower().split()


@pytest.mark.parametrize(("page", "tab"), TABS)
@pytest.mark.parametrize("model", ["L1 mean", "Logistic"])
def test_they_open_on_a_hundred_named_classes(visit, small, monkeypatch, page, tab, model):
    named = many_classes(small)
    monkeypatch.setattr(datasets, "embedded", lambda: named)
    app = visit(page, model=model, **tab)
    assert not app.exception
    assert "nan" not in said(app).lower().split()
