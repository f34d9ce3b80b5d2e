"""What the tests share: small digits one can check by eye, real MNIST if it is here, the app."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from streamlit.testing.v1 import AppTest

from engine.datasets.dataset import Dataset, Split
from engine.datasets.mnist.load import load_mnist
from engine.datasets.sklearn_digits import load_sklearn_digits
from engine.evaluation.evaluation import Evaluation, evaluate
from tests.support.browsing import address, browser, server, visitor  # noqa: F401 (fixtures of every browser test)
from tests.support.packed import mnist_archive as packed_archive

ROOT = Path(__file__).resolve().parents[1]
ALWAYS = {
    "deadline": None,  # a busy machine is no fault
    "suppress_health_check": list(HealthCheck),
    "database": None,
}
settings.register_profile("short", max_examples=60, derandomize=True, **ALWAYS)
settings.register_profile("long", max_examples=2_000, **ALWAYS)
settings.load_profile("short")
HOME = str(ROOT / "dashboard" / "Home.py")
REAL_FASTAI = Path(os.environ.get("FASTAI_HOME", Path.home() / ".fastai")).expanduser()
NOBODY_LISTENS = "http://127.0.0.1:9/mnist_png.tgz"


@pytest.fixture(scope="session", autouse=True)
def _offline(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test finds or downloads MNIST by accident: an empty home, and a server that is not."""
    os.environ["FASTAI_HOME"] = str(tmp_path_factory.mktemp("fastai"))
    os.environ["DIGITSCOPE_HOME"] = str(tmp_path_factory.mktemp("digitscope"))
    os.environ["DIGITSCOPE_MNIST_URL"] = NOBODY_LISTENS


@pytest.fixture(autouse=True)
def failed_panels() -> Iterator[list[logging.LogRecord]]:
    """The log's entries of panels that failed; a test that does not clear them has failed, too."""
    entries = []
    handler = logging.Handler()
    handler.emit = entries.append
    logging.getLogger("dashboard.widgets.panel").addHandler(handler)
    yield entries
    logging.getLogger("dashboard.widgets.panel").removeHandler(handler)
    assert entries == []


@pytest.fixture(scope="session")
def mnist_home() -> Path:
    """The FASTAI_HOME that holds MNIST's folder; skips where there is none."""
    if not (REAL_FASTAI / "data" / "mnist_png" / "training").is_dir():
        pytest.skip("MNIST is not on this machine (no data/mnist_png in FASTAI_HOME)")
    return REAL_FASTAI


@pytest.fixture(scope="session")
def mnist_archive(mnist_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MNIST's archive as fast.ai serves it."""
    return packed_archive(tmp_path_factory.mktemp("archive"), mnist_home)


@pytest.fixture(scope="session")
def mnist_store(mnist_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with MNIST's store, made by the real loader from the real files."""
    folder = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FASTAI_HOME", str(mnist_home))
        load_mnist(home=folder)
    return folder


@pytest.fixture(scope="session")
def mnist(mnist_store: Path) -> Dataset:
    return load_mnist(home=mnist_store)


@pytest.fixture(scope="session")
def mnist_evaluation(mnist: Dataset) -> Evaluation:
    return evaluate(mnist, "L1 mean")


@pytest.fixture(scope="session")
def small() -> Dataset:
    """The embedded 8×8 digits."""
    return load_sklearn_digits()


@pytest.fixture(scope="session")
def small_evaluation(small: Dataset) -> Evaluation:
    return evaluate(small, "L1 mean")


@pytest.fixture
def toy() -> Dataset:
    """Two digits of 2×2 pixels: 0 is white, 1 is black; one grey test image of each."""
    images = np.array([[[0, 0], [0, 0]], [[255, 255], [255, 255]]], dtype=np.uint8)
    labels, files = np.array([0, 1]), np.array(["0/a.png", "1/a.png"])
    grey = np.array([[[50, 50], [50, 50]], [[100, 100], [100, 100]]], dtype=np.uint8)
    return Dataset("toy", Split(images, labels, files), Split(grey, labels.copy(), files.copy()))


@pytest.fixture
def visit() -> Callable[..., AppTest]:
    """Opens a page through Home, as a browser would, on the embedded digits."""

    def open_page(page: str = "overview", /, **params: str) -> AppTest:
        app = AppTest.from_file(HOME, default_timeout=120)
        if page != "overview":
            app.query_params["data"] = "Embedded"
            if "model" in params:  # the sidebar holds it from the first page on
                app.query_params["model"] = params["model"]
            app.run()
            app.switch_page(f"../pages/{page}.py")
        for name, value in {"data": "Embedded", **params}.items():
            app.query_params[name] = value
        return app.run()

    return open_page
