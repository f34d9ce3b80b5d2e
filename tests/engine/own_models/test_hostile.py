"""Hostile and unfit models are refused in under 5 s with one sentence, and cost the app nothing."""

import os
import resource
import time

import numpy as np
import pytest

from engine.own_models.classifier import OnnxClassifier
from engine.runtime import limits
from engine.runtime.errors import Refused

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
from tests.support import onnx_files

HOSTILE = {
    "external_data": "external data",
    "external_constant": "external data",
    "custom_operator": "custom operator 'Anything' of 'my.operators'",
    "endless": "did not answer within 3 seconds",
    "doubling": "more memory than the 500 MB",
    "huge_constant": "more memory than the 500 MB",
    "huge_answer": "250 × 64000 for 250 images; wanted a row for each, of up to 100 scores",
    "no_number": "no finite numbers",
    "nested": "more than 20 deep",
}
IMAGES = np.random.default_rng(0).integers(0, 256, (300, 8, 8), dtype=np.uint8)
DIGITS = np.arange(300) % 10


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused, OnnxClassifier(content) as model:
        model.fit(IMAGES, DIGITS)
    return str(refused.value)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_model_is_refused_in_time_with_one_sentence(name):
    content = getattr(onnx_files, name)()
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    said = refusal(content)
    assert HOSTILE[name] in said and "\n" not in said
    assert time.monotonic() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kB


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "another file"),
        (b"no model, only a text", "another file"),
        (b"PK\x03\x04 a checkpoint", "a ZIP archive (as PyTorch and Keras save)"),
        (b"\x80\x04}q\x00.", "a pickle"),
        (b"\x89HDF\r\n", "an HDF5 file"),
        (b"\x3a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "another file"),
    ],
)
def test_what_is_no_onnx_file_is_called_by_what_it_is(content, found):
    assert f"Found {found}" in refusal(content)


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    large = tmp_path / "large.onnx"
    with large.open("wb") as file:
        file.truncate(limits.MAX_MODEL_BYTES + 1)
    with pytest.raises(Refused, match="20,000,001 bytes; wanted 20,000,000 at most"):
        OnnxClassifier(large)


def test_the_process_can_open_no_file_and_ends_when_the_model_is_closed():
    with OnnxClassifier(onnx_files.linear(np.eye(64, 10))) as model:
        model.fit(IMAGES, DIGITS)
        pid = model.process._child.pid
        with open(f"/proc/{pid}/limits") as file:
            bounds = {line[:26].strip(): line[26:].split()[:2] for line in file}
        opened = [int(name) for name in os.listdir(f"/proc/{pid}/fd")]
        assert bounds["Max file size"] == bounds["Max core file size"] == ["0", "0"]
        files = int(bounds["Max open files"][1])
        assert set(range(files)) <= set(opened)  # every number that may be given is taken
        assert int(bounds["Max address space"][1]) < 2 * limits.MAX_MODEL_MEMORY_BYTES
        with open(f"/proc/{pid}/environ") as file:
            assert "proxy" not in file.read().lower()
    assert not os.path.exists(f"/proc/{pid}")


def test_a_model_that_is_forgotten_takes_its_process_with_it():
    model = OnnxClassifier(onnx_files.linear(np.eye(64, 10)))
    pid = model.process._child.pid
    del model
    assert not os.path.exists(f"/proc/{pid}")


def test_a_model_whose_process_was_killed_answers_again():
    with OnnxClassifier(onnx_files.linear(np.eye(64, 10))) as model:
        model.fit(IMAGES, DIGITS)
        before = model.distances(IMAGES)
        model.process._child.kill()
        with pytest.raises(Refused):
            model.distances(IMAGES)
        assert (model.distances(IMAGES) == before).all()


def test_another_size_is_named_with_the_size_wanted():
    content = onnx_files.linear(np.zeros((784, 10)), ("x", 1, ["n", 1, 28, 28]))
    assert refusal(content) == (
        "The model's input is batch × 1 × 28 × 28; wanted one of batch × 1 × 8 × 8, "
        "batch × 8 × 8, batch × 64, batch × 8 × 8 × 1 for images of 8 × 8 pixels."
    )


def test_other_classes_are_named_with_the_classes_wanted():
    content = onnx_files.linear(np.zeros((64, 26)), out=(None, 26))
    said = "The model gives 26 scores; wanted 10, one for each class (0, 1, … 9)."
    assert refusal(content) == said
