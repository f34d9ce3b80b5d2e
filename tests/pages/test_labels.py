"""The labels page: whom it asks, what it says of their answers, and the figures both ways."""

import pytest

from dashboard.session import keys
from dashboard.text.markdown import plain
from engine.evaluation.evaluation import evaluate
from engine.label_review.decisions import Decision, Place, Verdict
from engine.label_review.neighbors import neighbor_shares
from engine.label_review.reviewed import rejudged
from engine.label_review.suspects import probability_shares, suspects
from tests.pages.test_pages import said

DECISIONS = {
    Place("test", 3): Decision(Verdict.CHANGE, "7"),
    Place("test", 4): Decision(Verdict.NONE),
}


@pytest.mark.parametrize("side", ["test", "training"])
def test_the_page_counts_what_the_nearest_images_doubt(visit, small, side):
    app = visit("labels", label_side=side)
    split = small.testing if side == "test" else small.training
    found = suspects(neighbor_shares(small, side), split.labels)
    assert f"at **{len(found)}** of {len(split):,} {side} images" in said(app)
    assert "not here" not in said(app)


def test_a_model_with_probabilities_is_asked_for_the_test_images_only(visit, small):
    link = {"model": "Logistic", "label_by": "The model's probabilities"}
    found = suspects(probability_shares(evaluate(small, "Logistic")), small.testing.labels)
    app = visit("labels", **link)
    assert f"at **{len(found)}** of 599 test images" in said(app)
    app.segmented_control(key="label_side").set_value("training").run()
    assert app.selectbox(key="label_by").options == ["Nearest images"]
    assert "The nearest images speak" in said(app)


def test_a_link_to_images_that_there_are_not_shows_the_test_images_and_says_so(visit):
    app = visit("labels", label_side="both")
    assert not app.exception and not app.error
    assert "599 test images" in said(app)
    assert any("'label_side' both" in caption.value for caption in app.caption)


def test_the_templates_are_no_judge(visit):
    assert visit("labels").selectbox(key="label_by").options == ["Nearest images"]


def test_decisions_that_leave_no_dataset_offer_none_and_say_why(visit, small):
    app = visit("labels")
    ones = [at for at, label in enumerate(small.training.labels) if label == 1]
    gone = {Place("training", at): Decision(Verdict.NONE) for at in ones}
    app.session_state[keys.DECISIONS] = {small.key: gone}
    app.run()
    why = "No training image would be '1' any more; wanted at least one."
    assert [one.value for one in app.warning] == [plain(why)]
    assert app.button(key="label_apply").disabled
    offered = {one.proto.label for one in app.get("download_button")}
    assert offered == {"corrections.csv"}
    app.session_state[keys.DECISIONS] = {small.key: dict(list(gone.items())[1:])}
    app.run()
    assert not app.warning and not app.button(key="label_apply").disabled
    assert len(app.get("download_button")) == 4


def test_the_figures_are_given_both_ways(visit, small, small_evaluation):
    app = visit("labels")
    app.session_state[keys.DECISIONS] = {small.key: DECISIONS}
    app.run()
    now = rejudged(small_evaluation, DECISIONS)
    assert f"{small_evaluation.n_right} of 599 (" in said(app)
    assert f"{now.n_right} of 598 (" in said(app)
    assert "1 label changed and 1 image set aside" in said(app)
    app.button(key="label_apply").click().run()
    assert "My Embedded digits, reviewed is in the list of data now" in app.success[0].value
    app.switch_page("../pages/overview.py").run()
    assert app.selectbox(key="data").value == "My Embedded digits, reviewed"
    told = [caption.value for caption in app.sidebar.caption]
    assert told == ["By the labels as reviewed: 1 label changed and 1 image set aside."]
    app.selectbox(key="data").set_value("Embedded").run()
    (told,) = app.sidebar.caption
    assert "as given: your 2 decisions on the page Labels wait to be applied." in told.value


def test_decisions_to_keep_or_look_later_leave_nothing_to_apply(visit, small):
    app = visit("labels")
    app.session_state[keys.DECISIONS] = {small.key: {Place("test", 3): Decision(Verdict.KEEP)}}
    app.run()
    assert app.button(key="label_apply").disabled
    assert "as reviewed" not in said(app)
