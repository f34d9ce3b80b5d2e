"""The compare page: the pair, the subset, the gallery and all models."""

import numpy as np
import pytest

from dashboard.services.stores import PerDataset
from dashboard.session import keys
from engine.evaluation.comparison import CHANGES, Paired, compare
from engine.evaluation.evaluation import evaluate
from engine.evaluation.filters import Filters
from engine.runtime.lru_cache import LruCache
from tests.pages.test_pages import charts, said


@pytest.fixture(scope="module")
def compared(small, small_evaluation):
    return compare(small_evaluation, evaluate(small, "L2 mean"))


def test_the_first_pair_is_l1_against_l2_in_figures(visit, compared):
    app, paired = visit("compare"), Paired.of(compared)
    assert [box.value for box in app.metric] == [
        f"{n:,}" for n in (paired.fixed, paired.broken, paired.both_right, paired.both_wrong)
    ]
    text = said(app)
    assert f"**L1 mean** gets {paired.before:,} right and **L2 mean** {paired.after:,}" in text
    assert "McNemar" in text and "95\u00a0% interval" in text


@pytest.mark.parametrize("other", ["L1 median", "Logistic", "5 neighbours"])
def test_any_other_model_can_be_the_second_and_comes_with_the_link(visit, other):
    app = visit("compare", compare_to=other)
    assert not app.exception
    assert app.selectbox(key="compare_to").value == other
    assert f"**{other}**" in said(app)


def test_the_second_model_is_never_the_first(visit):
    app = visit("compare", model="L2 mean", compare_to="L2 mean")
    assert not app.exception
    assert app.selectbox(key="compare_to").value == "L1 mean"


def test_figures_are_said_of_the_model_they_are_of(visit, toy):
    app = visit("compare")
    app.session_state[keys.TRAINED] = evaluate(toy, "L1 mean")  # trained on other data
    app.run()
    assert "My templates" not in app.selectbox(key="compare_to").options
    app.selectbox(key="model").set_value("My templates").run()
    assert "My templates belongs to other data" in said(app)
    assert "**L1 mean** gets" in said(app) and "**My templates**" not in said(app)


def test_a_subset_is_compared_by_itself(visit, compared):
    some = Paired.of(compared[compared["true"] == 8])
    app = visit("compare", true="8")
    assert app.metric[0].value == f"{some.fixed:,}"
    assert f"Of {some.images} test images" in said(app)


@pytest.mark.parametrize(
    "link",
    [
        {"subset": "wrong"},
        {"rank": "2"},
        {"margins": ["0", "0.03"]},
        {"true": "8", "subset": "right"},
    ],
)
def test_every_filter_of_the_errors_page_makes_a_subset(visit, small_evaluation, compared, link):
    table = small_evaluation.table
    high = 0.03 if "margins" in link else np.inf
    answers, rank = link.get("subset", "all"), link.get("rank", "any")
    some = Filters(link.get("true", "any"), "any", answers, rank, 0, high).mask(table)
    wanted = Paired.of(compared[some])
    app = visit("compare", **link)
    assert not app.exception
    assert [box.value for box in app.metric] == [
        f"{n:,}" for n in (wanted.fixed, wanted.broken, wanted.both_right, wanted.both_wrong)
    ]
    assert 0 < wanted.images < len(table)
    assert "By the answers of L1 mean only these are compared: " in said(app)
    assert "asks for something" not in said(app)


def test_the_errors_page_leads_to_the_comparison_of_its_images(visit, small_evaluation, compared):
    app = visit("errors", true="8", rank="2")
    some = Filters(true="8", rank="2").mask(small_evaluation.table)
    app.button(key="errors_compare").click().run()
    assert not app.exception
    assert "Which of two models" in app.title[0].value
    assert app.radio(key="subset").value == "wrong"
    assert app.metric[0].value == f"{Paired.of(compared[some]).fixed:,}"


@pytest.mark.parametrize(
    "link",
    [{"subset": "wrong"}, {"predicted": "1"}, {"rank": "2"}, {"margins": ["0", "0.03"]}],
    ids=str,
)
def test_images_picked_by_their_answer_are_no_test_and_can_be_let_go(visit, small_evaluation, link):
    app = visit("compare", true="8", **link)
    assert "this is no test of which is better" in said(app) and "McNemar" not in said(app)
    app.button(key="compare_clear").click().run()
    assert f"Of {len(small_evaluation.table)} test images" in said(app) and "McNemar" in said(app)


def test_all_answers_are_compared_whatever_the_errors_page_shows(visit, compared):
    app = visit("errors", answers="wrong")
    app.switch_page("../pages/compare.py")
    app.run()
    assert app.metric[1].value == f"{Paired.of(compared).broken:,}"


def test_l1_against_l2_on_mnist_is_1662_fixed_and_144_broken(visit, mnist_store, monkeypatch):
    monkeypatch.setenv("DIGITSCOPE_HOME", str(mnist_store))
    monkeypatch.setattr("dashboard.services.datasets._loads", LruCache())
    app = visit("compare")
    app.selectbox(key="data").set_value("MNIST").run()
    assert [box.value for box in app.metric][:2] == ["1,662", "144"]
    assert "+15.18 percentage points" in said(app) and "chi-squared 1,276" in said(app)


@pytest.mark.parametrize("change", CHANGES)
def test_each_group_has_its_gallery(visit, change):
    app = visit("compare", compare_show=change)
    assert not app.exception
    assert app.segmented_control(key="compare_show").value == change


@pytest.mark.parametrize("tab", ["Per digit", "Difference of the matrices", "All models"])
def test_each_tab_has_a_chart_that_says_what_it_shows(visit, tab):
    app = visit("compare", compare_tab=tab)
    assert not app.exception
    assert len(charts(app)) == 1 and all(len(chart.alt) > 40 for chart in charts(app))


@pytest.mark.parametrize(
    ("page", "tab"), [("compare", "All models"), ("trust", "Answer or abstain")]
)
def test_the_model_in_hand_is_among_all_models(visit, small, page, tab):
    name = "L1 mean + ten prototypes"
    app = visit(page, model=name, **{f"{page}_tab": tab})
    assert not app.exception
    (rows,) = [frame.value for frame in app.dataframe if "model" in frame.value]
    row = rows[rows["model"] == name]
    assert len(row) == 1
    right = np.asarray(evaluate(small, name).table["right"]).mean()
    assert row["accuracy"].iloc[0] == pytest.approx(100 * right)


def test_models_not_fitted_yet_are_fitted_on_request(visit, monkeypatch):
    monkeypatch.setattr("dashboard.services.evaluations._slow", PerDataset("none yet", 16))
    app = visit("compare", compare_tab="All models")
    assert "Not fitted on these data yet: L1 learned, Logistic, 5 neighbours" in said(app)
    app.button(key="compare_fit").click().run()
    assert not app.exception
    assert "Not fitted" not in said(app)


def test_a_hostile_choice_falls_back(visit):
    app = visit("compare", compare_to="<b>x</b>", compare_show="all", compare_page="1e400")
    assert not app.exception
    assert app.selectbox(key="compare_to").value == "L2 mean"
