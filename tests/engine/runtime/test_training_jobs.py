"""The training page through Home: it trains, judges, and lends its templates to other pages."""

import altair as alt
import pytest

from dashboard.session import keys
from tests.pages.test_pages import charts, said


def trained(visit, **recipe: str):
    app = visit("training", **{"epochs": "1", **recipe})
    app.button(key="train").click().run()
    assert app.session_state[keys.TRAINING].job.ended(within_s=60)
    return app.run()


def test_before_training_the_page_shows_the_mean_templates_and_their_accuracy(
    visit, small_evaluation
):
    app = visit("training")
    right = f"{small_evaluation.n_right:,} of {small_evaluation.n_images:,} test images are right"
    assert right in said(app)
    assert "Nothing is trained yet" in said(app)


def test_after_training_the_test_images_judge(visit):
    app = trained(visit)
    assert not app.exception
    assert "fixed**" in said(app) and "broken**" in said(app)
    assert all(len(proto.alt) > 20 for proto in charts(app))
    for proto in charts(app):
        alt.Chart.from_json(proto.spec)  # raises: `drawing.draw` does not check it
    table = app.dataframe[0].value
    assert table["images"].sum() == 599


@pytest.mark.parametrize("page", ["overview", "confusion", "errors", "templates"])
def test_other_pages_can_use_the_learned_templates(visit, page):
    app = trained(visit)
    app.selectbox(key="model").set_value("My templates").run()
    app.switch_page(f"../pages/{page}.py").run()
    assert not app.exception
    assert app.selectbox(key="model").value == "My templates"


def test_a_link_to_templates_this_viewer_never_trained_falls_back(visit, small_evaluation):
    app = visit("overview", model="My templates")
    assert not app.exception
    assert f"{small_evaluation.n_right:,} of {small_evaluation.n_images:,}" in said(app)


def test_pausing_resuming_and_stopping_are_offered_while_it_runs(visit):
    app = visit("training", epochs="20", images="16")
    app.button(key="train").click().run()
    training = app.session_state[keys.TRAINING].job
    training.pause()
    app.run()
    if training.active:
        assert app.button(key="resume")
        app.button(key="stop").click().run()
    assert training.ended(within_s=60)
    app.run()
    assert app.button(key="train")
    assert not app.exception


HOSTILE = [
    {"epochs": "0"},
    {"epochs": "1e400"},
    {"epochs": "inf", "shuffle": "inf"},
    {"epochs": "1e9", "rate": "0.3", "images": "1"},
    {"scale": "-1", "shuffle": "1e400"},
    {"rate": "1e-320", "template": "12", "change": "<script>"},
]


@pytest.mark.parametrize("params", HOSTILE, ids=str)
def test_a_hostile_link_trains_with_the_defaults(visit, params):
    app = visit("training", **params)
    assert not app.exception
    app.button(key="train").click().run()
    training = app.session_state[keys.TRAINING].job
    assert training.ended(within_s=60) and training.status == "finished"
    assert not app.run().exception
