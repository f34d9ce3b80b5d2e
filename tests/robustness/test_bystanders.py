"""Whatever befalls the disk, the data or a stranger's file, another viewer's page stays the same.

Each in a real server; the other cases have their bystander where they are tested.
"""

import contextlib
import os
import pickle
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.offline import AGAIN, bystander, has, until_mnist, why
from tests.engine.datasets.mnist.test_archive import ours
from tests.engine.evaluation.test_external_predictions import BAD_BYTES
from tests.engine.own_models.test_hostile import HOSTILE
from tests.engine.preprocessing.test_decode import BOMBS
from tests.robustness.test_bad_data import BAD
from tests.robustness.test_broken_data import cut_short, empty, garbage, linked, own_copy
from tests.robustness.test_faulty_disk import Planted
from tests.support import onnx_files
from tests.support.disks import small_disk
from tests.support.network import answering, send
from tests.support.server import Server, serving
from tests.support.viewer import HANG_S, Steady, Viewer

# The server is a process of its own; what it leaves open is not this process's doing.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@contextlib.contextmanager
def from_archive(archive: Path, folder: Path, home: Path) -> Iterator[Server]:
    """A server that has to load MNIST from a server on loopback, and writes under ``folder``."""
    with answering(send(archive.read_bytes())) as network:
        homes = {"DIGITSCOPE_HOME": str(home), "FASTAI_HOME": str(folder / "fastai")}
        with serving(DIGITSCOPE_MNIST_URL=network.url, **homes) as server:
            yield server


@pytest.mark.case(38)
def test_a_store_on_a_full_disk_is_nobodys_affair(mnist_home, tmp_path):
    with (
        small_disk(tmp_path / "home", "2m") as home,
        serving(DIGITSCOPE_HOME=str(home), FASTAI_HOME=str(mnist_home)) as server,
        bystander(server),
    ):
        until_mnist(server.address)


@pytest.mark.case(37)
def test_a_poisoned_store_is_nobodys_affair(mnist_archive, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "mnist.store").write_bytes(pickle.dumps(Planted()))
    with from_archive(mnist_archive, tmp_path, home) as server, bystander(server):
        until_mnist(server.address)


@pytest.mark.case(1, 2, 6)
def test_broken_files_of_the_data_set_are_nobodys_affair(mnist_home, tmp_path):
    root = tmp_path / "fastai" / "data" / "mnist_png"
    for split in ("training", "testing"):
        linked(mnist_home / "data" / "mnist_png" / split, root / split)
    own_copy(root / "training" / "3")
    files = sorted((root / "training" / "3").iterdir())
    for path, damage in zip(files, (cut_short, garbage, empty), strict=False):
        damage(path)
    homes = {"DIGITSCOPE_HOME": f"{tmp_path}/home", "FASTAI_HOME": f"{tmp_path}/fastai"}
    with serving(**homes) as server, bystander(server), Viewer(server.address) as viewer:
        viewer.open()
        until_mnist(server.address)
        viewer.rerun()
        listed = viewer.drawn("code")[0].code_text
        assert all(f"/{path.name}: " in listed for path in files[:3])


@pytest.mark.case(35)
def test_a_kill_while_mnist_is_loaded_is_said_and_nobody_elses_affair(mnist_archive, tmp_path):
    home = tmp_path / "home"
    with from_archive(mnist_archive, tmp_path, home) as server, bystander(server):
        with Viewer(server.address) as viewer:
            viewer.ask()
            kill_once_there(home, "engine.datasets.mnist.download_worker")
            viewer.wait()
            assert "the download" in why(viewer)
            assert has(viewer, AGAIN)
            viewer.click(AGAIN)
            viewer.rerun()
        until_mnist(server.address)


def kill_once_there(home: Path, module: str) -> None:
    """Kills our process that runs the module, as soon as there is one."""
    deadline = time.monotonic() + HANG_S
    while not (found := ours(home, module)):
        assert time.monotonic() < deadline, f"no {module} was started"
        time.sleep(0.05)
    for process in found:
        os.kill(process, signal.SIGKILL)


FIELDS = {  # of each field for files: the page, its link, what is brought and how it is refused
    "data_images_0": ("data", "data=Embedded", {n: make for n, (make, _) in BAD.items()}),
    "data_predictions_0": (
        "data",
        "data=Embedded",
        {f"{n}.csv": lambda content=content: content for n, (content, _) in BAD_BYTES.items()},
    ),
    "data_model_0": (
        "data",
        "data=Embedded",
        {f"{n}.onnx": lambda content=content: content for n, (content, _) in BAD_BYTES.items()}
        | {f"{n}.onnx": getattr(onnx_files, n) for n in HOSTILE},
    ),
    "classify_files": (
        "classify",
        "data=Embedded&classify_from=Upload",
        {f"{n}.png": lambda content=content: content for n, content in BOMBS.items()},
    ),
}


@pytest.mark.case(7, 8, 14, 18, 19, 20, 24, 25)
@pytest.mark.parametrize("field", FIELDS)
def test_strange_files_are_nobody_elses_affair(server, field):
    page, link, files = FIELDS[field]
    with Steady(server.address):
        for name, make in files.items():
            if name == "too large.csv":  # turned away by the server itself, before the page
                continue
            with Viewer(server.address, page, link) as viewer:
                viewer.open()
                viewer.upload(field, name, make())
                assert viewer.exceptions == [], name
                refused = [alert.body for alert in viewer.drawn("alert")]
                assert refused or name == "largest png.png", name
