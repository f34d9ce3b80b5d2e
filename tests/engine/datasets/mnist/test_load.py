"""The loader: local store, folder, or a clear reason why not."""

import shutil

import pytest

from engine.datasets.cache_file import read_store, write_store
from engine.datasets.dataset import Reason, Skipped
from engine.datasets.mnist import load as loader
from engine.datasets.mnist.load import MnistUnavailable, load_mnist, store_folder


def test_no_mnist_and_no_server_gives_the_reason(tmp_path):
    with pytest.raises(MnistUnavailable, match="the server cannot be reached"):
        load_mnist(home=tmp_path)


@pytest.mark.slow
def test_a_damaged_store_is_rebuilt_from_the_folder(mnist_store, mnist_home, tmp_path, monkeypatch):
    store = tmp_path / "mnist.store"
    shutil.copy(mnist_store / "mnist.store", store)
    with store.open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"damage")
    monkeypatch.setenv("FASTAI_HOME", str(mnist_home))
    steps = set()
    dataset = load_mnist(lambda step, *_: steps.add(step), home=tmp_path)
    assert "Decoding images" in steps
    assert len(dataset.training) == 60_000
    assert read_store(store).key == read_store(mnist_store / "mnist.store").key


def test_a_whole_store_of_another_dataset_is_not_taken_for_mnist(small, tmp_path, caplog):
    write_store(tmp_path / "mnist.store", small)
    with pytest.raises(MnistUnavailable):
        load_mnist(home=tmp_path)
    assert f"it holds {small.name} of" in caplog.text


def test_a_good_store_is_read_without_fastai_or_any_decoding(mnist_store, monkeypatch):
    monkeypatch.setattr(loader, "fetch_mnist", None)
    monkeypatch.setattr(loader, "read_folder", None)
    dataset = load_mnist(home=mnist_store)
    assert dataset.training.images.shape == (60_000, 28, 28)
    assert dataset.testing.images.shape == (10_000, 28, 28)


def test_a_store_that_cannot_be_written_costs_nothing_but_time(toy, tmp_path, monkeypatch):
    def no_space(path, dataset):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(loader, "fetch_mnist", lambda *args, **options: tmp_path)
    monkeypatch.setattr(loader, "read_folder", lambda *args, **options: toy)
    monkeypatch.setattr(loader, "write_store", no_space)
    assert load_mnist(home=tmp_path) is toy


def test_an_incomplete_set_is_not_stored_so_that_a_mended_folder_is_seen(
    toy, tmp_path, monkeypatch
):
    from dataclasses import replace

    incomplete = replace(
        toy, skipped=(Skipped("training/0/1.png", Reason.UNREADABLE, "is damaged"),)
    )
    monkeypatch.setattr(loader, "fetch_mnist", lambda *args, **options: tmp_path)
    monkeypatch.setattr(loader, "read_folder", lambda *args, **options: incomplete)
    assert load_mnist(home=tmp_path).skipped
    assert not (tmp_path / "mnist.store").exists()


def test_the_store_lies_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGITSCOPE_HOME", str(tmp_path))
    assert store_folder() == tmp_path
    monkeypatch.delenv("DIGITSCOPE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert store_folder() == tmp_path / ".cache" / "digitscope"
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))  # a home that is no folder
    assert store_folder().name == "digitscope"


def test_images_are_counted_as_the_published_files_count_them(mnist):
    """The first labels of train-labels-idx1 and t10k-labels-idx1, as Keras and others show them."""
    assert mnist.training.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert mnist.testing.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    for split in (mnist.training, mnist.testing):
        numbers = [int(name.split("/")[2].removesuffix(".png")) for name in split.files.tolist()]
        assert numbers == list(range(len(split)))


def test_the_order_of_the_images_changes_no_figure(mnist_evaluation):
    assert (mnist_evaluation.n_right, mnist_evaluation.n_images) == (6685, 10_000)
    by_digit = [799, 1133, 437, 615, 656, 291, 754, 786, 431, 783]
    assert mnist_evaluation.counts.diagonal().tolist() == by_digit
