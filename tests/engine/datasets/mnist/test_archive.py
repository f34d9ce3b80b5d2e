"""MNIST from its archive: the same store as from the folder, or a reason to unpack it after all."""

import gzip
import io
import os
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.datasets.cache_file import PAGE
from engine.datasets.mnist import archive, download_worker
from engine.datasets.mnist.archive import OddArchive, decode_share, grey
from engine.datasets.mnist.folder import decode, read_folder
from engine.datasets.mnist.load import load_mnist
from tests.conftest import NOBODY_LISTENS, ROOT

FILES = {"training": 40, "testing": 20}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    """60 noisy images in the folders of MNIST; number i belongs to digit i % 10."""
    monkeypatch.setattr(archive, "MNIST_FILES", FILES)
    random = np.random.default_rng(0)
    for split, count in FILES.items():
        for number in range(count):
            place = tmp_path / "mnist_png" / split / str(number % 10)
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(random.integers(0, 256, (28, 28), "u1")).save(place / f"{number}.png")
    return tmp_path / "mnist_png"


def pack(folder: Path, form: int = tarfile.GNU_FORMAT) -> Path:
    path = folder.with_suffix(".tgz")
    with tarfile.open(path, "w:gz", format=form, compresslevel=1) as packed:
        packed.add(folder, "mnist_png")
    return path


def decoded(path: Path) -> tuple[list[str], np.ndarray]:
    """Names and images as both shares leave them in the store's file."""
    store = path.with_suffix(".part")
    store.touch()
    names = [decode_share(path, store, share, lambda: None) for share in (0, 1)]
    assert names[0] == names[1]
    images = np.frombuffer(store.read_bytes()[PAGE:], np.uint8).reshape(-1, 28, 28)
    return [*names[0]["training"], *names[0]["testing"]], images


def test_names_images_and_their_order_are_those_of_the_folder(folder):
    names, images = decoded(pack(folder))
    wanted = read_folder(folder, "small", wanted=FILES)
    assert names == [*wanted.training.files, *wanted.testing.files]
    assert (images == np.concatenate([wanted.training.images, wanted.testing.images])).all()


@pytest.mark.parametrize("mode", ["RGB", "P", "1", "I;16", "LA"])
def test_other_kinds_of_png_are_read_as_in_a_folder(folder, mode):
    place = folder / "training" / "3" / "13.png"
    Image.new(mode, (28, 28), 1).save(place)
    _, images = decoded(pack(folder))
    wanted = read_folder(folder, "small", wanted=FILES).training
    at = wanted.files.tolist().index("training/3/13.png")
    assert (images[at] == wanted.images[at]).all()


def change(name: str, content: bytes | None):
    """Writes a file into the folder, or removes it."""

    def fault(folder: Path) -> Path:
        (folder / name).write_bytes(content) if content is not None else (folder / name).unlink()
        return pack(folder)

    return fault


def after(fault):
    """Damages the packed file's bytes."""

    def damaged(folder: Path) -> Path:
        path = pack(folder)
        path.write_bytes(fault(path.read_bytes()))
        return path

    return damaged


def linked(folder: Path) -> Path:
    (folder / "training" / "3" / "13.png").unlink()
    (folder / "training" / "3" / "13.png").symlink_to("/etc/passwd")
    return pack(folder)


def twice(folder: Path) -> Path:
    path = folder.with_suffix(".tgz")
    with tarfile.open(path, "w:gz", format=tarfile.GNU_FORMAT) as packed:
        packed.add(folder, "mnist_png")
        packed.add(folder / "training/3/13.png", "mnist_png/training/3/13.png")
    return path


def png(size: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", size).save(buffer, "PNG")
    return buffer.getvalue()


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def longer(data: bytes) -> bytes:
    return gzip.compress(gzip.decompress(data) + b"more")


IMAGE = "training/3/13.png"
ODD = {
    "no gzip": after(lambda data: b"<html>"),
    "empty": after(lambda data: b""),
    "half": after(lambda data: data[: len(data) // 2]),
    "its check cut off": after(lambda data: data[:-4]),
    "one bit flipped": after(flipped),
    "no tar": after(lambda data: gzip.compress(b"<html>" * 1000)),
    "more behind the end": after(longer),
    "an image missing": change(IMAGE, None),
    "an image empty": change(IMAGE, b""),
    "an image twice": twice,
    "a link": linked,
    "a foreign file": change("training/3/.DS_Store", b"\0"),
    "a number too many": change("training/3/43.png", png((28, 28))),
    "a name with zeros in front": change("training/3/013.png", png((28, 28))),
    "an image of another size": change(IMAGE, png((28, 27))),
    "an image damaged": change(IMAGE, png((28, 28))[:50]),
    "no image": change(IMAGE, b"<svg>"),
    "a huge file": change(IMAGE, png((28, 28)) + bytes(200_000)),
    "headers of another format": lambda folder: pack(folder, tarfile.PAX_FORMAT),
}


@pytest.mark.parametrize("fault", ODD)
def test_anything_odd_is_noticed(folder, fault):
    path = ODD[fault](folder)
    with pytest.raises(OddArchive):
        decoded(path)


def read_or_refused(read, data: bytes) -> bytes | None:
    try:
        return bytes(read(data))
    except ValueError:
        return None


def test_a_damaged_image_is_what_the_reader_of_folders_makes_of_it():
    """Every bit flip, wherever it falls, gives the same pixels or the same refusal."""
    image = png((28, 28))
    for place in range(8 * len(image)):
        bad = bytearray(image)
        bad[place // 8] ^= 1 << place % 8
        wanted = read_or_refused(lambda data: decode(io.BytesIO(data), (28, 28)).tobytes(), bad)
        assert read_or_refused(grey, bytes(bad)) == wanted


FASTAI = """
from fastai.data.external import URLs, fastai_cfg
from engine.datasets.mnist.download_worker import FASTAI_FOLDERS, MNIST_URL
assert MNIST_URL == URLs.MNIST
assert {name: fastai_cfg()[name] for name in FASTAI_FOLDERS} == FASTAI_FOLDERS
"""


@pytest.mark.slow
def test_the_address_and_the_folders_are_fastais():
    subprocess.run([sys.executable, "-c", FASTAI], cwd=ROOT, check=True)


@pytest.fixture(scope="module")
def real(mnist_home: Path, tmp_path_factory) -> Path:
    """The real images, packed as fastai's archive is."""
    path = tmp_path_factory.mktemp("archive") / "mnist_png.tgz"
    with tarfile.open(path, "w:gz", format=tarfile.GNU_FORMAT, compresslevel=1) as packed:
        packed.add(mnist_home / "data" / "mnist_png", "mnist_png")
    return path


@pytest.fixture
def fastai(real: Path, tmp_path: Path, monkeypatch) -> Path:
    """A FASTAI_HOME that holds the archive and nothing else."""
    (tmp_path / "fastai" / "archive").mkdir(parents=True)
    os.link(real, tmp_path / "fastai" / "archive" / "mnist_png.tgz")
    monkeypatch.setenv("FASTAI_HOME", str(tmp_path / "fastai"))
    monkeypatch.setenv("DIGITSCOPE_MNIST_URL", NOBODY_LISTENS)
    return tmp_path / "fastai"


def listing(home: Path) -> list[str]:
    return sorted(path.name for path in home.iterdir())


@pytest.mark.slow
def test_mnist_from_the_archive_is_mnist_from_the_folder(fastai, mnist, tmp_path):
    seen = []
    found = load_mnist(lambda *news: seen.append(news), tmp_path / "home")
    assert seen[-1] == ("Decoding images", 70_000, 70_000)
    counts = [done for step, done, _ in seen if step == "Decoding images"]
    assert counts == sorted(counts)
    assert len(counts) > 50
    assert found.key == mnist.key
    for ours, wanted in ((found.training, mnist.training), (found.testing, mnist.testing)):
        assert (ours.images == wanted.images).all()
        assert (ours.labels == wanted.labels).all()
        assert (ours.files == wanted.files).all()
    assert listing(tmp_path / "home") == ["mnist.lock", "mnist.store"]
    assert not (fastai / "data").exists()


def test_a_store_that_cannot_be_written_is_left_to_the_unpacked_folder(real, tmp_path, monkeypatch):
    monkeypatch.setattr(download_worker, "_download", lambda: real)
    (tmp_path / "home").write_text("a file where the folder should be")
    assert not download_worker._store_from_archive(tmp_path / "home" / "mnist.store")


LOADER = """
import sys
from pathlib import Path
from engine.datasets.mnist.load import load_mnist
load_mnist(lambda step, done, total: print(done, flush=True), Path(sys.argv[1]))
"""


def ours(home: Path, module: str = "") -> list[int]:
    """Processes that have this home on their command line."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_text()
        except OSError:
            continue
        if str(home) in words and module in words:
            found.append(int(process.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize(
    ("victim", "moment"),
    [
        ("load_mnist", 0),
        ("load_mnist", 60_000),
        ("engine.datasets.mnist.download_worker", 10_000),
        ("engine.datasets.mnist.archive", 10_000),
    ],
)
def test_a_kill_leaves_nothing_behind_and_the_next_start_is_right(
    fastai, mnist, tmp_path, victim, moment
):
    home = tmp_path / "home"
    command = [sys.executable, "-c", LOADER, str(home)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as loader:
        while int(loader.stdout.readline()) < moment:
            pass
        for process in ours(home, victim):
            os.kill(process, signal.SIGKILL)
        loader.communicate(timeout=300)
    deadline = time.monotonic() + 60
    while ours(home) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert ours(home) == []
    assert set(listing(home)) <= {"mnist.lock", "mnist.store"}
    assert not (fastai / "data").exists()
    assert load_mnist(home=home).key == mnist.key
    assert listing(home) == ["mnist.lock", "mnist.store"]
