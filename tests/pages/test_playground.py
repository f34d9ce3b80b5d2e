"""The playground through Home: its verdict, its link, its controls at their extremes."""

import json
import math
import re

import pandas as pd
import pytest

from dashboard.charting.descent.optimizers import standings_table
from dashboard.views.playground.controls import typed_rate
from dashboard.views.playground.run import STEPS, as_json
from engine.descent.closed_form import quadratic, to_basis
from engine.descent.notebook import draw
from engine.descent.optimizers import OPTIMIZER_EPOCHS
from engine.descent.trace import descend, gradient
from engine.descent.verdict import judge
from tests.pages.test_pages import charts, said

VIEWS = ["First four states", "One step", "Learning rates", "Race", "Exercises", "Code"]


def numbers(value) -> list[float]:
    """Every number anywhere in a chart's data."""
    if isinstance(value, dict):
        return [n for part in value.values() for n in numbers(part)]
    if isinstance(value, list):
        return [n for part in value for n in numbers(part)]
    return [value] if isinstance(value, float) else []


def test_the_page_opens_with_the_verdict_on_the_notebooks_fit(visit):
    text = said(visit("playground"))
    assert "Not converged" in text
    assert "the loss is 677.0, 93 times the optimum of 7.305" in text
    assert "condition number 218,451" in text


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_from_its_link_and_describes_its_charts(visit, view):
    app = visit("playground", view=view)
    assert not app.exception
    assert all(len(proto.alt) > 20 for proto in charts(app))


def test_all_choices_come_from_the_link(visit):
    app = visit(
        "playground", lr="0.33", steps="18", standardise="true", seed="42", points="20", noise="3"
    )
    assert "Converged" in said(app)
    app = visit("playground", seed="7", points="30", noise="9.5", a="2", b="-1.5", c="4")
    assert app.number_input(key="a").value == 2
    assert "After 10 steps" in said(app)


CHANGES = [
    {"seed": "7"},
    {"points": "30"},
    {"noise": "9.5"},
    {"a": "2"},
    {"lr": "3e-6"},
    {"steps": "11"},
    {"standardise": "true"},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_settings_that_differ_in_one_choice_never_show_each_others_figures(visit, change):
    visit("playground")  # what it shows is kept for all who are at the same settings
    asked = {"seed": "42", "points": "20", "noise": "3", "lr": "1e-5", "steps": "10"} | change
    data = draw(int(asked["seed"]), int(asked["points"]), float(asked["noise"]))
    start = data.start.copy()
    start[0] = float(asked.get("a", start[0]))
    shape = quadratic(data.time, data.speed, "standardise" in change)
    at = to_basis(shape, start)
    verdict = judge(descend(shape, at, float(asked["lr"]), int(asked["steps"])))
    assert verdict.sentences[0] in said(visit("playground", **change))


HOSTILE = [
    {"lr": "1e-320"},
    {"lr": "0.000012345678901"},
    {"lr": "nan"},
    {"lr": "-1e-5"},
    {"lr": "1e400"},
    {"lr": "<script>alert(1)</script>"},
    {"lr": "![x](http://a/b.png)"},
    {"lr": "\0"},
    {"lr": "١e-٥"},
    {"steps": "51"},
    {"steps": "-1"},
    {"steps": "1e9"},
    {"noise": "1e-320", "points": "3.7"},
    {"noise": "inf", "points": "0", "seed": "99999999999999999999"},
    {"seed": "1e400", "points": "inf"},
    {"seed": "nan", "points": "-inf", "noise": "1e400"},
    {"a": "1e-320", "b": "nan", "c": "1e308"},
    {"view": "Nothing", "plane": "a and a", "batch": "7"},
    {"standardise": "perhaps"},
]


@pytest.mark.case(28, 29)
@pytest.mark.parametrize("params", HOSTILE, ids=str)
def test_a_hostile_link_never_breaks_the_page(visit, params):
    app = visit("playground", **params)
    assert not app.exception
    assert "After " in said(app)


def test_a_rate_that_cannot_be_used_is_named_and_replaced(visit):
    app = visit("playground", lr="1e-320")
    assert "found “1e-320”, wanted a number from 1e-9 to 10. Using 1e-5." in said(app)
    assert "677.0" in said(app)


@pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "-inf", "0", "-1", "1e-320", "11"])
def test_a_text_that_is_no_rate_gives_the_notebooks_and_a_reason(text):
    lr, notice = typed_rate(text)
    assert lr == 1e-5 and "wanted" in notice


@pytest.mark.case(30)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    "extremes",
    [
        {"lr": "10", "steps": "1000000", "points": "200", "noise": "100"},
        {"lr": "1e-9", "steps": "1000000", "points": "3", "noise": "0"},
        {"lr": "10", "steps": "0", "a": "10000", "b": "-10000", "c": "10000"},
        {"lr": "0.4", "standardise": "true", "steps": "1000000", "points": "3"},
    ],
    ids=str,
)
def test_at_the_extremes_no_view_fails_and_no_chart_holds_an_infinity(visit, view, extremes):
    app = visit("playground", view=view, **extremes)
    assert not app.exception
    for proto in charts(app):
        assert not re.search(r"\b(NaN|Infinity)\b", proto.spec)


@pytest.mark.case(30)
def test_a_divergent_rate_is_explained_with_the_step_it_broke_at(visit):
    text = said(visit("playground", lr="1e-3", steps="1000000"))
    assert "Diverged: no finite loss from step 87 on" in text
    assert "28 times its limit of 3.54e-5" in text


def test_the_steps_are_in_the_address_and_the_book_numbers_come_back(visit):
    app = visit("playground", lr="2e-5", steps="3", seed="9")
    assert app.session_state["steps"] == 3 and app.query_params["steps"] == "3"
    app.session_state["steps"] = 4  # as a hand that rests leaves it
    app.run()
    assert "After 4 steps" in said(app) and app.query_params["steps"] == "4"
    next(b for b in app.button if b.label == "Reset to notebook values").click().run()
    assert "the loss is 677.0" in said(app) and "steps" not in app.query_params


def test_a_link_to_the_tab_that_the_charts_have_replaced_still_opens(visit):
    app = visit("playground", view="Path", plane="b and c", steps="12")
    assert not app.exception and "After 12 steps" in said(app)
    assert app.session_state["plane"] == "b and c"


def test_the_slider_sets_the_exact_rate(visit):
    app = visit("playground")
    app.select_slider(key="ladder").set_value(2e-5).run()
    assert app.text_input(key="lr").value == "2e-5"
    assert not app.exception


def test_standardising_keeps_the_share_of_the_limit_there_and_back(visit):
    app = visit("playground", lr="1e-5")
    app.toggle(key="standardise").set_value(True).run()
    there = float(app.text_input(key="lr").value)
    assert math.isclose(there / 0.40438153836711355, 1e-5 / 3.539862944089254e-05, rel_tol=1e-5)
    app.toggle(key="standardise").set_value(False).run()
    assert app.text_input(key="lr").value == "1e-5"


def test_the_table_can_be_downloaded_and_the_printed_losses_are_shown(visit):
    app = visit("playground", view="Code")
    assert app.get("download_button")
    printed = app.dataframe[-1].value
    assert printed["float32"].iloc[0] == 25823.80859375
    assert "torch.Generator().manual_seed(42)" in app.code[0].value


def test_one_click_applies_the_cure_the_verdict_names(visit):
    app = visit("playground")
    app.button(key="cure").click().run()
    assert "Converged" in said(app)
    assert app.toggle(key="standardise").value is True
    assert app.session_state["steps"] == 18
    assert not [button for button in app.button if button.key == "cure"]


def sent(lr: float, noise: float = 3.0, points: int = 20, start=None, standardise=False) -> dict:
    """What the browser gets of a run, read as strictly as a browser does."""
    data = draw(42, points, noise)
    shape = quadratic(data.time, data.speed, standardise)
    at = to_basis(shape, data.start if start is None else start)

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    return json.loads(as_json(descend(shape, at, lr, STEPS[-1])), parse_constant=refuse)


@pytest.mark.parametrize("standardise", [False, True])
def test_the_states_that_the_browser_steps_through_are_those_of_the_loop(standardise):
    run = sent(0.3 if standardise else 1e-5, standardise=standardise)
    data = draw(42, 20, 3.0)
    shape = quadratic(data.time, data.speed, standardise)
    now = to_basis(shape, data.start)
    for step in range(51):
        assert run["states"][step] == pytest.approx(now, rel=1e-6)
        now = now - (0.3 if standardise else 1e-5) * gradient(shape, now)
    assert run["steps"] == [*range(51), 100, 1_000, 10_000, 100_000, 1_000_000]


@pytest.mark.parametrize(
    "extreme",
    [
        {"lr": 10.0, "points": 200, "noise": 100.0},
        {"lr": 10.0, "start": (1e4, -1e4, 1e4)},
        {"lr": 1e-9, "points": 3, "noise": 0.0},
        {"lr": 0.4, "points": 3, "noise": 0.0, "standardise": True},
    ],
    ids=str,
)
def test_at_the_extremes_the_browser_gets_json_and_an_end_for_every_axis(extreme):
    run = sent(**extreme)
    ends = [each[axis] for each in run["spans"] for axis in ("loss", "costs")]
    ends += [plane["frame"][at : at + 2] for plane in run["planes"].values() for at in (0, 2)]
    assert all(low < high for low, high in ends)
    lasts = {max(reached, 50) for reached in run["reached"]}
    assert {each["last"] for each in run["spans"]} == lasts


@pytest.mark.parametrize(("lr", "inside"), [(1e-5, True), (1.0, False)])
def test_the_frame_of_the_path_holds_the_start_and_the_optimum_and_not_what_explodes(lr, inside):
    run = sent(lr)
    for plane in run["planes"].values():
        left, right, bottom, top = plane["frame"]

        def holds(state, pair=plane["pair"], x=(left, right), y=(bottom, top)) -> bool:
            return x[0] <= state[pair[0]] <= x[1] and y[0] <= state[pair[1]] <= y[1]

        assert holds(run["states"][0]) and holds(run["optimum"])
        assert holds(run["states"][20]) == inside


def test_a_method_that_leaves_the_goal_again_says_so_and_one_beyond_the_race_does_not():
    standings = pd.DataFrame(
        {
            "Learning rate": [3.0, 0.1, 0.01],
            "Passes to the goal": [100, OPTIMIZER_EPOCHS + 1, None],
            "Loss at the end": [9.0, 9.0, 9.0],
            "Lowest since": [7.0, None, None],
            "Highest since": [9.5, None, None],
        }
    )
    table = standings_table(standings, goal=8.0)
    assert table["Loss at the end"].tolist() == ["swings between 7.000 and 9.500", "9.000", "9.000"]
    home = table["Passes to the goal"].tolist()
    assert home == ["100, then left again", f"{OPTIMIZER_EPOCHS + 1:,}", "not reached"]


def test_what_a_link_asks_for_in_vain_is_named(visit):
    assert "'steps' 51 (shown: 10)" in said(visit("playground", steps="51"))
    assert "not here" not in said(visit("playground", steps="50", points="30"))
