from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.datasets.dataset import Reason, Skipped
from engine.datasets.mnist.folder import BadFolder, BadImage, decode, read_folder
from engine.runtime.progress import no_progress

WANTED = {"training": 200, "testing": 200}
SIZE = (6, 5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """400 images of 6×5 pixels; number i belongs to digit i % 10 and is filled with its number."""
    for split, count in WANTED.items():
        for number in range(count):
            place = tmp_path / split / str(number % 10)
            place.mkdir(parents=True, exist_ok=True)
            Image.new("L", SIZE[::-1], number).save(place / f"{number}.png")
    return tmp_path


def read(folder: Path, progress=no_progress):
    return read_folder(folder, "small", SIZE, WANTED, progress)


def test_the_number_in_a_files_name_is_its_index_as_in_the_published_files(folder):
    dataset = read(folder)
    assert dataset.training.images.shape == (200, *SIZE)
    assert list(dataset.training.files) == [f"training/{n % 10}/{n}.png" for n in range(200)]
    assert list(dataset.training.labels) == [n % 10 for n in range(200)]
    assert list(dataset.testing.images[:, 0, 0]) == list(range(200))
    assert dataset.skipped == ()


def test_progress_counts_every_file_of_both_splits(folder):
    seen = []
    read(folder, lambda *report: seen.append(report))
    assert seen[-1] == ("Decoding images", 400, 400)
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def flip_data(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[45] ^= 0xFF
    path.write_bytes(data)


FAULTS = {
    "is missing or empty": Path.unlink,
    "is missing or empty ": lambda path: path.write_bytes(b""),
    "is damaged": cut_short,
    "is damaged ": flip_data,
    "is not a PNG image": lambda path: path.write_bytes(b"<svg xmlns='...'></svg>"),
    "is not a PNG image ": lambda path: Image.new("L", (5, 6)).save(path, "JPEG"),
    "is 60×50 pixels, not 6×5": lambda path: Image.new("L", (50, 60)).save(path),
}


@pytest.mark.parametrize("reason", FAULTS)
def test_a_bad_file_is_named_counted_and_skipped(folder, reason):
    FAULTS[reason](folder / "training" / "3" / "13.png")
    dataset = read(folder)
    assert len(dataset.skipped) == 1
    assert "13.png" in dataset.skipped[0].file
    assert reason.strip() in str(dataset.skipped[0])
    assert len(dataset.training) == 199
    assert 13 not in dataset.training.images[dataset.training.labels == 3][:, 0, 0]


def test_a_foreign_file_among_the_images_is_named_and_skipped(folder):
    (folder / "testing" / "4" / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    dataset = read(folder)
    assert list(map(str, dataset.skipped)) == ["testing/4/.DS_Store: is not a PNG image"]
    assert len(dataset.testing) == 200


@pytest.mark.case(6)
@pytest.mark.parametrize("name", ["10", "a", "__MACOSX", "0 ", ".DS_Store"])
def test_what_lies_beside_the_folders_of_the_digits_is_listed_as_ignored(folder, name):
    (folder / name).mkdir()
    (folder / "training" / name).mkdir()
    (folder / "training" / name / "7.png").write_bytes(b"")
    dataset = read(folder)
    wanted = name, f"training/{name}"
    assert dataset.skipped == tuple(Skipped(file, Reason.FOREIGN) for file in wanted)
    assert len(dataset.training) == 200


def test_more_than_one_bad_file_in_a_hundred_refuses_the_folder(folder):
    for number in (0, 10, 20, 30):
        (folder / "training" / "0" / f"{number}.png").unlink()
    assert len(read(folder).skipped) == 4
    (folder / "training" / "0" / "40.png").write_bytes(b"no image")
    with pytest.raises(BadFolder, match=r"5 of 400 image files cannot be used, more than 1%"):
        read(folder)


def test_a_missing_digit_refuses_the_folder_and_is_named(folder):
    (folder / "testing" / "7").rename(folder / "seven")
    with pytest.raises(BadFolder, match="no folder testing/7"):
        read(folder)


@pytest.mark.parametrize(
    ("mode", "colour", "grey"),
    [
        ("L", 200, 200),
        ("1", 1, 255),
        ("P", 0, 0),
        ("RGB", (255, 0, 0), 76),  # luminance by ITU-R 601: 0.299 of red
        ("RGBA", (255, 255, 255, 0), 255),
        ("LA", (90, 10), 90),
        ("I;16", 200 * 256 + 7, 200),  # 16 bits are scaled down, not clipped to white
    ],
)
def test_every_kind_of_png_becomes_grey_by_one_rule(tmp_path, mode, colour, grey):
    Image.new(mode, (5, 6), colour).save(tmp_path / "image.png")
    found = decode(tmp_path / "image.png", SIZE)
    assert found.dtype == np.uint8
    assert found.shape == SIZE
    assert (found == grey).all()


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_huge_image_is_refused_by_its_header(tmp_path):
    Image.new("1", (13_000, 13_000)).save(tmp_path / "image.png")
    with pytest.raises(BadImage, match="13000×13000 pixels, not 6×5"):
        decode(tmp_path / "image.png", SIZE)
