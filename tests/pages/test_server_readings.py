"""A dataset that the server names is offered in each way in which it can be read."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from dashboard.services import datasets
from tests.pages.test_data import on_page
from tests.pages.test_pages import said

TURNED = "turned upright, by exchanging rows and columns"


@pytest.fixture
def named(visit, tmp_path, monkeypatch):
    """Opens the Data page on a file that the server names, in a process that has read no other."""
    monkeypatch.setattr(datasets, "_ways", {})

    def open_data(name: str):
        monkeypatch.setenv("DIGITSCOPE_DATA", str(tmp_path / name))
        datasets._loads.forget(f"Data {name.split('.')[0]}", lambda _: True)
        return visit("data").selectbox(key="data").set_value(f"Data {name.split('.')[0]}").run()

    return open_data


def test_images_on_their_side_can_be_turned(named, tmp_path):
    source = load_digits()
    images = np.round(source.images * 255 / 16).astype(np.uint8)
    np.savez(tmp_path / "side.npz", images=images.swapaxes(1, 2), labels=source.target)
    app = named("side.npz")
    assert "Data side can be read in other ways" in app.info[-1].value
    assert "left as they came" in said(app)
    app.button(key="data_way_0").click().run()
    assert not app.exception
    assert app.selectbox(key="data").value == f"Data side, {TURNED}"
    assert "as was chosen" in said(app)
    turned = datasets.server_data(f"Data side, {TURNED}").result
    kept = {image.tobytes() for image in images}
    assert all(image.tobytes() in kept for image in turned.training.images)
    app = on_page(app, "overview")
    assert app.selectbox(key="data").value == f"Data side, {TURNED}"


def test_a_file_that_nothing_tells_how_to_read_is_asked_about(named, tmp_path):
    source = load_digits()
    lines = np.column_stack([source.target, source.data, source.target % 3]).astype(int)
    np.savetxt(tmp_path / "both.csv", lines[:, [0, *range(1, 64), 65]], "%d", delimiter=",")
    app = named("both.csv")
    ways = datasets.other_ways("Data both")
    assert len(ways) == 2 - (not app.error)  # a default, or a question
    app.button(key="data_way_0").click().run()
    assert not app.exception and app.selectbox(key="data").value in ways.values()
    assert not app.error


def test_a_way_that_nobody_found_is_no_dataset(named, tmp_path):
    source = load_digits()
    np.savez(tmp_path / "plain.npz", images=source.images.astype(np.uint8), labels=source.target)
    app = named("plain.npz")
    assert "other ways" not in " ".join(box.value for box in app.info)
    assert "Data plain, turned" not in app.selectbox(key="data").options
