"""Datasets as people really have them: the right images and labels, or a clear refusal.

The referee is the same MNIST images as Python's tarfile and Pillow read them.
"""

import functools
import io
import tarfile
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from engine.importers.load import read_uploads
from engine.preprocessing.digit_shapes import TURNS, orientation
from engine.preprocessing.grey_levels import as_bytes
from engine.runtime.errors import Refused

CASES = Path(__file__).parents[2] / "cases"


@functools.cache
def wanted() -> dict[str, list[tuple[str, bytes]]]:
    """The labels and pixels of 40 training and 20 test images of MNIST."""
    sides: dict[str, list] = {"training": [], "testing": []}
    with tarfile.open(CASES / "D32-mnist_png.tgz") as archive:
        for member in archive.getmembers():
            _, side, label, _ = member.name.split("/")
            image = Image.open(io.BytesIO(archive.extractfile(member).read()))
            sides[side].append((label, image.tobytes()))
    return sides


def files_of(case: str) -> list[tuple[str, bytes]]:
    """The names and bytes of a case's file, or of those in its folder."""
    path = next(CASES.glob(f"{case}-*"))
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return [(file.name, file.read_bytes()) for file in files]


def opened(case: str):
    """The dataset of a case."""
    return read_uploads(files_of(case), case)


def pairs(split) -> Counter:
    """The labels and pixels of a split, in any order."""
    return Counter(zip(map(str, split.labels.tolist()), map(bytes, split.images), strict=True))


BOTH_SIDES = [
    "D02",
    "D04",
    "D05",
    "D06",
    "D08",
    "D20",
    "D21",
    "D29",
    "D29c",
    "D32",
    "D39",
    "D58",
]  # the training and the test images are told apart
ONE_PIECE = [  # the first so many of them, without a split
    *("D12", "D16", "D17", "D22", "D30", "D42", "D48", "D48b", "D50", "D52"),
]


@pytest.mark.parametrize("case", BOTH_SIDES)
def test_the_images_and_labels_are_mnists_own_on_both_sides(case):
    dataset = opened(case)
    assert pairs(dataset.training) == Counter(wanted()["training"])
    assert pairs(dataset.testing) == Counter(wanted()["testing"])


@pytest.mark.parametrize("case", ONE_PIECE)
def test_the_images_and_labels_are_mnists_own_in_one_piece(case):
    dataset = opened(case)
    both = pairs(dataset.training) + pairs(dataset.testing)
    everything = [*wanted()["training"], *wanted()["testing"]]
    assert both == Counter(everything[: both.total()])


@pytest.mark.parametrize(
    ("case", "separator", "scale"), [("D44", ";", 1), ("D45", "\t", 1), ("D56", ",", 255)]
)
def test_a_table_holds_what_pandas_reads_in_its_dialect(case, separator, scale):
    table = pd.read_csv(io.BytesIO(files_of(case)[0][1]), sep=separator)
    numbers = table.drop(columns="label").to_numpy(np.float32).astype(float)
    images = np.round(numbers * scale).astype(np.uint8)
    read = Counter(zip(map(str, table["label"]), map(bytes, images), strict=True))
    dataset = opened(case)
    assert pairs(dataset.training) + pairs(dataset.testing) == read


SAID = [
    ("D01", "exchanging rows and columns would make them look much more like digits"),
    ("D04", "The validation images were left out."),
    ("D05", "Their pixels run from 0…1, which became 0…255."),
    ("D10", "Their pixels run from 0…16, which became 0…255."),
    ("D11", "Their pixels run from 0…1, which became 0…255."),
    ("D12", "the first number of each line is its label"),
    ("D13", "the last number of each line is its label"),
    ("D15", "Their pixels run from −1…1, which became 0…255."),
    ("D16", "test.csv was left out: it has no labels."),
    ("D17", "test.csv was left out: it has no labels."),
    ("D21", "The validation images were left out."),
    ("D22", "20 images are in no folder of a class, and were left out: 'test/img_0.png'"),
    (
        "D23",
        "20 images are in no folder of a class, and were left out: 'testSet/testSet/img_1.jpg'",
    ),
    ("D23", "20 images are a sample of the others"),
    ("D30", "The classes of the images are those in 'labels.csv'."),
    ("D58", "The class is the first of each image's folders"),
    ("D27", "The classes 'digit 0' to 'digit 11' are called by their number."),
    ("D42", "Labels written as 0.0 are read as 0."),
    ("D36", "10 stands for the digit zero"),
    ("D39", "24 of 60 are dark on bright paper"),
]


@pytest.mark.parametrize(("case", "sentence"), SAID)
def test_what_was_done_or_noticed_is_said(case, sentence):
    assert sentence in " ".join(opened(case).done)


NOT_READ = [
    ("D19", "The class '0' has 1 image; wanted at least 3"),  # ten images only
    ("D33", "The class '0' has 2 images; wanted at least 3"),  # twenty images only
    ("D35", "is a MATLAB file"),
    ("D51", "an .npy, which has no labels"),
    ("D60", "There is another archive in it, 'archive/mnist_png.zip'"),
]


@pytest.mark.parametrize(("case", "sentence"), NOT_READ)
def test_what_is_not_read_is_called_by_its_name(case, sentence):
    with pytest.raises(Refused) as caught:
        opened(case)
    assert sentence in str(caught.value) and len(str(caught.value)) < 300


def test_colour_palette_alpha_and_one_bit_come_out_as_the_grey_they_show():
    """Of every four files one is RGBA, one LA, one of a palette and one of black and white."""
    found = pairs(opened("D38").training) + pairs(opened("D38").testing)
    everything = Counter([*wanted()["training"], *wanted()["testing"]])
    assert (found & everything).total() == 45
    others = [pixels for _, pixels in (found - everything).elements()]
    assert len(others) == 15 and all(set(pixels) <= {0, 255} for pixels in others)
    assert not any("colour" in sentence for sentence in opened("D38").done)


def test_a_test_set_without_labels_is_no_class():
    assert np.unique(opened("D23").training.labels).tolist() == list(range(10))


@pytest.mark.parametrize("case", ["D13", "D47"])
def test_tables_of_scikit_learns_digits_hold_its_images(case):
    dataset, source = opened(case), load_digits()
    images = np.round(source.images * 255 / 16).astype(np.uint8)
    known = Counter(zip(map(str, source.target), map(bytes, images), strict=True))
    both = pairs(dataset.training) + pairs(dataset.testing)
    assert both.total() == 120
    assert case == "D13" or not both - known


def test_upright_images_of_usual_range_are_taken_without_a_word():
    assert opened("D06").done == ()


def test_ink_counted_to_16_becomes_the_grey_levels_of_scikit_learns_digits():
    dataset = opened("D10")
    source = np.round(load_digits().images * 255 / 16).astype(np.uint8)
    known = Counter(zip(map(str, load_digits().target), map(bytes, source), strict=True))
    both = pairs(dataset.training) + pairs(dataset.testing)
    assert both.total() == 120 and not both - known


def test_classes_numbered_in_text_are_in_the_order_of_their_numbers():
    assert np.unique(opened("D27").training.labels).tolist() == list(range(12))


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (np.array([0, 0.5, 1], np.float32), [0, 128, 255]),
        (np.array([-1, 0, 1], np.float32), [0, 128, 255]),
        (np.array([-0.4242, 2.8215], np.float32), [0, 255]),
        (np.array([0, 257, 65535], np.uint16), [0, 1, 255]),
        (np.array([0, 7, 255], np.uint16), [0, 7, 255]),
        (np.array([0, 7, 255], float), [0, 7, 255]),
        (np.array([0, 1], np.int64), [0, 255]),
    ],
)
def test_every_usual_range_becomes_0_to_255(values, wanted):
    images, said = as_bytes(values.reshape(-1, 1, 1))
    assert images.ravel().tolist() == wanted
    assert bool(said) == (values.tolist() != wanted)


@pytest.mark.parametrize("values", [[0.5, 3.5], [0, 256], [0, np.nan], [7, 7]])
def test_ranges_that_nobody_can_know_are_refused(values):
    with pytest.raises(Refused):
        as_bytes(np.array(values, float).reshape(-1, 1, 1))


@pytest.mark.parametrize("turn", TURNS)
def test_digits_that_do_not_lie_upright_are_noticed(turn):
    source = load_digits()
    images, labels = np.round(source.images * 255 / 16).astype(np.uint8), source.target
    assert orientation(images, labels) is None
    found = orientation(TURNS[turn](images), labels)
    back = TURNS[found](TURNS[turn](images))
    assert np.array_equal(back, images)
