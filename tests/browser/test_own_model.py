"""A real Chromium: a model is dropped on the page Data, and then answers what is drawn."""

import numpy as np
import pytest

from engine.datasets.dataset import Dataset
from tests.browser.test_classify import SEVEN, answer_is, draw_with_mouse
from tests.support.browsing import MARKS

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
from tests.support import onnx_files

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = MARKS
expect = sync_api.expect


@pytest.fixture(scope="module")
def nearest_mean(mnist: Dataset) -> tuple[bytes, int]:
    """The nearest mean as a linear model, 2 m·x − m·m, and how many of it are right in numpy."""
    train, test = mnist.training, mnist.testing
    mean = np.stack([train.images[train.labels == d].mean(axis=0).ravel() for d in range(10)])
    weight, bias = 2 * mean.T / 255, -((mean / 255) ** 2).sum(axis=1)
    scores = test.images.reshape(len(test), -1) / 255 @ weight + bias
    tensors = {"W": weight.astype(np.float32), "b": bias.astype(np.float32)}
    nodes = [onnx_files.node("MatMul", ["x", "W"], "m"), onnx_files.node("Add", ["m", "b"], "y")]
    given = ("x", onnx_files.T.FLOAT, [None, 784])
    content = onnx_files.file(
        nodes, [onnx_files.weights(n, v) for n, v in tensors.items()], given=given
    )
    return content, int((scores.argmax(axis=1) == test.labels).sum())


def bring(visitor, content: bytes, name: str = "means.onnx"):
    page = visitor.open("data")
    field = page.get_by_test_id("stFileUploader").filter(has_text="A model as an ONNX file")
    file = {"name": name, "mimeType": "", "buffer": content}
    field.locator('input[type="file"]').set_input_files([file])
    return page


def test_a_dropped_model_is_judged_and_answers_a_drawing(visitor, nearest_mean):
    content, right = nearest_mean
    page = bring(visitor, content)
    expect(page.get_by_text("Taken as My model means")).to_be_visible()
    expect(page.get_by_text(f"{right:,} of 10,000 test images are right")).to_be_visible()
    expect(page.get_by_text("The model's input is read as 784, 0 to 1")).to_be_visible()
    page.get_by_role("button", name="Open it now").click()
    visitor.settle()
    page.locator('[data-testid="stSidebarNavLink"]', has_text="Classify").click()
    pad = page.locator(".paper")
    expect(pad).to_be_visible(timeout=90_000)
    draw_with_mouse(page, pad, SEVEN)
    answer_is(page, "7")
    expect(page.get_by_role("combobox", name="Model")).to_have_value("My model means")
    visitor.content()


def test_what_is_no_model_is_called_by_what_it_is(visitor):
    page = bring(visitor, b"\x80\x04}q\x00.", "network.onnx")
    expect(page.get_by_text("Found a pickle; wanted a model as an ONNX file")).to_be_visible()
    assert visitor.complaints == []
