"""A model that whoever starts the server names is one of the list, for every viewer."""

import sys

import numpy as np
import pytest

from engine.evaluation.evaluation import evaluate
from tests.pages.test_data import on_page
from tests.pages.test_pages import said

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
from tests.support import onnx_files

MAKER = """
from sklearn.neighbors import KNeighborsClassifier


def make():
    return KNeighborsClassifier(3)
"""


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Has the server started with these words after ``--``, in a folder with a module ``mine``."""
    (tmp_path / "mine_for_the_server.py").write_text(MAKER)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])

    def start(*words: str) -> None:
        monkeypatch.setattr(sys, "argv", ["Home.py", *words])

    return start


def test_an_onnx_file_is_offered_to_all_and_judged_like_any_model(visit, small, started, tmp_path):
    logistic = evaluate(small, "Logistic")
    model = logistic.classifier
    tensors = {"W": model.coef_.T.astype(np.float32), "b": model.intercept_.astype(np.float32)}
    nodes = [onnx_files.node("MatMul", ["x", "W"], "m"), onnx_files.node("Add", ["m", "b"], "y")]
    content = onnx_files.file(nodes, [onnx_files.weights(n, v) for n, v in tensors.items()])
    (tmp_path / "lines.onnx").write_bytes(content)
    started("--model", str(tmp_path / "lines.onnx"))
    app = visit("overview", model="Model lines")
    assert not app.exception and not app.error
    assert app.selectbox(key="model").value == "Model lines"
    assert f"{logistic.n_right} of 599" in said(app)
    assert not on_page(app, "classify").exception
    assert "Model lines" in visit("compare").selectbox(key="compare_to").options


def test_python_that_is_named_gives_scikit_learns_answers(visit, small, started):
    from sklearn.neighbors import KNeighborsClassifier

    started("--model", "mine_for_the_server:make")
    app = visit("overview", model="Model mine_for_the_server:make")
    train, test = (
        split.images.reshape(len(split), -1) / np.float32(255)
        for split in (small.training, small.testing)
    )
    referee = KNeighborsClassifier(3).fit(train, small.training.labels)
    right = int((referee.predict(test) == small.testing.labels).sum())
    assert not app.exception and not app.error
    assert f"{right} of 599" in said(app)


def test_a_model_for_other_images_says_what_was_found_and_wanted(visit, started, tmp_path):
    content = onnx_files.linear(np.zeros((784, 10)), ("x", 1, ["n", 1, 28, 28]))
    (tmp_path / "large.onnx").write_bytes(content)
    started("--model", str(tmp_path / "large.onnx"))
    app = visit("overview", model="Model large")
    assert "The model's input is batch × 1 × 28 × 28; wanted one of batch × 1 × 8 × 8" in said(app)
    assert "Shown is the model L1 mean, not Model large" in said(app)
    assert not app.exception
