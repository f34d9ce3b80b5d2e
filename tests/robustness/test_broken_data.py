"""Datasets with broken, odd, missing and foreign files, as the pages show them."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from dashboard.services import datasets
from engine.runtime.lru_cache import LruCache
from tests.pages.test_pages import PAGES, said


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def garbage(path: Path) -> None:
    path.write_bytes(bytes(range(256)))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def other_size(path: Path) -> None:
    Image.new("L", (30, 28)).save(path)


def cmyk_as_png(path: Path) -> None:
    Image.new("CMYK", (28, 28)).save(path, "JPEG")


BROKEN = {
    "is damaged": cut_short,
    "is not a PNG image": garbage,
    "is missing or empty": empty,
    "is 28×30 pixels, not 28×28": other_size,
    "is not a PNG image ": cmyk_as_png,
}
MODES = ["RGB", "RGBA", "P", "1", "I;16", "LA"]


def in_mode(path: Path, mode: str) -> np.ndarray:
    """Writes the same picture in another mode; what its grey must be, by the stated rule."""
    with Image.open(path) as image:
        grey = np.asarray(image.convert("L"))
    if mode == "I;16":
        Image.fromarray(grey.astype(np.uint16) << 8).save(path)
    elif mode == "1":
        grey = np.where(grey > 127, 255, 0).astype(np.uint8)
        Image.fromarray(grey).convert("1").save(path)
    else:
        Image.fromarray(grey).convert(mode).save(path)
    return grey


def linked(source: Path, target: Path) -> None:
    """The folder again, made of links, so that one file can be replaced and none is copied."""
    target.mkdir(parents=True)
    for entry in os.scandir(source):
        (target / entry.name).symlink_to(entry.path)


def own_copy(folder: Path) -> None:
    """Turns a link to a folder into a folder of links, and the first fifteen files into files."""
    source = folder.resolve()
    folder.unlink()
    linked(source, folder)
    for path in sorted(folder.iterdir())[:15]:
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)


@pytest.fixture
def folder(mnist_home, tmp_path, monkeypatch) -> Path:
    """MNIST's folder, of which training/3 may be changed; the app finds it and has no store."""
    root = tmp_path / "fastai" / "data" / "mnist_png"
    for split in ("training", "testing"):
        linked(mnist_home / "data" / "mnist_png" / split, root / split)
    own_copy(root / "training" / "3")
    monkeypatch.setenv("FASTAI_HOME", str(tmp_path / "fastai"))
    monkeypatch.setenv("DIGITSCOPE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(datasets, "_loads", LruCache())
    return root


def looked_to_the_end(app: AppTest) -> AppTest:
    """The page once the attempt to load MNIST is over, however long a busy machine takes."""
    assert datasets.mnist().finished(within_s=100)
    return app.run()


@pytest.mark.case(1, 2, 3)
def test_broken_files_are_named_and_odd_ones_converted_and_the_page_goes_on(folder, visit):
    files = sorted((folder / "training" / "3").iterdir())[: len(BROKEN) + len(MODES)]
    for path, damage in zip(files, BROKEN.values(), strict=False):
        damage(path)
    odd = files[len(BROKEN) :]
    (folder / "training" / "10").mkdir()
    grey = {path: in_mode(path, mode) for path, mode in zip(odd, MODES, strict=True)}

    app = looked_to_the_end(visit("overview", data="MNIST"))

    assert not app.exception
    assert "of 10,000 test images are right" in said(app)
    assert app.expander[0].label.startswith("Not used of this data set: ")
    lines = app.code[0].value.splitlines()
    for path, reason in zip(files, BROKEN, strict=False):
        assert any(f"/{path.name}: {reason.strip()}" in line for line in lines), lines
    assert "training/10: is no folder of a digit, and ignored" in lines
    training = datasets.mnist().result.training
    assert len(training) == 60_000 - len(BROKEN)
    for path, wanted in grey.items():
        at = training.files.tolist().index(f"training/3/{path.name}")
        assert np.array_equal(training.images[at], wanted), path.name


@pytest.mark.case(5)
@pytest.mark.parametrize("loss", ["empty", "missing"])
def test_mnist_without_a_whole_digit_is_not_believed(folder, visit, loss):
    shutil.rmtree(folder / "training" / "3")
    if loss == "empty":
        (folder / "training" / "3").mkdir()
    app = looked_to_the_end(visit("overview", data="MNIST"))
    assert not app.exception
    assert "embedded 8×8 digits, because MNIST could not be loaded" in said(app)
    assert app.button(key="mnist_again")


@pytest.fixture
def own(tmp_path, monkeypatch) -> Path:
    """A folder of images that the server names: ten 9×9 pictures of each digit in each split."""
    root = tmp_path / "own"
    rng = np.random.default_rng(0)
    for split in ("training", "testing"):
        for digit in range(10):
            place = root / split / str(digit)
            place.mkdir(parents=True)
            for number in range(10):
                picture = np.zeros((9, 9), np.uint8)
                picture[digit % 5 + 1 : digit % 5 + 4, 1 + digit // 5 : 7] = 200
                picture[1:-1, 1:-1] += rng.integers(0, 40, (7, 7), np.uint8)
                Image.fromarray(picture).save(place / f"{number}.png")
    monkeypatch.setenv("DIGITSCOPE_DATA", str(root))
    monkeypatch.setattr(datasets, "_loads", LruCache())
    return root


def on_own(visit, page: str) -> AppTest:
    """A page on the server's own data."""
    app = visit("overview", data="Data own")
    if page != "overview":
        app.switch_page(f"../pages/{page}.py")
        app.run()
    return app


@pytest.mark.parametrize("page", PAGES)
def test_a_digit_without_test_images_leaves_every_page_whole(own, visit, page):
    for path in (own / "testing" / "4").iterdir():
        path.unlink()
    app = on_own(visit, page)
    assert not app.exception
    if page != "playground":  # which has no data
        assert app.selectbox(key="data").value == "Data own"
    assert "nan" not in said(app).lower().split()


@pytest.mark.case(4, 5)
@pytest.mark.parametrize("loss", ["empty", "missing"])
def test_a_digit_without_test_images_is_said_to_have_none(own, visit, loss):
    shutil.rmtree(own / "testing" / "4")
    if loss == "empty":
        (own / "testing" / "4").mkdir()
    assert "of 90 test images are right" in said(on_own(visit, "overview"))
    app = on_own(visit, "confusion")
    app.radio(key="true").set_value("4").run()
    assert "No test image is a 4." in said(app)


def test_a_digit_in_the_test_images_only_is_refused_in_a_sentence(own, visit):
    shutil.rmtree(own / "training" / "4")
    app = visit("overview", data="Data own")
    assert not app.exception
    assert "could not be read" in app.error[0].value
    assert "The class '4' is in the test images only" in app.error[0].value


@pytest.mark.case(1, 2, 6)
def test_what_is_broken_or_foreign_in_a_set_of_ones_own_is_listed(own, visit):
    cut_short(own / "training" / "0" / "0.png")
    garbage(own / "training" / "0" / "1.png")
    empty(own / "training" / "0" / "2.png")
    for foreign in (".DS_Store", "__MACOSX/training/0/._0.png", "training/1/Thumbs.db"):
        (own / foreign).parent.mkdir(parents=True, exist_ok=True)
        (own / foreign).write_bytes(b"\0\0\0\1Bud1")
    app = visit("overview", data="Data own")
    assert not app.exception
    assert "of 100 test images are right" in said(app)
    lines = app.code[0].value
    for name in ("0/0.png", "0/1.png", "0/2.png", "Thumbs.db", ".DS_Store", "__MACOSX"):
        assert name in lines, name


def test_a_long_list_of_what_is_not_used_is_cut_short(own, visit):
    for number in range(30):
        (own / "training" / "0" / f"note{number}.txt").write_text("no picture")
    app = visit("overview", data="Data own")
    assert app.expander[0].label == "Not used of this data set: 30 files"
    assert app.code[0].value.splitlines()[-1] == "… and 10 more"
