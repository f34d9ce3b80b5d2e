"""The small print: what a control, a chart or a table says of itself holds, and is enough."""

import numpy as np
import pandas as pd
import pytest

from dashboard import text
from dashboard.charting import confusion_matrix, per_class
from dashboard.charting.destinations import strips_chart
from dashboard.charting.palette import LIGHT
from engine.evaluation.evaluation import evaluate
from engine.evaluation.filters import TO_TRUE, number_for, ordered
from engine.evaluation.risk_coverage import risk_coverage
from tests.pages.test_pages import said


def subtitle(chart) -> str:
    return str(chart.to_dict(validate=False)["title"]["subtitle"])


def title(chart) -> str:
    return str(chart.to_dict(validate=False)["title"]["text"])


def test_the_orders_of_the_matrix_are_explained(visit):
    order = visit("confusion").segmented_control(key="order")
    assert order.options == ["digit", "errors", "similarity"]
    assert "Errors: the classes with most errors first" in order.help


def test_a_link_names_an_order_as_the_page_does(visit):
    app = visit("confusion", order="errors")
    assert app.segmented_control(key="order").value == "errors"
    assert "asks for something" not in said(app)


@pytest.mark.parametrize("hidden", [False, True])
def test_shares_without_the_diagonal_do_not_add_up_to_the_whole(small_evaluation, hidden):
    counts, classes = small_evaluation.counts, small_evaluation.classes
    chart = confusion_matrix.matrix_chart(
        counts, classes, np.arange(10), "predicted", hidden, False, LIGHT
    )
    assert ("add up to 100 %" in title(chart)) != hidden


def test_the_dashed_line_of_the_recalls_is_named(small_evaluation):
    chart = per_class.rate_bars(small_evaluation.scores, "recall", "Recall", LIGHT, 0.876)
    assert "Dashed: 87.60\u00a0%, over all" in subtitle(chart)
    alone = per_class.rate_bars(small_evaluation.scores, "recall", "Recall", LIGHT)
    assert "Dashed" not in subtitle(alone)


def test_the_piles_of_every_image_have_a_scale(small_evaluation):
    chart = strips_chart(small_evaluation.table, LIGHT)
    (rows,) = chart.to_dict(validate=False)["datasets"].values()
    highest = pd.DataFrame(rows).groupby(["true", "bin"]).size().max()
    assert f"The highest pile has {highest} images" in subtitle(chart)


def test_no_fit_is_called_slow_on_few_images(visit):
    assert "minute" not in said(visit("overview"))
    assert "minute" not in said(visit("trust", trust_tab="Answer or abstain"))


def test_a_line_that_begins_late_is_explained_by_its_ties(small):
    curve = risk_coverage(evaluate(small, "5 neighbours").table)
    told = text.trust.reliability.risk_columns({"5 neighbours": curve})
    margins = evaluate(small, "5 neighbours").table["margin"]
    share = 100 * (margins == margins.max()).mean()
    assert f"begins at {share:.1f}\u00a0%" in told
    assert "begins at" not in text.trust.reliability.risk_columns(
        {"L1 mean": risk_coverage(evaluate(small, "L1 mean").table)}
    )


def test_the_most_typical_images_carry_the_distance_that_orders_them(visit, small_evaluation):
    rows = ordered(small_evaluation.table, "most typical")
    own = [rows[f"distance to {true}"].iloc[place] for place, true in enumerate(rows["true"])]
    assert rows[number_for("most typical")].tolist() == own == sorted(own)
    assert TO_TRUE not in ordered(small_evaluation.table, "index")
    app = visit("errors", sort="most typical", answers="all")
    assert "distance to the true class" in said(app) and not app.exception


def test_a_note_alone_is_no_verdict(visit):
    app = visit("errors", image="7")
    (field,) = [one for one in app.text_input if one.label == "Note"]
    app = field.set_value("ask the writer").run()
    marks = next(iter(app.session_state["marks"].values()))
    assert (marks[7].mark, marks[7].note) == ("note", "ask the writer")
    (pills,) = [one for one in app.get("button_group") if one.label == "Mark this image"]
    assert not pills.value


def test_an_option_whose_images_are_all_wrong_says_it_once(visit):
    captions = visit("errors").radio(key="true").proto.captions
    told = [str(one) for one in captions]
    assert any("all wrong" in one for one in told)
    assert not any(" wrong" in one and one.split()[0] == one.split()[-2] != "1" for one in told)


def test_a_step_that_changes_little_is_still_seen(visit):
    app = visit("playground", lr="1e-7", steps="1000000", view="One step")
    (told,) = [one.value for one in app.markdown if one.value.startswith("The loss goes from")]
    before, after = told.split(" to ")[0].split()[-1], told.split(" to ")[1].split(",")[0]
    assert before != after


def test_steps_that_cannot_be_chosen_are_called_so(visit):
    told = said(visit("playground", lr="1e-7"))
    assert "beyond the 1,000,000 that can be chosen here" in told
    assert "that can be chosen here" not in said(
        visit("playground", standardise="true", lr="0.1", steps="3")
    )
