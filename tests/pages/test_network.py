"""A network of convolutions that torch trained on MNIST: every figure on the page is torch's."""

import time

import numpy as np
import pytest

from dashboard.session import keys
from engine.datasets.dataset import Dataset
from engine.runtime.lru_cache import LruCache
from tests.pages.test_data import field, on_page
from tests.pages.test_pages import said

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
from tests.support import onnx_files

pytestmark = pytest.mark.slow
NAME = "My model network"
IMAGES, PASSES = 40_000, 3  # of the training images, with ever smaller steps: enough for 98 %


def tensor(images: np.ndarray):
    import torch

    return torch.tensor(images[:, None] / np.float32(255))


@pytest.fixture(scope="module")
def trained(mnist: Dataset):
    """The network, and its own logits of all test images."""
    import torch
    from torch import nn

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # of so small steps two would mostly wait for each other
    torch.manual_seed(0)
    first = nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2)
    second = nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2)
    network = nn.Sequential(*first, *second, nn.Flatten(), nn.Linear(256, 10))
    some = np.random.default_rng(0).permutation(len(mnist.training))[:IMAGES]
    labels = torch.tensor(mnist.training.labels[some])
    images = tensor(mnist.training.images[some])
    optimizer = torch.optim.Adam(network.parameters(), 0.003)
    steps = IMAGES * PASSES // 100
    smaller = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, total_iters=steps)
    for _ in range(PASSES):
        for at in range(0, IMAGES, 100):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(
                network(images[at : at + 100]), labels[at : at + 100]
            )
            loss.backward()
            optimizer.step()
            smaller.step()
    network.eval()
    with torch.no_grad():
        logits = network(tensor(mnist.testing.images)).double()
    torch.set_num_threads(threads)
    return network, logits


@pytest.fixture
def on_mnist(visit, mnist_store, monkeypatch):
    """The page Data on MNIST."""
    monkeypatch.setenv("DIGITSCOPE_HOME", str(mnist_store))
    monkeypatch.setattr("dashboard.services.datasets._loads", LruCache())
    return visit("data").selectbox(key="data").set_value("MNIST").run()


def test_every_figure_is_the_frameworks_own_to_the_last_image(on_mnist, mnist, trained):
    network, logits = trained
    answers, labels = logits.argmax(1).numpy(), mnist.testing.labels
    right = int((answers == labels).sum())
    assert right >= 9_800
    content = onnx_files.exported(network, (28, 28))
    app = field(on_mnist, "data_model").set_value(("network.onnx", content, "")).run()
    for _ in range(120):  # it is started and judged behind the page
        if NAME in app.session_state[keys.PREDICTIONS]:
            break
        time.sleep(1)
        app = app.run()
    assert not app.exception and not app.error
    assert f"{NAME}**: {right:,} of 10,000 test images are right" in said(app)
    own = app.session_state[keys.PREDICTIONS][NAME]
    assert (own.table["predicted"].to_numpy() == answers).all()
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (labels, answers), 1)
    assert (own.counts == counts).all()
    columns = own.table[[f"distance to {name}" for name in range(10)]].to_numpy()
    assert 1 - columns == pytest.approx(logits.softmax(1).numpy(), abs=1e-5)
    app = on_page(app.selectbox(key="model").set_value(NAME).run(), "overview")
    assert f"{right:,} of 10,000" in said(app)
