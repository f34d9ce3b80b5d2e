import io

import numpy as np
import pandas as pd
import pytest

from engine.evaluation.annotations import MARKS, Mark, marks_csv, read_marks
from engine.io.csv_export import csv_bytes, guarded, without_guard
from engine.runtime.limits import MAX_ANNOTATION_BYTES

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")']


@pytest.fixture
def marks() -> dict[int, Mark]:
    return {
        3: Mark("mislabelled", "looks like a 7, über ähnlich"),
        1: Mark("interesting", '=cmd|"/c calc"!A1'),
        7: Mark("ambiguous"),
    }


def test_marks_come_back_from_their_own_file(marks, small_evaluation):
    content = marks_csv(marks, small_evaluation.table, "Embedded digits")
    loaded = read_marks(content, "Embedded digits", small_evaluation.table["file"])
    assert loaded.marks == marks
    assert (loaded.left_out, loaded.refused) == ((), "")


def test_the_file_names_each_image_as_the_table_does(marks, small_evaluation):
    table = pd.read_csv(io.BytesIO(marks_csv(marks, small_evaluation.table, "d")))
    assert table["index"].tolist() == [1, 3, 7]
    assert table["file"].tolist() == small_evaluation.table["file"].iloc[[1, 3, 7]].tolist()
    assert table["true"].tolist() == small_evaluation.table["true"].iloc[[1, 3, 7]].tolist()


@pytest.mark.case(26)
@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_text_is_taken_for_a_formula(text):
    assert guarded(text)[0] == "'"
    assert without_guard(guarded(text)) == text
    cell = csv_bytes(pd.DataFrame({"note": [text]})).decode().splitlines()[1]
    assert cell.lstrip('"').startswith("'")


def test_numbers_stay_numbers_and_plain_text_stays_plain():
    table = pd.DataFrame({"n": [-1, 2], "x": [-0.5, 0.25], "t": ["a-b", "'quoted'"]})
    assert csv_bytes(table).decode() == "n,x,t\n-1,-0.5,a-b\n2,0.25,'quoted'\n"


TEN = [f"{n}.png" for n in range(10)]
GOOD = "data,index,mark,note\nd,5,ambiguous,hm\n"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("other,1,ambiguous,", "belongs to 'other'"),
        ("d,10,ambiguous,", "index '10' is not from 0 to 9"),
        ("d,-1,ambiguous,", "index '-1'"),
        ("d,1.5,ambiguous,", "index '1.5'"),
        ("d,٣,ambiguous,", "index '٣'"),
        ("d,,ambiguous,", "index ''"),
        ("d,5,ambiguous,again", "index 5 comes a second time"),
        ("d,1,wonderful,", "mark 'wonderful' is none of"),
    ],
)
def test_a_row_that_does_not_fit_is_named_and_the_others_are_taken(row, reason):
    loaded = read_marks((GOOD + row + "\n").encode(), "d", TEN)
    assert loaded.marks == {5: Mark("ambiguous", "hm")}
    assert len(loaded.left_out) == 1
    assert loaded.left_out[0].startswith("line 3: ")
    assert reason in loaded.left_out[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no columns"),
        (b"\x00\xff\xfe\x80" * 50, "binary"),
        (b"index,mark\n1,ambiguous\n", "columns data, note are missing"),
        (b"a;b;c\n1;2;3\n", "semicolons"),
        (b"," * 100_000, "first line has more"),
        (b"x" * (MAX_ANNOTATION_BYTES + 1), "bytes; at most"),
        ("\n".join(["data,index,mark,note"] + ["d,1,ambiguous,"] * 20_001).encode(), "more than"),
        (b'data,index,mark,note\n"unclosed', "is not CSV"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_list_of_marks_is_refused_in_a_sentence(content, reason):
    loaded = read_marks(content, "d", TEN)
    assert loaded.marks == {}
    assert reason in loaded.refused


def test_a_byte_order_mark_and_windows_line_ends_are_read():
    content = ("\ufeff" + GOOD).replace("\n", "\r\n").encode()
    assert read_marks(content, "d", TEN).marks == {5: Mark("ambiguous", "hm")}


def test_the_kinds_of_marks_are_those_promised():
    assert MARKS == ("mislabelled", "ambiguous", "model error", "interesting")


def test_marks_that_were_saved_in_another_order_stay_with_their_images(small, small_evaluation):
    """Tables once counted the images otherwise; the name of the file tells which image is meant."""
    before = np.random.default_rng(0).permutation(len(small.testing))
    old = small_evaluation.table.iloc[before].assign(index=range(len(before)))
    content = marks_csv({5: Mark("ambiguous"), 300: Mark("mislabelled", "x")}, old, "d")
    loaded = read_marks(content, "d", small.testing.files)
    wanted = {int(before[5]): Mark("ambiguous"), int(before[300]): Mark("mislabelled", "x")}
    assert (loaded.marks, loaded.left_out, loaded.moved) == (wanted, (), 2)


def test_a_mark_on_a_file_that_is_not_here_is_left_out():
    loaded = read_marks(b"data,index,file,mark,note\nd,5,11.png,ambiguous,\n", "d", TEN)
    assert (loaded.marks, loaded.left_out) == ({}, ("line 2: file '11.png' is not known",))
