"""The project on the Data page: what is gathered, shown by a fresh visit, and forgotten."""

import numpy as np
import pandas as pd
import pytest

from dashboard.session import keys
from engine.datasets.dataset import Dataset
from engine.evaluation.annotations import Mark
from engine.evaluation.evaluation import evaluate, judge
from engine.evaluation.external_predictions import (
    evaluate_predictions,
    read_predictions,
    sample_csv,
)
from engine.label_review.decisions import Decision, Place, Verdict
from engine.models.learned_templates import LearnedTemplates
from engine.models.registry import MODELS
from engine.project.project_file import project_file, read_project
from tests.pages.test_pages import said

NAME = "Predictions mine.csv"
MARKS = {7: Mark("ambiguous", "=a loop"), 12: Mark("mislabelled")}
DECISIONS = {
    Place("test", 3): Decision(Verdict.CHANGE, "7"),
    Place("training", 9): Decision(Verdict.NONE),
}


def predicted(dataset):
    content = sample_csv(evaluate(dataset, "L2 mean"))
    return evaluate_predictions(dataset, read_predictions(content, dataset), NAME)


def trained(dataset):
    classifier = LearnedTemplates(epochs=1).fit(dataset.training.images, dataset.training.labels)
    return judge(dataset, MODELS["L1 learned"], classifier)


@pytest.fixture
def worked_on(visit, small):
    """A visit in which predictions came, templates were trained, marks and decisions made."""
    app = visit("errors", true="3")
    app.session_state[keys.PREDICTIONS] = {NAME: predicted(small)}
    app.session_state[keys.RUNS] = {"My templates 1": trained(small)}
    app.session_state[keys.MARKS] = {small.key: dict(MARKS)}
    app.session_state[keys.DECISIONS] = {small.key: dict(DECISIONS)}
    app.switch_page("../pages/data.py").run()
    assert not app.exception
    return app


@pytest.fixture
def content(worked_on, monkeypatch, small_evaluation) -> bytes:
    """The file of that visit, made as the button makes it."""
    made = []
    monkeypatch.setattr(
        "dashboard.views.data.project.st.download_button",
        lambda *about, **_: made.append(about[1]()) if about[0] == "Save the project" else None,
    )
    worked_on.run()
    assert not worked_on.exception
    return made[0]


def opened(app, content: bytes):
    uploader = next(one for one in app.file_uploader if one.label == "Open a project")
    return uploader.set_value([("p.zip", content, "application/zip")]).run()


def test_a_fresh_visit_shows_all_of_it_to_the_last_digit(visit, content, small):
    app = opened(visit("data"), content)
    assert not app.exception and not app.error
    assert "2 models, 2 marks, 2 decisions on labels" in app.success[0].value
    state = app.session_state
    assert state[keys.MARKS][small.key] == MARKS
    assert state[keys.DECISIONS][small.key] == DECISIONS
    for before, after in (
        (predicted(small), state[keys.PREDICTIONS][NAME]),
        (trained(small), state[keys.RUNS]["My templates 1"]),
    ):
        pd.testing.assert_frame_equal(before.table, after.table, check_exact=True)
    assert {"errors"} <= set(state[keys.PROJECT_LINKS])
    assert state[keys.PROJECT_LINKS]["errors"]["true"] in ("3", ["3"])
    assert state[keys.PROJECT_LINKS]["errors"]["data"] == "Embedded"


def test_without_the_data_it_says_which_are_wanted(visit, content):
    project = read_project(content)
    other = project_file(type(project)("f" * 16, "My garments"))
    app = opened(visit("data"), other)
    assert "The project is of 'My garments', data with the key ffff" in app.error[0].value
    assert not app.success


def test_what_is_no_project_is_refused_and_nothing_is_lost(worked_on, small):
    app = opened(worked_on, b"PK\3\4 nothing")
    assert "The project was not opened" in app.error[0].value
    assert app.session_state[keys.MARKS][small.key] == MARKS
    assert NAME in app.session_state[keys.PREDICTIONS]


def test_data_of_ones_own_come_along(visit, small):
    from engine.project.project import Project

    draw = np.random.default_rng(0).permutation(len(small.testing))
    mine = Dataset("mine", small.training, small.testing.part(draw))
    app = opened(visit("data"), project_file(Project(mine.key, "My mine", dataset=mine)))
    assert not app.error and not app.exception
    assert app.selectbox(key="data").value == "My mine"
    held = app.session_state[keys.DATASETS]["My mine"]
    assert held.key == mine.key


def test_all_of_it_is_forgotten_on_a_click(worked_on):
    app = worked_on.button(key="project_forget").click().run()
    assert not app.exception
    for key in (keys.MARKS, keys.RUNS, keys.PREDICTIONS):
        assert key not in app.session_state or not any(app.session_state[key].values())
    assert "All of yours is forgotten" in app.success[0].value
    assert "0 marks and 0 decisions" in said(app) + " ".join(c.value for c in app.caption)
