"""A Parquet file is held to its limits whatever its end says of it."""

import io

import numpy as np
import pandas as pd
import pytest

from engine.importers.load import read_upload
from engine.io.parquet_tables import read_columns
from engine.io.tables import read_table
from engine.runtime.errors import Refused
from tests.support.inputs.lying_parquet import lying_parquet

ROWS = 1_000_000
PIXELS = ["label", *(f"p{n}" for n in range(4))]


def test_rows_that_only_the_row_group_tells_of_are_counted():
    with pytest.raises(Refused, match="has 1,000,000 rows; wanted 599"):
        read_table(lying_parquet(["index", "predicted"], ROWS, 100), 599)
    with pytest.raises(Refused, match=r"1,000,000 rows; wanted 100,000"):
        read_upload(lying_parquet(PIXELS, ROWS, 100), "x")


@pytest.mark.parametrize("read", [lambda c: read_table(c, 599), lambda c: read_upload(c, "x")])
def test_a_row_group_that_differs_from_its_columns_is_refused(read):
    with pytest.raises(Refused, match="says it has 100 rows, and a column 1,000,000"):
        read(lying_parquet(PIXELS, ROWS, 100, groups_too=True))


def test_columns_are_read_as_pandas_reads_them(monkeypatch):
    monkeypatch.setattr("engine.io.parquet_tables.BATCH_BYTES", 1_000)  # in many batches
    numbers = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "number": numbers.normal(size=5_000),
            "whole": numbers.integers(0, 9, 5_000),
            "word": numbers.choice(["a", "bc", "def"], 5_000),
        }
    )
    file = io.BytesIO()
    table.to_parquet(file)
    found = read_columns(file.getvalue(), list(table), 5_000, 10**9)
    pd.testing.assert_frame_equal(pd.DataFrame(found), table, check_dtype=False)


def test_no_rows_are_empty_columns():
    file = io.BytesIO()
    pd.DataFrame({"a": np.zeros(0), "b": np.zeros(0, str)}).to_parquet(file)
    found = read_columns(file.getvalue(), ["a", "b"], 10, 100)
    assert [len(column) for column in found.values()] == [0, 0]
