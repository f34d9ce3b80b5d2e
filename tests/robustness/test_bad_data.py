"""Bad datasets: each refused before memory is spent, in one sentence; the open data stay open."""

import gzip
import io
import struct
import tracemalloc
import zipfile

import numpy as np
import pandas as pd
import pytest

from engine.importers.load import read_upload
from engine.runtime.errors import Refused
from tests.engine.importers.test_load import IMAGES, LABELS, idx, pair, photographs, png, zipped
from tests.pages.test_data import said, upload_images

MEMORY = 60_000_000  # bytes a refusal may take beside the file: much less than a bomb holds


def many_entries():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(200_000):
            archive.writestr(zipfile.ZipInfo(f"{number % 2}/{number}"), b"")
    return file.getvalue()[:-22] + end_of(file.getvalue())


def end_of(content):
    """The closing record of an archive of 200,000: its count has 16 bits, so let it say 65,535."""
    record = bytearray(content[-22:])
    record[8:12] = struct.pack("<HH", 65_535, 65_535)
    return bytes(record)


def encrypted():
    content = bytearray(zipped({"a/b.png": b"x"}))
    content[content.rfind(b"PK\1\2") + 8] |= 1
    return bytes(content)


def only_links_and_paths_that_lead_out():
    file = io.BytesIO(zipped({"../a/1.png": png(np.eye(9, dtype="u1")), "/b/1.png": b"x"}))
    with zipfile.ZipFile(file, "a") as archive:
        link = zipfile.ZipInfo("c/passwd.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return file.getvalue()


def wide_parquet():
    file = io.BytesIO()
    table = {f"p{n}": np.zeros(2, np.uint8) for n in range(5_000)}
    pd.DataFrame(table | {"label": [0, 1]}).to_parquet(file, index=False)
    return file.getvalue()


def npz(**arrays):
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def lying_npz():
    content = npz(images=np.zeros((4, 3, 3), np.uint8), labels=np.arange(4) % 2)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["images.npy"] = files["images.npy"].replace(b"(4, 3, 3)", b"(9**9,3,)"[:9])
    return zipped(files)


ZEROS = np.zeros((40_000, 64, 64), np.uint8)
WIDE = b"label," + b",".join(b"p%d" % n for n in range(4096))
BAD = {
    "zip slip and links": (only_links_and_paths_that_lead_out, "No image was found in 0 files"),
    "zip bomb": (lambda: zipped({"a/b.png": b"\0" * 300_000_000}), "more than 100,000,000 bytes"),
    "gzip bomb": (lambda: pair(gzip.compress(idx(ZEROS), 1), LABELS), "at most 100,000,000"),
    "npz bomb": (lambda: npz(images=ZEROS, labels=np.arange(40_000) % 2), "100,000,000"),
    "200,000 entries": (many_entries, "200,000 files; at most 20,000"),
    "encrypted": (encrypted, "encrypted; a plain one is wanted"),
    "csv of a million columns": (
        lambda: b"label," + b",".join(b"p%d" % n for n in range(1_000_000)) + b"\n1\n",
        "first line is too long",
    ),
    "csv of too many cells": (
        lambda: WIDE + b"\n" * 99_000 + b"1",
        "cells; at most 12,500,000",
    ),
    "csv of too many rows by \\r": (lambda: WIDE + b"\n" + b"1\r" * 5_000, "cells; at most"),
    "csv with a blank first line": (lambda: b"\n" + WIDE + b"\n" + b"1\n" * 5_000, "first line"),
    "csv whose first name runs over two lines": (
        lambda: b'"\n",' + WIDE + b"\n" + b"1\n" * 5_000,
        "first line",
    ),
    "wide parquet": (wide_parquet, "5,001 columns; at most 4,098"),
    "truncated idx": (lambda: pair(IMAGES[:-1], LABELS), "says 4×3×3 = 36 bytes, and 35 follow"),
    "lying idx": (
        lambda: pair(b"\0\0\x08\3" + struct.pack(">III", 60_000, 1_000, 1_000) + b"x", LABELS),
        "says 60000×1000×1000 = 60,000,000,000 bytes, and 1 follow",
    ),
    "lying npz": (lying_npz, "header of numpy's"),
    "lengths": (lambda: pair(IMAGES, idx(np.arange(3))), "4 images and labels (3,); wanted"),
    "a class with one image": (
        lambda: zipped(photographs() | {"lone/1.png": photographs()["bar/0.png"]}),
        "'lone' has 1 image; wanted at least 3",
    ),
}


@pytest.fixture(scope="module", params=BAD)
def bad(request):
    """The bytes of a bad file and a part of the sentence that refuses it."""
    make, wanted = BAD[request.param]
    return make(), wanted


def test_it_is_refused_in_one_sentence_before_memory_is_spent(bad):
    content, wanted = bad
    tracemalloc.start()
    try:
        with pytest.raises(Refused) as caught:
            read_upload(content, "bad")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert wanted in str(caught.value)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300
    assert peak < MEMORY + 2 * len(content)


def test_the_page_says_so_and_the_data_that_were_open_stay_open(visit, bad):
    content, wanted = bad
    app = upload_images(visit("data"), zipped(photographs()))
    app.button(key="data_images_open").click().run()
    app = upload_images(app, content, "bad.zip")
    assert not app.exception
    sentence = app.error[0].value.replace("\\", "")
    assert sentence.startswith("Nothing was taken. ") and wanted in sentence
    assert app.selectbox(key="data").value == "My shapes"
    assert app.selectbox(key="data").options == ["MNIST", "Embedded", "My shapes"]
    assert "Kreis groß" in said(app)
