"""The compare page: the pair, the subset, the gallery and all models."""

import pytest

from engine.comparison import CHANGES, Paired, compare
from engine.kept import Kept
from engine.study import make_study
from test_pages import charts, said


@pytest.fixture(scope="module")
def compared(small, small_study):
    return compare(small_study, make_study(small, "L2 mean"))


def test_the_first_pair_is_l1_against_l2_in_figures(visit, compared):
    app, paired = visit("compare"), Paired.of(compared)
    assert [box.value for box in app.metric] == [
        f"{n:,}" for n in (paired.fixed, paired.broken, paired.both_right, paired.both_wrong)
    ]
    text = said(app)
    assert f"**L1 mean** gets {paired.before:,} right and **L2 mean** {paired.after:,}" in text
    assert "McNemar" in text and "95 % interval" in text


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


def test_a_subset_is_compared_by_itself(visit, compared):
    some = Paired.of(compared[compared["true"] == 8])
    app = visit("compare", true="8")
    assert app.metric[0].value == f"{some.fixed:,}"
    assert f"Of {some.images} test images" in said(app)


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


def test_models_not_fitted_yet_are_fitted_on_request(visit, monkeypatch):
    monkeypatch.setattr("dashboard.cached._fittings", Kept(16))
    app = visit("compare", compare_tab="All models")
    assert "Not fitted on these data yet: L1 learned, Logistic, 5 neighbours" in said(app)
    app.button(key="compare_fit").click().run()
    assert not app.exception
    assert "Not fitted" not in said(app)


def test_a_hostile_choice_falls_back(visit):
    app = visit("compare", compare_to="<b>x</b>", compare_show="all", compare_page="1e400")
    assert not app.exception
    assert app.selectbox(key="compare_to").value == "L2 mean"
