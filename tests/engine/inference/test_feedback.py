"""The score of a viewer's own digits, and the zip to take home."""

import io
import zipfile

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from engine.inference.feedback import Entry, as_table, as_zip, record
from engine.runtime.limits import MAX_DRAWINGS


def entry(shade: int, true: int = 7, source: str = "drawn", model: str = "l1") -> Entry:
    return Entry(np.full((8, 8), shade, np.uint8), source, model, 7, true, 0.01)


def test_the_same_image_again_replaces_its_entry():
    entries = record(record([], entry(1, true=3)), entry(1, true=7))
    assert [e.true for e in entries] == [7]
    assert len(record(entries, entry(1, model="l2"))) == 2


def test_only_the_latest_are_kept():
    entries = []
    for shade in range(MAX_DRAWINGS + 9):
        entries = record(entries, Entry(np.full((2, 200), shade, np.uint16), "", "", 0, 0, 0.0))
    assert len(entries) == MAX_DRAWINGS and entries[0].image[0, 0] == 9


def test_the_zip_holds_every_image_bit_for_bit_and_a_table():
    entries = [entry(9, true=2), entry(200)]
    with zipfile.ZipFile(io.BytesIO(as_zip(entries))) as archive:
        assert archive.testzip() is None
        table = pd.read_csv(archive.open("digits.csv"))
        assert table["right"].tolist() == [False, True]
        for name, kept in zip(table["file"], entries, strict=True):
            assert np.array_equal(np.asarray(Image.open(archive.open(name))), kept.image)


def test_a_class_of_any_name_leads_to_a_file_beside_the_others():
    entries = [entry(9, true="T-shirt/top"), entry(8, true="../../x"), entry(7, true="a\\b")]
    with zipfile.ZipFile(io.BytesIO(as_zip(entries))) as archive:
        names = archive.namelist()
    assert not [name for name in names if "/" in name or "\\" in name]
    assert len(set(names)) == 4


@pytest.mark.case(26)
@pytest.mark.parametrize("name", ["=1+1.png", "+1", "-1", "@x", "\tx"])
def test_a_formula_is_not_exported_as_one(name):
    with zipfile.ZipFile(io.BytesIO(as_zip([entry(9, source=name)]))) as archive:
        assert f"'{name.strip()}" in archive.read("digits.csv").decode().replace("'\t", "'")


def test_no_entries_make_an_empty_table_and_a_zip_all_the_same():
    assert as_table([]).empty and zipfile.ZipFile(io.BytesIO(as_zip([]))).namelist() == [
        "digits.csv"
    ]
