"""Nothing that leaves as CSV is a formula anywhere, and every text comes back as it was."""

import csv
import io
import re

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.io.csv_export import csv_bytes, guarded, without_guard

SIGNS = tuple("=+-@＝＋－＠")
TEXTS = st.text("=+-@＝＋－＠';,|\t\r\n a1\"", max_size=8)


@settings(max_examples=500)
@given(TEXTS)
@example("x;=1+1")
@example("'=1")
@example(" =1")
def test_every_text_comes_back_and_no_cell_begins_a_formula_in_any_separation(text):
    safe = guarded(text)
    assert without_guard(safe) == text
    cells = [cell.lstrip() for cell in re.split("[;\t\r\n]", safe)]
    assert not [cell for cell in cells if cell.startswith(SIGNS)]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_column_name_is_guarded_like_a_cell(sign):
    table = pd.DataFrame({f"{sign}1": [f"x;{sign}1"]})
    rows = list(csv.reader(io.StringIO(csv_bytes(table).decode())))
    assert rows == [[f"'{sign}1"], [f"x;'{sign}1"]]
