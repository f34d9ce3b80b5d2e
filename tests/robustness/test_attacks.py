"""Files made to hurt, one by one: each is refused for what it is, before it costs anything."""

import io
import struct
import tarfile
import time
import zipfile

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from engine.evaluation.annotations import read_marks
from engine.evaluation.external_predictions import read_predictions
from engine.importers.load import read_upload
from engine.preprocessing.decode import decode
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_UPLOAD_BYTES, UPLOAD
from tests.engine.importers.test_load import zipped
from tests.support.costs import Costs
from tests.support.inputs.pictures import bomb, chunk, saved

pytestmark = pytest.mark.slow


def refused(read, content, *about) -> str:
    """The sentence that refuses, after little time and memory."""
    began = time.process_time()
    costs = Costs(strict=False)
    with costs.of("one", Refused), pytest.raises(Refused) as caught:
        read(content, *about)
    assert costs.largest["one"] < 60 and time.process_time() - began < 5
    return str(caught.value)


def lines_of(read, content, *about) -> tuple[str, ...]:
    """The faulty lines that the refusal names, likewise."""
    costs = Costs(strict=False)
    with costs.of("one", Refused), pytest.raises(Refused) as caught:
        read(content, *about)
    assert costs.largest["one"] < 60
    return caught.value.lines


def directory_of(files: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(files):
            archive.writestr(str(number), b"")
    return file.getvalue()


@pytest.mark.case(15, 18)
def test_a_zip64_record_does_not_hide_a_large_directory(small):
    whole = directory_of(70_000)
    at = whole.rfind(b"PK\5\6")
    hidden = whole[:at] + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 5, 5, 500, 0xFFFFFFFF, 0)
    assert len(zipfile.ZipFile(io.BytesIO(hidden)).infolist()) == 70_000  # as others read it
    assert "holds 70,000 files; at most 20,000" in refused(read_upload, hidden, "x")
    assert "holds 70,000 files; at most 8" in refused(read_predictions, hidden, small)


@pytest.mark.case(18)
def test_two_hundred_thousand_files_are_refused_before_the_archive_is_opened(small):
    entry = directory_of(1)
    start, end = entry.index(b"PK\1\2"), entry.rfind(b"PK\5\6")
    count = 200_000
    size = (end - start) * count
    last = struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, size, start, 0)
    content = entry[:start] + entry[start:end] * count + b"PK\5\6" + last
    assert "at most 20,000" in refused(read_upload, content, "x")
    assert "at most 8" in refused(read_predictions, content, small)


@pytest.mark.case(15)
@pytest.mark.parametrize("claimed", [10, 1_000])
def test_an_archive_that_lies_about_sizes_is_read_no_further_than_it_says(claimed):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0/a.png", bytes(50_000_000))
        archive.writestr("1/a.png", b"")  # a second class, or there is nothing to tell apart
    lying = file.getvalue().replace(struct.pack("<I", 50_000_000), struct.pack("<I", claimed))
    assert "is damaged in the archive" in refused(read_upload, lying, "x")


@pytest.mark.case(17)
def test_entries_that_share_their_bytes_cost_no_more_than_they_say():
    """Many names for one stretch of an archive: together they say more than is taken."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0/a.png", bytes(10_000_000))
    whole = file.getvalue()
    start, end = whole.index(b"PK\1\2"), whole.rfind(b"PK\5\6")
    entries = [whole[start:end].replace(b"0/a.png", b"0/%05d"[:7] % n) for n in range(100)]
    size = sum(map(len, entries))
    last = struct.pack("<HHHHIIH", 0, 0, 100, 100, size, start, 0)
    content = whole[:start] + b"".join(entries) + b"PK\5\6" + last
    assert "more than 100,000,000 bytes" in refused(read_upload, content, "x")


@pytest.mark.case(19)
@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unusual_packing_is_refused_by_its_name(packing):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        archive.writestr("0/a.png", b"x" * 100)
        archive.writestr("1/a.png", b"x" * 100)
    assert "packed in an unusual way" in refused(read_upload, file.getvalue(), "x")


@pytest.mark.case(19)
def test_a_tar_and_a_zip_within_a_zip_are_no_images():
    tar, inner = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("0/a.png"))
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("0/inner.zip", directory_of(1))
    assert "label" in refused(read_upload, tar.getvalue(), "x")
    assert "another archive in it" in refused(read_upload, inner.getvalue(), "x")


@pytest.mark.case(17)
def test_an_entry_without_a_name_is_none():
    assert "No image was found in 0 files" in refused(
        read_upload, directory_of(1).replace(b"0PK\5\6", b"\0PK\5\6"), "x"
    )


@pytest.mark.case(16)
def test_nothing_of_an_archive_is_written_anywhere(tmp_path, monkeypatch):
    file = io.BytesIO()
    seven = saved("L", "PNG", (28, 28))
    with zipfile.ZipFile(file, "w") as archive:
        for path in ("../0/out.png", "/tmp/0/out.png", "C:\\0\\out.png", "..\\0\\out.png"):
            archive.writestr(path, seven)
        for number in range(8):
            archive.writestr(f"{number % 2}/{number}.png", seven)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("builtins.open", _no_writing(open))
    dataset = read_upload(file.getvalue(), "x")
    assert len(dataset.training) + len(dataset.testing) == 8
    assert len(dataset.skipped) == 4
    assert not list(tmp_path.iterdir())


def _no_writing(real_open):
    def only_reading(path, mode="r", *args, **options):
        assert not set(mode) & set("wax+"), f"{path} is written"
        return real_open(path, mode, *args, **options)

    return only_reading


@pytest.mark.case(14)
def test_a_few_kilobytes_of_parquet_that_are_a_gigabyte_in_memory_are_refused():
    names = ["label", *(f"p{n}" for n in range(784))]
    rows = 200_000
    column = np.zeros(rows, np.int64)
    file = io.BytesIO()
    pd.DataFrame(dict.fromkeys(names, column)).to_parquet(file)
    assert len(file.getvalue()) < MAX_UPLOAD_BYTES
    assert "Unpacked it has 1,256,000,000 bytes" in refused(read_upload, file.getvalue(), "x")


@pytest.mark.case(14)
def test_a_long_text_in_a_parquet_table_of_pixels_does_not_swell_with_its_rows():
    table = pd.DataFrame(
        {"label": ["x" * 50_000] * 2_000} | {f"p{n}": [0] * 2_000 for n in range(4)}
    )
    file = io.BytesIO()
    table.to_parquet(file)
    assert len(file.getvalue()) < 100_000
    assert "50,000 characters; at most 500" in refused(read_upload, file.getvalue(), "x")


@pytest.mark.case(14)
def test_large_pictures_are_held_as_small_as_they_will_be():
    file = io.BytesIO()
    picture = Image.new("L", (280, 280))
    picture.paste(200, (100, 40, 160, 240))
    picture.save(file, "PNG")
    content = zipped({f"{name}/{n}.png": file.getvalue() for name in "ab" for n in range(1_500)})
    costs = Costs(strict=False)
    with costs.of("one"):
        assert read_upload(content, "x").size == (64, 64)
    assert costs.largest["one"] < 80  # as they come they are 235 MB


@pytest.mark.case(14)
def test_more_images_than_are_taken_are_refused_however_small():
    file = io.BytesIO()
    count = UPLOAD.images + 1
    np.savez_compressed(
        file, images=np.zeros((count, 1, 1), np.uint8), labels=np.zeros(count, "u1")
    )
    assert "100,001 images; at most 100,000" in refused(read_upload, file.getvalue(), "x")


@pytest.mark.case(10)
def test_a_photograph_of_thousands_of_scans_is_refused_before_it_is_decoded():
    file = io.BytesIO()
    Image.new("L", (1500, 1500), 250).save(file, "JPEG", progressive=True)
    content = file.getvalue()
    at = content.rfind(b"\xff\xda")
    many = content[:at] + content[at:-2] * 3_000 + content[-2:]
    assert "scans; at most 100" in refused(decode, many)
    assert decode(content).shape == (280, 280)


@pytest.mark.case(10)
@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_a_pictures_text_is_unpacked_no_further_than_a_megabyte(kind):
    about = b"k\0\1\0\0\0" if kind == b"iTXt" else b"k\0\0"
    plain = saved("L", "PNG", (28, 28))
    content = plain[:33] + chunk(kind, about + bomb()) * 20 + plain[33:]
    costs = Costs(strict=True)
    with costs.of("text", Refused):
        decode(content)
    assert costs.largest["text"] < 30


@pytest.mark.case(23)
def test_ten_million_rows_are_refused_without_being_held(small):
    row = b"0,1\n"
    content = b"index,predicted\n" + row * ((MAX_UPLOAD_BYTES - 20) // len(row))
    assert "more than 599 rows" in refused(read_predictions, content, small)
    blank = b"index,predicted\n" + b"\n" * (MAX_UPLOAD_BYTES - 20)
    assert "more than 599 rows" in refused(read_predictions, blank, small)


@pytest.mark.case(25)
def test_one_emoji_does_not_make_a_file_four_times_as_large(small):
    line = b'"' + b"x" * 100_000 + b'",1\n'
    content = b"index,predicted\n" + "😀".encode() + line * 150
    assert "is not known" in "".join(lines_of(read_predictions, content, small))


@pytest.mark.case(20)
@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b"\n", b"\r\n\r\n", b"\xef\xbb\xbf\n"])
def test_a_byte_order_mark_or_blank_lines_alone_are_an_empty_file(small, content):
    assert "empty" in (text := refused(read_predictions, content, small)) or "no columns" in text
    assert read_marks(content, "d", list("0123456789")).refused


@pytest.mark.case(21)
def test_a_row_longer_than_the_first_line_does_not_shift_a_table_of_pixels():
    content = b"label,a,b,c,d\n" + b"1,2,3,4,5,6\n" * 4
    assert "more cells than the first line" in refused(read_upload, content, "x")


def test_row_numbers_that_pandas_left_are_no_pixels():
    table = pd.DataFrame(dict.fromkeys(["label", "a", "b", "c", "d"], [0, 1] * 8))
    file = io.BytesIO()
    table.sample(frac=1, random_state=0).to_parquet(file)
    assert read_upload(file.getvalue(), "x").size == (2, 2)


def test_a_parquet_file_with_two_columns_of_a_name_or_foreign_notes_is_no_accident():
    import pyarrow as pa
    from pyarrow import parquet

    names, column = ["label", "a", "b", "c", "d"], pa.array([0, 1] * 8)
    file = io.BytesIO()
    notes = {b"pandas": b'{"index_columns": []}'}  # as pandas leaves them, but for the columns
    parquet.write_table(pa.table([column] * 5, names).replace_schema_metadata(notes), file)
    dataset = read_upload(file.getvalue(), "x")
    assert len(dataset.training) + len(dataset.testing) == 16
    file = io.BytesIO()
    parquet.write_table(pa.table([column] * 5, [*names[:4], "a"]), file)
    assert "same name" in refused(read_upload, file.getvalue(), "x")
