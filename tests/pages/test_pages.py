"""Every page opens through Home, and says and does what it promises."""

from pathlib import Path

import altair as alt
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.services.stores import PerDataset

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


def said(app: AppTest) -> str:
    """All the text of a page that a reader can read outside charts and tables."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.text)
    return "\n".join(element.value for kind in kinds for element in kind)


def charts(app: AppTest) -> list:
    return [chart.proto for chart in app.get("vega_lite_chart")]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_without_an_exception(visit, page):
    app = visit(page)
    assert not app.exception
    assert len(app.title) == 1


WITH_CHARTS = [page for page in PAGES if page not in ("classify", "labels")]  # at the first look


@pytest.mark.parametrize("page", WITH_CHARTS)
def test_every_chart_says_what_it_shows(visit, page):
    shown = charts(visit(page))
    assert shown
    assert all(len(proto.alt) > 20 for proto in shown)


DRAWN = [
    *((page, {}) for page in WITH_CHARTS),
    *(("confusion", {"below": name}) for name in ("Where they go", "Every image")),
    *(("compare", {"compare_tab": name}) for name in ("Difference of the matrices", "All models")),
    *(("trust", {"trust_tab": name}) for name in ("Answer or abstain", "Corruption")),
    *(("playground", {"view": n}) for n in ("First four states", "Learning rates", "Race")),
]


@pytest.mark.parametrize(("page", "tab"), DRAWN, ids=lambda part: str(part).strip("{}"))
def test_every_chart_is_valid_vega_lite(visit, page, tab):
    """`drawing.draw` does not check it; reading it back does."""
    shown = charts(visit(page, **tab))
    assert shown
    for proto in shown:
        alt.Chart.from_json(proto.spec)  # raises


@pytest.mark.parametrize("model", ["L2 mean", "L1 median", "Logistic", "5 neighbours"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_works_with_every_model(visit, page, model):
    app = visit(page, model=model)
    assert not app.exception


def test_the_overview_leads_with_the_figures_of_the_classifier(visit, small_evaluation):
    right, images = small_evaluation.n_right, small_evaluation.n_images
    app = visit("overview")
    assert f"{right:,} of {images:,} test images are right" in said(app)
    assert app.metric[0].value == f"{100 * right / images:.2f}\u00a0%"
    assert app.metric[1].value == f"{images - right:,}"


def test_without_mnist_the_page_opens_on_the_embedded_digits_and_says_why(visit):
    app = visit("overview", data="MNIST")
    assert not app.exception
    assert "embedded 8×8 digits, because MNIST could not be loaded" in said(app)
    assert "Connection refused" in said(app).replace("\\", "")
    app.button(key="mnist_again").click().run()
    assert not app.exception
    assert app.button(key="mnist_again")


HOSTILE = [
    {"data": "nothing", "model": "x" * 5000},
    {"true": "<script>", "predicted": "99", "sort": "", "per_page": "1e400"},
    {"image": "-1", "page": "999999"},
    {"image": "1e400", "order_seed": "1e400", "sort": "random"},
    {"image": "1e-320", "order_seed": "0.5", "margin": "nan"},
    {"margin": "1,x", "margins": "0.5"},
    {"image": "nan", "page": "٣", "cells": "\0", "answers": "all;drop"},
    {"first": "10", "second": "seven", "log": "maybe", "errors_only": "2"},
]


@pytest.mark.case(28, 29)
@pytest.mark.parametrize("params", HOSTILE, ids=lambda p: "+".join(p))
@pytest.mark.parametrize("page", PAGES)
def test_hostile_links_fall_back_to_the_defaults(visit, page, params):
    app = visit(page, **params)
    assert not app.exception
    assert len(app.title) == 1


def test_a_link_with_a_filter_opens_with_that_filter(visit, small_evaluation):
    table = small_evaluation.table
    pair = table[~table["right"]].groupby(["true", "predicted"]).size().idxmax()
    app = visit("errors", true=str(pair[0]), predicted=str(pair[1]))
    found = ((table["true"] == pair[0]) & (table["predicted"] == pair[1])).sum()
    assert f"**{found:,}** wrong answers on true {pair[0]}s that say {pair[1]}" in said(app)


def test_a_link_whose_choices_are_all_here_is_taken_without_a_word(visit):
    link = {"true": "8", "answers": "all", "sort": "random", "order_seed": "7", "per_page": "48"}
    app = visit("errors", image="12", **link)
    assert "This link asks for something" not in said(app)
    assert "Why is test image 12 called" in said(app)


def test_a_link_to_a_model_or_data_that_is_not_here_says_so(visit):
    assert "'model' L9 mean (shown: L1 mean)" in said(visit("overview", model="L9 mean"))
    assert "My templates is not here: what a viewer" in said(
        visit("overview", model="My templates")
    )
    assert "asks for something" not in said(visit("overview", model="L2 mean"))


def test_a_link_to_what_is_not_here_says_which_choice_was_left(visit):
    app = visit("errors", image="99999", true="12", sort="index")
    told = (
        "asks for something that is not here: 'true' 12 (shown: any); 'image' 99999 (shown: none)"
    )
    assert told in said(app)


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("errors", {"true": "3", "predicted": "3"}),
        ("compare", {"subset": "wrong", "true": "3", "predicted": "3"}),
    ],
)
def test_a_filter_that_leaves_nothing_says_so_and_the_page_leads_on_all_the_same(visit, page, link):
    app = visit(page, **link)
    assert "No test image fits these filters" in said(app)
    assert not app.exception and not app.error
    assert any(link.proto.label.startswith("Next: ") for link in app.get("page_link"))


def test_the_chosen_image_is_shown_with_its_true_and_predicted_digit(visit, small_evaluation):
    row = small_evaluation.table[~small_evaluation.table["right"]].iloc[-1]
    app = visit("errors", image=str(row["index"]))
    assert f"**Predicted {row['predicted']}**" in said(app)
    assert f"called {row['predicted']} and not {row['true']}?" in said(app)
    assert any(f"test image {row['index']:,}" in proto.alt for proto in charts(app))


def test_a_clicked_cell_shows_its_sentence_and_goes_into_both_choices(visit, small_evaluation):
    app = visit("confusion")
    table = small_evaluation.table
    true, predicted = table[~table["right"]].groupby(["true", "predicted"]).size().idxmax()
    app.radio(key="true").set_value(str(true)).run()
    app.radio(key="predicted").set_value(str(predicted)).run()
    here = ((table["true"] == true) & (table["predicted"] == predicted)).sum()
    of = (table["true"] == true).sum()
    assert f"{here:,} of {of:,} true {true}s" in said(app)
    assert not app.exception


def test_a_margin_nobody_chose_is_no_filter_on_another_model(visit):
    app = visit("errors", answers="all")
    for model in ("5 neighbours", "L1 mean", "L2 mean"):
        app.selectbox(key="model").set_value(model).run()
        assert app.slider(key="margins").value == (0, app.slider(key="margins").max)
        assert "**599** answers, of 599 test images" in said(app)
    app.switch_page("../pages/overview.py").run()
    app.selectbox(key="model").set_value("5 neighbours").run()
    app.switch_page("../pages/errors.py").run()
    assert "**599** answers, of 599 test images" in said(app)


def test_a_margin_that_was_chosen_stays_on_another_model(visit):
    app = visit("errors", answers="all")
    app.slider(key="margins").set_value((0.002, 0.009)).run()
    for model in ("5 neighbours", "L1 mean"):
        app.selectbox(key="model").set_value(model).run()
        assert app.slider(key="margins").value == (0.002, 0.009)
        assert "with a margin from 0.002 to 0.009" in said(app)


def test_a_link_that_bounds_the_margin_in_thousandths_bounds_it_as_before(visit, small_evaluation):
    app = visit("errors", answers="all", margin=["2", "9"])
    assert app.slider(key="margins").value == (0.002, 0.009)
    margins = small_evaluation.table["margin"]
    assert f"**{((margins >= 0.002) & (margins <= 0.009)).sum()}** answers" in said(app)
    assert "This link asks for" not in said(app)


def test_a_model_without_templates_says_so_where_others_stand_in(visit):
    assert "Logistic has no templates" in said(visit("templates", model="Logistic"))


def test_a_slow_model_that_fails_leaves_the_first_one_in_its_place(visit, monkeypatch):
    def fail(*_):
        raise MemoryError("no room")

    monkeypatch.setattr("dashboard.services.evaluations.load", lambda *_: None)  # not on disk
    monkeypatch.setattr("dashboard.services.evaluations.load_or_fit", fail)
    monkeypatch.setattr("dashboard.services.evaluations._slow", PerDataset("none yet", 16))
    app = visit("overview", model="Logistic")
    assert not app.exception
    assert "Logistic regression could not be fitted" in said(app)
    assert "mean absolute difference" in said(app)
    assert app.button(key="fit_Logistic")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_leads_on_to_another(visit, page):
    links = [link for link in visit(page).get("page_link") if link.proto.label.startswith("Next: ")]
    assert len(links) == 1


@pytest.mark.parametrize(
    ("label", "model", "wanted"),
    [
        (
            "Which labels are wrong",
            "L1 mean",
            "test images; at none of these all of them agree",
        ),
        ("What it fixes and breaks", "L1 mean", "Of 599 test images, **L1 mean** gets 534"),
    ],
)
def test_the_overviews_ways_on_let_go_of_what_was_chosen_before(visit, label, model, wanted):
    app = visit("errors", predicted="1", image="88", sort="index")
    assert "that say 1" in said(app)
    app.switch_page("../pages/overview.py").run()
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    assert app.selectbox(key="model").value == model
    assert wanted in said(app) and "that say 1" not in said(app)


@pytest.mark.parametrize("page", ["overview", "templates"])
def test_no_cause_is_said_where_the_templates_show_none(visit, page):
    shown = said(visit(page))
    assert "predicted too often: over" not in shown
    assert ("no Spearman correlation" in shown) == (page == "templates")
