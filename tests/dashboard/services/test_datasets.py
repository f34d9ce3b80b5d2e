"""What all viewers share is let go when somebody writes into the store it is read from."""

import logging

import pytest

from dashboard.services import datasets, evaluations
from engine.datasets.cache_file import read_store, write_store


@pytest.fixture
def store(tmp_path, small, monkeypatch):
    """A store that stands for MNIST's, and is rebuilt when it is damaged."""
    path = tmp_path / "mnist.store"
    write_store(path, small)

    def load(progress):
        try:
            return read_store(path)
        except ValueError:
            write_store(path, small)
            return read_store(path)

    monkeypatch.setattr(datasets, "load_mnist", load)
    datasets._loads.drop(lambda name: True)
    yield path
    datasets._loads.drop(lambda name: True)


def loaded():
    attempt = datasets.mnist()
    assert attempt.finished(60)
    return attempt.result


def test_a_store_that_somebody_wrote_into_is_loaded_again_with_all_that_came_of_it(
    store, small, caplog
):
    before = loaded()
    assert loaded() is before
    judged = evaluations.evaluation(before, "L1 mean")
    with store.open("r+b") as file:
        file.seek(5000)
        file.write(bytes(100))
    with caplog.at_level(logging.ERROR):
        after = loaded()
    assert "wrote into the store" in caplog.text
    assert after is not before and after.key == small.key
    assert (after.training.images == small.training.images).all()
    again = evaluations.evaluation(after, "L1 mean")
    assert again is not judged and again.dataset is after
