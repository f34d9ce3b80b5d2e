"""Siblings of the datasets people have, made here from scikit-learn's digits: the same images."""

import base64
import gzip
import io
import pickle
import struct
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from engine.importers.load import read_upload, read_uploads
from engine.runtime.errors import Refused
from tests.engine.importers.test_load import idx, png, zipped
from tests.engine.importers.test_readings import npz

SOURCE = load_digits()
IMAGES = np.round(SOURCE.images[:200] * 255 / 16).astype(np.uint8)
LABELS = SOURCE.target[:200]
HALF = 150


def pairs(dataset):
    splits = dataset.training, dataset.testing
    return Counter(
        (int(label), bytes(image))
        for split in splits
        for label, image in zip(split.labels, split.images, strict=True)
    )


WANTED = Counter(zip(map(int, LABELS), map(bytes, IMAGES), strict=True))


def nist():
    """As in NIST SD19's by_class: the letter's code in hexadecimal, then its writers' folders."""
    return {
        f"by_class/{0x30 + label:02x}/{'hsf_4' if n >= HALF else f'train_{0x30 + label:02x}'}/"
        f"{0x30 + label:02x}_{n:05d}.png": png(image)
        for n, (image, label) in enumerate(zip(IMAGES, LABELS, strict=True))
    }


def torchvision():
    """MNIST/raw with every file packed and unpacked beside it."""
    sides = {"train": slice(HALF), "t10k": slice(HALF, None)}
    plain = {
        f"MNIST/raw/{side}-{what}-idx{n}-ubyte": idx(array[part])
        for side, part in sides.items()
        for what, n, array in (("images", 3, IMAGES), ("labels", 1, LABELS))
    }
    return plain | {f"{name}.gz": gzip.compress(content) for name, content in plain.items()}


def windows():
    """As Windows packs a folder: backslashes, and its thumbnails beside the images."""
    files = {
        f"digits\\{label}\\{n}.png": png(image)
        for n, (image, label) in enumerate(zip(IMAGES, LABELS, strict=True))
    }
    return files | {"digits\\Thumbs.db": b"\xd0\xcf\x11\xe0", "digits\\3\\Thumbs.db": b"\xd0\xcf"}


def named():
    return {
        f"images/img{n:04d}_label{label}.png": png(image)
        for n, (image, label) in enumerate(zip(IMAGES, LABELS, strict=True))
    }


def without_endings():
    return {
        f"set/{label}/{n}": png(image)
        for n, (image, label) in enumerate(zip(IMAGES, LABELS, strict=True))
    }


def table():
    flat = pd.DataFrame(IMAGES.reshape(len(IMAGES), -1))
    return flat.rename(columns=lambda n: f"pixel{n + 1}").assign(label=LABELS)


def arff():
    head = ["% digits", "@RELATION digits"]
    head += [f"@ATTRIBUTE pixel{n} INTEGER" for n in range(64)]
    head += ["@ATTRIBUTE class {0,1,2,3,4,5,6,7,8,9}", "@DATA"]
    rows = table().to_csv(index=False, header=False)
    return ("\n".join(head) + "\n" + rows).encode()


FORMS = {
    "NIST by_class": lambda: [("by_class.zip", zipped(nist()))],
    "torchvision raw": lambda: [("MNIST.zip", zipped(torchvision()))],
    "windows zip": lambda: [("digits.zip", zipped(windows()))],
    "label in names": lambda: [("images.zip", zipped(named()))],
    "no endings": lambda: [("set.zip", zipped(without_endings()))],
    "four arr_0": lambda: [
        (f"{side}_{what}.npz", npz(arr_0=array[part]))
        for side, part in (("train", slice(HALF)), ("test", slice(HALF, None)))
        for what, array in (("images", IMAGES), ("labels", LABELS))
    ],
    "text order": lambda: [
        ("t.csv", table()[sorted(table().columns)].to_csv(index=False).encode())
    ],
    "arff": lambda: [("digits.arff", arff())],
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_images_and_labels_come_out_of_every_sibling(form):
    dataset = read_uploads(FORMS[form](), "d")
    assert pairs(dataset) == WANTED
    if form in ("NIST by_class", "torchvision raw", "four arr_0"):
        assert (len(dataset.training), len(dataset.testing)) == (HALF, 200 - HALF)


def test_thumbnails_are_named_as_left_out_and_are_no_class():
    skipped = read_upload(zipped(windows()), "d").skipped
    assert sum("Thumbs.db" in one.file for one in skipped) == 2


def test_minus_one_is_no_label():
    labels = np.where(np.arange(200) % 4 == 0, -1, LABELS)
    dataset = read_upload(npz(images=IMAGES, labels=labels), "d")
    kept = labels >= 0
    assert pairs(dataset) == Counter(
        zip(map(int, labels[kept]), map(bytes, IMAGES[kept]), strict=True)
    )
    assert "50 of 200 have no label ('-1'); left out." in dataset.done


def test_truths_are_two_classes_and_images_of_truths_are_black_and_white():
    dataset = read_upload(npz(images=IMAGES > 127, labels=LABELS % 2 == 1), "d")
    splits = dataset.training, dataset.testing
    assert {str(label) for split in splits for label in split.labels} == {"True", "False"}
    ink = sum(int((split.images == 255).sum()) for split in splits)
    assert ink == int((IMAGES > 127).sum())


def test_grey_in_a_palette_or_in_three_channels_is_not_called_colour():
    def packed(image, mode, form):
        file = io.BytesIO()
        Image.fromarray(image).convert(mode).save(file, form)
        return file.getvalue()

    files = {
        f"{label}/{n}.{'gif' if n % 2 else 'png'}": (
            packed(image, "P", "GIF") if n % 2 else packed(image, "RGB", "PNG")
        )
        for n, (image, label) in enumerate(zip(IMAGES, LABELS, strict=True))
    }
    dataset = read_upload(zipped(files), "d")
    assert pairs(dataset) == WANTED
    assert not any("colour" in sentence for sentence in dataset.done)


def tfrecord(payload=b"x" * 90):
    record = struct.pack("<Q", len(payload)) + b"\0" * 4 + payload + b"\0" * 4
    return 3 * record


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(tfrecord(), "a TFRecord"), (pickle.dumps([1, 2]), "a pickle"),
     (gzip.compress(pickle.dumps([1, 2])), "a pickle"), (gzip.compress(tfrecord()), "a TFRecord")],
    ids=["TFRecord", "pickle", "gzipped pickle", "gzipped TFRecord"],  # gzip writes the time
)  # fmt: skip
def test_what_is_never_read_is_refused_by_name(content, sentence):
    with pytest.raises(Refused, match=sentence):
        read_upload(content, "d")


def test_a_packed_file_that_swells_as_no_data_do_is_refused_early():
    with pytest.raises(Refused, match="swell"):
        read_upload(gzip.compress(b"\0" * 90_000_000), "d")
    with pytest.raises(Refused, match="one picture"):
        read_upload(gzip.compress(png(IMAGES[0]) + b"\0" * 90_000_000), "d")


def test_pandas_is_not_asked_for_a_first_row_of_thousands_of_cells(monkeypatch):
    content = b"label,file,\n" + b"," * 9_000 + b"\n" + b"1,a,2\n" * 40
    monkeypatch.setattr(pd, "read_csv", None)  # it takes seconds for an index of so many
    with pytest.raises(Refused, match="more cells than the first line, which has 3"):
        read_upload(content, "mine")


# A damaged Parquet file that names a column and holds none, as the generated inputs found it.
WITHOUT_ITS_COLUMN = (
    "UEFSMRUEFQoVDkwVAhUAEgAABRABAAAA/xUAFRIVFiwVAhUQFQYVBhw2ACgB/xgB/xERAAAACSACAAAAAgEBAgAVBB"
    "ksNQAYBnNjaGVtYRUCABUMJQIYBWxhYmVsABYCGRwZHCYAHBUMGTUABhAZGAVsYWJlbBUCFgIWchZ6JjImCBw2ACgB"
    "/xgB/xERABksFQQVABUCABUAFRAVAgA8FgIZBhkmAAIAAAAWchYCJggWegAZLBgGcGFuZGFzGIkCeyJpbmRleF9jb2"
    "x1bW5zIjogW10sICJjb2x1bW5faW5kZXhlcyI6IFtdLCAiY29sdW1ucyI6IFt7Im5hbWUiOiAibGFiZWwiLCAiZmll"
    "bGRfbmFtZSI6ICJsYWJlbCIsICJwYW5kYXNfdHlwZSI6ICJieXRlcyIsICJudW1weV90eXBlIjogIm9iamVjdCIsIC"
    "JtZXRhZGF0YSI6IG51bGx9XSwgImF0dHJpYnV0ZXMiOiB7fSwgImNyZWF0b3IiOiB7ImxpYnJhcnkiOiAicHlhcnJv"
    "dyIsICJ2ZXJzaW9uIjogIjI2LjAuMSJ9LCAicGFuZGFzX3ZlcnNpb24iOiAiMy4xLjEifQAYDEFSUk9XOnNjaGVtYR"
    "jMBC8vLy8vN0FCQUFBUUFBQUFBQUFLQUE0QUJnQUZBQWdBQ2dBQUFBQUJCQUFRQUFBQUFBQUtBQXdBQUFBRUFBZ0FD"
    "Z0FBQUVBQkFBQUVBQUFBQVFBQUFBd0FBQUFJQUF3QUJBQUlBQWdBQUFBWUFRQUFCQUFBQUFrQkFBQjdJbWx1WkdWNF"
    "gyTnZiSFZ0Ym5NaU9pQmJYU3dnSW1OdmJIVnRibDlwYm1SbGVHVnpJam9nVzEwc0lDSmpiMngxYlc1eklqb2dXM3Np"
    "Ym1GdFpTSTZJQ0pzWVdKbGJDSXNJQ0ptYVdWc1pGOXVZVzFsSWpvZ0lteGhZbVZzSWl3Z0luQmhibVJoYzE5MGVYQm"
    "xJam9nSW1KNWRHVnpJaXdnSW01MWJYQjVYM1I1Y0dVaU9pQWliMkpxWldOMElpd2dJbTFsZEdGa1lYUmhJam9nYm5W"
    "c2JIMWRMQ0FpWVhSMGNtbGlkWFJsY3lJNklIdDlMQ0FpWTNKbFlYUnZjaUk2SUhzaWJHbGljbUZ5ZVNJNklDSndlV0"
    "Z5Y205M0lpd2dJblpsY25OcGIyNGlPaUFpTWpZdU1DNHhJbjBzSUNKd1lXNWtZWE5mZG1WeWMybHZiaUk2SUNJekxq"
    "RXVNU0o5QUFBQUJnQUFBSEJoYm1SaGN3QUFBUUFBQUJRQUFBQVFBQlFBQ0FBR0FBY0FEQUFBQUJBQUVBQUFBQUFBQV"
    "FRUUFBQUFIQUFBQUFRQUFBQUFBQUFBQlFBQUFHeGhZbVZzQUFBQUJBQUVBQVFBQUFBPQAYIHBhcnF1ZXQtY3BwLWFy"
    "cm93IHZlcnNpb24gMjYuMC4xGRwcAAAADwQAAFBBUjE="
)


def test_a_parquet_file_without_the_column_that_it_names_is_damaged():
    with pytest.raises(Refused, match="damaged or cut short"):
        read_upload(base64.b64decode(WITHOUT_ITS_COLUMN), "mine")
