"""Stores that are damaged, poisoned, read-only or full: right images or a reason, never a crash."""

import json
import logging
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.kills import leftovers
from benchmarks.offline import at_once_on_mnist, bystander
from engine.datasets.cache_file import read_store
from engine.datasets.mnist.load import MnistUnavailable, load_mnist
from engine.evaluation.saved_models import load_or_fit
from tests.support.disks import read_only, small_disk
from tests.support.network import answering, send
from tests.support.server import serving

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
MARKER = "marker-of-a-planted-pickle"


class Planted:
    """What runs a command when it is unpickled."""

    def __reduce__(self):
        return Path.touch, (Path(MARKER),)


DAMAGE = {
    "0 bytes": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "a flipped bit": lambda data: (
        data[:9_000_000] + bytes([data[9_000_000] ^ 4]) + data[9_000_001:]
    ),
    "an older version": lambda data: b"digitscope-store 0 " + data[19:],
    "a planted pickle": lambda data: pickle.dumps(Planted()),
}


@pytest.mark.case(37)
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_store_is_never_believed_and_runs_nothing(
    mnist_store, tmp_path, monkeypatch, caplog, damage
):
    """Without a network there is nothing to rebuild it from, so that any images would be wrong."""
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "home"
    home.mkdir()
    (home / "mnist.store").write_bytes(DAMAGE[damage]((mnist_store / "mnist.store").read_bytes()))
    with caplog.at_level(logging.WARNING), pytest.raises(MnistUnavailable, match="refused"):
        load_mnist(home=home)
    assert "is not used and will be rebuilt" in caplog.text
    assert not Path(MARKER).exists()
    assert {path.name for path in home.iterdir()} <= {"mnist.store", "mnist.lock"}


@pytest.mark.case(37)
def test_a_poisoned_store_is_rebuilt_from_the_archive_at_the_first_start_that_can(
    mnist_archive, mnist, tmp_path, monkeypatch
):
    home = tmp_path / "home"
    home.mkdir()
    (home / "mnist.store").write_bytes(pickle.dumps(Planted()))
    monkeypatch.setenv("FASTAI_HOME", str(tmp_path / "fastai"))
    with answering(send(mnist_archive.read_bytes())) as network:
        monkeypatch.setenv("DIGITSCOPE_MNIST_URL", network.url)
        assert load_mnist(home=home).key == mnist.key
    assert read_store(home / "mnist.store").key == mnist.key
    assert leftovers(tmp_path) == ()


@pytest.mark.case(38)
@pytest.mark.parametrize("disk", ["400k", "2m", "read-only"])
def test_where_the_store_cannot_be_written_mnist_works_from_memory(
    mnist_home, mnist, tmp_path, monkeypatch, caplog, disk
):
    monkeypatch.setenv("FASTAI_HOME", str(mnist_home))
    home = tmp_path / "home"
    with read_only(home) if disk == "read-only" else small_disk(home, disk):
        with caplog.at_level(logging.WARNING):
            assert load_mnist(home=home).key == mnist.key
        assert {path.name for path in home.iterdir()} <= {"mnist.lock"}
    assert "could not be written" in caplog.text


def test_a_store_on_a_disk_that_cannot_be_written_is_read(mnist_store, mnist, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(mnist_store / "mnist.store", home)
    with read_only(home):
        assert load_mnist(home=home).key == mnist.key


@pytest.mark.case(38)
@pytest.mark.parametrize("disk", ["400k", "2m", "read-only"])
def test_where_the_archive_cannot_be_kept_the_reason_is_the_disk(
    mnist_archive, tmp_path, monkeypatch, disk
):
    fastai = tmp_path / "fastai"
    monkeypatch.setenv("FASTAI_HOME", str(fastai))
    with (
        read_only(fastai) if disk == "read-only" else small_disk(fastai, disk),
        answering(send(mnist_archive.read_bytes())) as network,
    ):
        monkeypatch.setenv("DIGITSCOPE_MNIST_URL", network.url)
        with pytest.raises(MnistUnavailable, match="the disk said no"):
            load_mnist(home=tmp_path / "home")
        assert leftovers(tmp_path) == ()


@pytest.mark.case(38)
def test_a_full_folder_for_temporary_files_costs_nothing(
    mnist_archive, mnist, tmp_path, monkeypatch
):
    monkeypatch.setenv("FASTAI_HOME", str(tmp_path / "fastai"))
    with (
        small_disk(tmp_path / "tmp", "44k") as temporary,
        answering(send(mnist_archive.read_bytes())) as network,
    ):
        monkeypatch.setenv("TMPDIR", str(temporary))
        monkeypatch.setenv("DIGITSCOPE_MNIST_URL", network.url)
        assert load_mnist(home=tmp_path / "home").key == mnist.key
        assert list(temporary.iterdir()) == []


@pytest.mark.case(36)
def test_two_servers_share_one_store_by_one_download(mnist_archive, tmp_path):
    homes = {"DIGITSCOPE_HOME": f"{tmp_path}/home", "FASTAI_HOME": f"{tmp_path}/fastai"}
    with answering(send(mnist_archive.read_bytes())) as network:
        homes["DIGITSCOPE_MNIST_URL"] = network.url
        with serving(**homes) as one, serving(**homes) as other, bystander(one), bystander(other):
            at_once_on_mnist([one, other], 2)
        assert len(network.requests) == 1
    assert leftovers(tmp_path) == ()


@pytest.fixture
def kept(small, tmp_path) -> Path:
    """The file of a fitted model."""
    load_or_fit(small, "Logistic", home=tmp_path)
    return next((tmp_path / "models").glob("*.npz"))


def other_shapes(path: Path) -> None:
    with np.load(path) as file:
        arrays = {name: file[name][:-1] for name in file.files}
    np.savez(path, **arrays)


def objects(path: Path) -> None:
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    np.savez(path, **arrays | {"coef_": np.array([Planted()], dtype=object)})


SPOILT = {
    "0 bytes": lambda path: path.write_bytes(b""),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "another format": lambda path: path.write_bytes(pickle.dumps(Planted())),
    "other shapes": other_shapes,
    "objects": objects,
}


@pytest.mark.parametrize("way", SPOILT)
def test_a_spoilt_fitted_model_is_made_again_and_runs_nothing(
    kept, small, tmp_path, monkeypatch, caplog, way
):
    monkeypatch.chdir(tmp_path)
    before = load_or_fit(small, "Logistic", home=tmp_path)
    SPOILT[way](kept)
    with caplog.at_level(logging.WARNING):
        assert load_or_fit(small, "Logistic", home=tmp_path).table.equals(before.table)
    assert "is not used and will be made again" in caplog.text
    assert not Path(MARKER).exists()
    caplog.clear()
    assert load_or_fit(small, "Logistic", home=tmp_path).table.equals(before.table)
    assert caplog.text == ""


def test_no_flipped_byte_of_a_fitted_model_changes_an_answer(toy, tmp_path):
    right = load_or_fit(toy, "Logistic", home=tmp_path).table
    path = next((tmp_path / "models").glob("*.npz"))
    whole = path.read_bytes()
    for at in range(0, len(whole), 3):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        assert load_or_fit(toy, "Logistic", home=tmp_path).table.equals(right), at


def test_an_older_fitted_model_is_not_believed(kept, small, tmp_path, monkeypatch):
    fitted = sys.modules["engine.evaluation.saved_models"]
    monkeypatch.setattr(fitted, "VERSION", fitted.VERSION + 1)
    steps = []
    load_or_fit(small, "Logistic", lambda step, *_: steps.append(step), tmp_path)
    assert steps


@pytest.mark.parametrize("disk", ["4k", "read-only"])
def test_a_fitted_model_that_cannot_be_kept_is_still_there(small, tmp_path, caplog, disk):
    home = tmp_path / "home"
    with read_only(home) if disk == "read-only" else small_disk(home, disk):
        with caplog.at_level(logging.WARNING):
            assert load_or_fit(small, "Logistic", home=home).n_right > 500
        assert [path.name for path in home.rglob("*") if path.is_file()] in ([], ["lock"])
    assert "could not be kept" in caplog.text


def test_what_a_killed_writer_left_of_a_fitted_model_is_removed(kept, small, tmp_path):
    left = kept.with_name("tmpabcdef.part")
    left.write_bytes(kept.read_bytes()[:100])
    kept.unlink()
    load_or_fit(small, "Logistic", home=tmp_path)
    assert not left.exists()


BROKEN = {
    "torchvision": 'raise RuntimeError("operator torchvision::nms does not exist")',
    "torch": 'raise ImportError("libtorch.so: cannot open shared object file")',
}


@pytest.mark.case(48)
@pytest.mark.parametrize("package", BROKEN)
def test_a_broken_package_keeps_no_page_from_opening(package, tmp_path):
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text(BROKEN[package])
    program = (
        "import sys, json; from streamlit.testing.v1 import AppTest; "
        "app = AppTest.from_file('dashboard/Home.py', default_timeout=120); "
        "app.query_params['data'] = 'Embedded'; app.run(); "
        "print(json.dumps([app.title[0].value, [e.value for e in app.exception]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True,
        text=True,
    )
    title, exceptions = json.loads(done.stdout.splitlines()[-1])
    assert title and exceptions == []
