"""The recipes of docs/onnx.md write files that are read as their models were made."""

import re
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from engine.own_models.classifier import OnnxClassifier

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "onnx.md").read_text()
RECIPES = dict(re.findall(r"^## From (\S+)\n.*?```python\n(.*?)```", TEXT, flags=re.M | re.S))


def run(recipe: str, folder: Path, monkeypatch) -> dict[str, object]:
    """What is named when the recipe has run in that folder."""
    monkeypatch.chdir(folder)
    names = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter that needs no further package
        exec(compile(RECIPES[recipe], "docs/onnx.md", "exec"), names)
    return names


def test_every_recipe_has_ten_lines_at_most():
    assert set(RECIPES) == {"scikit-learn", "PyTorch", "Keras"}
    lines = {n: [row for row in r.splitlines() if row.strip()] for n, r in RECIPES.items()}
    assert {n: len(rows) for n, rows in lines.items() if len(rows) > 10} == {}


def test_an_estimator_answers_as_it_does_in_scikit_learn(tmp_path, monkeypatch, small):
    pytest.importorskip("onnxruntime")
    pytest.importorskip("skl2onnx")
    estimator = run("scikit-learn", tmp_path, monkeypatch)["estimator"]
    with OnnxClassifier(tmp_path / "mine.onnx") as model:
        model.fit(small.training.images, small.training.labels)
        rows = small.testing.images.reshape(599, -1).astype(np.float32) / 255
        assert (model.predict(small.testing.images) == estimator.predict(rows)).all()


def test_a_network_answers_as_it_does_in_torch(tmp_path, monkeypatch, small):
    pytest.importorskip("onnxruntime")
    import torch

    network = run("PyTorch", tmp_path, monkeypatch)["network"]
    with OnnxClassifier(tmp_path / "mine.onnx", "0 to 1") as model:
        model.fit(small.training.images, small.training.labels)
        with torch.no_grad():
            logits = network(torch.tensor(small.testing.images[:, None] / np.float32(255)))
        assert (model.predict(small.testing.images) == logits.argmax(1).numpy()).all()


@pytest.mark.skipif(find_spec("keras") is None, reason="Keras is no package of ours")
def test_a_network_answers_as_it_does_in_keras(tmp_path, monkeypatch, small):
    pytest.importorskip("onnxruntime")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    network = run("Keras", tmp_path, monkeypatch)["network"]
    with OnnxClassifier(tmp_path / "mine.onnx", "0 to 1") as model:
        model.fit(small.training.images, small.training.labels)
        logits = network.predict(small.testing.images[..., None] / np.float32(255), verbose=0)
        assert (model.predict(small.testing.images) == logits.argmax(axis=1)).all()
