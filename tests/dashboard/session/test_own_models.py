"""A model on its way is ended at once with whoever waits for it, and its process, too."""

import os
import time

import numpy as np
import pytest

from dashboard.session import own_models
from dashboard.session.own_models import Arriving
from engine.own_models.classifier import OnnxClassifier
from engine.own_models.process import Stopped

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
from tests.support import onnx_files


def started(content: bytes, dataset) -> tuple[Arriving, int]:
    """A model on its way, and the number of its process."""
    model = OnnxClassifier(content)
    test = own_models._Test("My model", lambda: model, len(content), dataset)
    return Arriving(test, new=True), model.process._child.pid


def test_a_visit_that_ends_takes_the_process_with_it_whatever_that_is_doing(small):
    arriving, pid = started(onnx_files.endless(), small)
    time.sleep(0.3)  # it computes by now
    task, began = arriving.task, time.monotonic()
    del arriving
    assert not os.path.exists(f"/proc/{pid}")
    assert task.finished(within_s=2) and isinstance(task.error, Stopped)
    assert time.monotonic() - began < 2


def test_a_model_that_has_arrived_outlives_its_arrival(small):
    arriving, pid = started(onnx_files.linear(np.eye(64, 10)), small)
    assert arriving.task.finished(within_s=30)
    evaluation = arriving.taken()
    del arriving
    assert os.path.exists(f"/proc/{pid}")
    assert len(evaluation.classifier.predict(small.testing.images)) == 599
    evaluation.classifier.close()
    with pytest.raises(Stopped, match="was removed"):
        evaluation.classifier.predict(small.testing.images)


def test_a_model_that_takes_too_long_is_told_the_time_it_had(small, monkeypatch):
    monkeypatch.setattr(own_models, "MODEL_TEST_S", -1.0)
    arriving, _ = started(onnx_files.linear(np.eye(64, 10)), small)
    assert arriving.task.finished(within_s=30)
    with pytest.raises(Stopped, match="no form of its input in -1 seconds; wanted"):
        arriving.taken()
