"""A model in an ONNX file that a viewer drops becomes a model like any other, for this visit."""

import os
import re

import numpy as np
import pytest

from dashboard.session import keys
from dashboard.views.data import own_model
from engine.evaluation.evaluation import Evaluation, evaluate
from tests.pages.test_data import field, on_page
from tests.pages.test_pages import PAGES, said

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
from tests.support import onnx_files

NAME = "My model mine"


@pytest.fixture(scope="module")
def logistic(small) -> Evaluation:
    """The app's logistic regression: the referee is scikit-learn's softmax of the same scores."""
    return evaluate(small, "Logistic")


@pytest.fixture(scope="module")
def content(logistic) -> bytes:
    """The same coefficients as a graph of ONNX, whose scores are logits of ink in 0…1."""
    model = logistic.classifier
    tensors = {"W": model.coef_.T.astype(np.float32), "b": model.intercept_.astype(np.float32)}
    nodes = [onnx_files.node("MatMul", ["x", "W"], "m"), onnx_files.node("Add", ["m", "b"], "y")]
    return onnx_files.file(nodes, [onnx_files.weights(n, v) for n, v in tensors.items()])


def bring(app, content, name="mine.onnx"):
    return field(app, "data_model").set_value((name, content, "")).run()


def opened(app):
    """The app with the model chosen in the sidebar."""
    return app.selectbox(key="model").set_value(NAME).run()


def own(app) -> Evaluation:
    return app.session_state[keys.PREDICTIONS][NAME]


def test_a_dropped_file_is_judged_as_its_framework_judges_and_says_its_form(
    visit, content, logistic
):
    app = bring(visit("data"), content)
    assert not app.exception and not app.error
    assert f"Taken as {NAME}" in app.success[0].value
    assert f"{NAME}**: {logistic.n_right} of 599 test images are right" in said(app)
    told = said(app).replace("\\", "")
    assert re.search(r"The model.s input is read as 64, 0 to 1: [\d,]+ of [\d,]+ training", told)
    assert "The next best is 64, " in told
    assert (own(app).table["predicted"] == logistic.table["predicted"]).all()
    app.button(key="data_model_open").click().run()
    assert app.selectbox(key="model").value == NAME


@pytest.mark.parametrize("page", PAGES)
def test_every_page_works_with_it(visit, content, page):
    app = on_page(opened(bring(visit("data"), content)), page)
    assert not app.exception and not app.error
    if page != "playground":  # which has no model
        assert app.selectbox(key="model").value == NAME


def test_its_form_can_be_changed_and_the_figures_follow(visit, content, small, logistic):
    app = bring(visit("data"), content)
    chosen = next(one for one in app.selectbox if one.label == "Its input is read as")
    assert chosen.value == "64, 0 to 1" and "64, 1 to 0, ink dark" in chosen.options
    app = chosen.set_value("64, 1 to 0, ink dark").run()
    rows = 1 - small.testing.images.reshape(599, -1) / 255
    model = logistic.classifier
    scores = rows @ model.coef_.T + model.intercept_
    right = (scores.argmax(axis=1) == small.testing.labels).sum()
    assert f"{NAME}**: {right} of 599 test images are right" in said(app)
    assert "read as 64, 1 to 0, ink dark" in said(app).replace("\\", "")


def test_its_output_can_be_taken_for_labels_and_refused_as_probabilities(visit, content, logistic):
    app = bring(visit("data"), content)
    app = output(app).set_value("labels").run()
    assert not own(app).scored and own(app).n_right == logistic.n_right
    app = output(app).set_value("probabilities").run()
    assert "wanted 0 to 1 for probabilities" in app.error[0].value
    assert own(app).n_right == logistic.n_right and output(app).value == "labels"


def output(app):
    return next(one for one in app.selectbox if one.label == "Its output is read as")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: b"\x80\x04}q\x00.", "Found a pickle; wanted a model as an ONNX file"),
        (lambda: onnx_files.linear(np.zeros((784, 10)), ("x", 1, ["n", 1, 28, 28])), "8 × 8 pixel"),
        (lambda: onnx_files.linear(np.zeros((64, 26)), out=(None, 26)), "gives 26 scores; wanted"),
        (onnx_files.external_data, "external data"),
        (onnx_files.endless, "did not answer within 3 seconds"),
    ],
)
def test_what_is_refused_is_said_and_nothing_is_left_of_it(visit, make, reason):
    app = bring(visit("data"), make())
    assert not app.exception
    told = app.error[0].value.replace("\\", "")
    assert reason in told and told.startswith("Nothing was taken.")
    assert not [name for name in app.selectbox(key="model").options if name.startswith("My ")]
    assert not app.session_state[keys.ARRIVING]


def test_nobody_else_sees_it_and_its_process_ends_when_it_is_removed(visit, content):
    app = bring(visit("data"), content)
    pid = own(app).classifier.process._child.pid
    assert NAME not in visit("data").selectbox(key="model").options
    assert os.path.exists(f"/proc/{pid}")
    app.button(key=f"data_remove_{NAME}").click().run()
    assert not os.path.exists(f"/proc/{pid}")
    assert NAME not in app.selectbox(key="model").options


def test_a_third_model_lets_the_first_rest_and_all_three_still_answer(visit, content, small):
    apps = [bring(visit("data"), content) for _ in range(3)]
    models = [own(app).classifier for app in apps]
    assert sum(model.process.running for model in models) == 2
    answers = [model.predict(small.testing.images).tolist() for model in models]
    assert answers[0] == answers[1] == answers[2]


def test_without_onnxruntime_one_sentence_says_so(visit, monkeypatch):
    monkeypatch.setattr(own_model, "is_installed", lambda: False)
    app = visit("data")
    assert not app.exception and not app.error
    assert "where onnxruntime is installed on the server" in said(app)
    assert not [one for one in app.file_uploader if one.key.startswith("data_model")]
