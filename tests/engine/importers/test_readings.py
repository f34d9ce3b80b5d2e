"""Files that can be read in two ways: both are offered, and the one that is chosen is read."""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from engine.importers.load import read_upload, read_uploads
from engine.importers.readings import SeveralReadings, every_reading, wanting
from engine.preprocessing.digit_shapes import TURNS
from tests.engine.importers.test_load import zipped


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


@pytest.fixture(scope="module")
def digits():
    source = load_digits()
    return np.round(source.images[:600] * 255 / 16).astype(np.uint8), source.target[:600]


def ways(content, name=""):
    return every_reading(lambda: read_uploads([(name, content)], "d"))


def same(dataset, images):
    """Whether these are the images of the dataset, in any order."""
    both = np.concatenate([dataset.training.images, dataset.testing.images])
    return sorted(map(bytes, both)) == sorted(map(bytes, images))


@pytest.mark.parametrize("turn", TURNS)
def test_images_on_their_side_are_offered_upright(digits, turn):
    images, labels = digits
    content = npz(images=TURNS[turn](images), labels=labels)
    lying, upright = ways(content).items()
    assert lying[0] == "as they came" and same(lying[1], TURNS[turn](images))
    assert upright[0].startswith("turned upright") and same(upright[1], images)
    assert "as was chosen" in upright[1].done[-1] and "left as they came" in lying[1].done[-1]
    with wanting("turned"):
        assert same(read_upload(content, "d"), images)
    assert same(read_upload(content, "d"), TURNS[turn](images))


def test_what_can_be_read_in_one_way_only_is_read_in_that(digits):
    images, labels = digits
    found = ways(npz(images=images, labels=labels))
    assert list(found) == [""] and same(found[""], images)


def test_two_arrays_of_images_are_both_offered(digits):
    images, labels = digits
    found = ways(npz(image=images, data=255 - images[:, ::-1], labels=labels))
    assert {way.split(",")[0] for way in found} == {"images in 'image'", "images in 'data'"}
    assert same(found["images in 'image'"], images)


def test_a_table_whose_first_and_last_numbers_look_like_labels_is_asked_about(digits):
    images, labels = digits
    pixels = images.reshape(len(images), -1)[:, :64]
    table = pd.DataFrame(pixels)
    table.insert(0, "a", labels)
    table["b"] = 0
    last = table.drop(columns=63)
    last["b"] = (np.arange(len(images)) % 3).astype(int)
    found = ways(last.to_csv(index=False, header=False).encode(), "t.csv")
    first, second = found.values()
    assert list(found) == ["the first number of each line", "the last number of each line"]
    assert len(np.unique(first.training.labels)) == 10
    assert np.unique(second.training.labels).tolist() == ["0", "1", "2"]  # which are no digits


def test_two_numbers_in_the_names_of_files_are_asked_about():
    def png(level):
        file = io.BytesIO()
        Image.fromarray(np.pad(np.full((4, 4), level, np.uint8), 2)).save(file, "PNG")
        return file.getvalue()

    names = [(a, b) for a in range(3) for b in range(4) for _ in range(4)]
    files = {f"{a}_x{n}y_{b}.png": png(60 + n) for n, (a, b) in enumerate(names)}
    content = zipped(files)
    with pytest.raises(SeveralReadings, match="the first number or the last number"):
        read_upload(content, "d")
    found = ways(content)
    classes = {way: np.unique(one.training.labels).tolist() for way, one in found.items()}
    assert classes == {"the first number": [0, 1, 2], "the last number": [0, 1, 2, 3]}
