"""Columns beside predictions: read as pandas reads them, or refused with what was found."""

import io

import numpy as np
import pandas as pd
import pytest

from engine.evaluation.external_predictions import evaluate_predictions, read_predictions
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_BROUGHT_ATTRIBUTES


@pytest.fixture(scope="module")
def table(small):
    n = len(small.testing)
    generator = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "index": np.arange(n),
            "predicted": small.testing.labels,
            "writer": generator.choice(["ann", "bob", "zoë"], n),
            "age": generator.normal(40, 9, n).round(1),
            "ink": generator.random(n),
        }
    ).sample(frac=1, random_state=1)


def read(table: pd.DataFrame, small, form: str = "csv"):
    content = io.BytesIO()
    table.to_csv(content, index=False) if form == "csv" else table.to_parquet(content, index=False)
    return read_predictions(content.getvalue(), small)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_columns_beside_the_predictions_are_attributes_by_the_index_of_the_image(
    small, table, form
):
    few = table.head(200)
    beside = read(few, small, form).attributes
    wanted = few.set_index("index").sort_index()
    assert beside.index.tolist() == wanted.index.tolist()
    assert beside["writer"].tolist() == wanted["writer"].tolist()
    assert beside["age"].tolist() == wanted["age"].tolist()
    assert beside["ink of the table"].tolist() == wanted["ink"].tolist()


def test_empty_cells_are_missing_and_the_table_says_which_columns_it_took(small, table):
    gaps = table.reset_index(drop=True)
    gaps.loc[:9, ["writer", "age"]] = np.nan
    found = read(gaps, small)
    missing = gaps["index"][:10].tolist()
    assert found.attributes.loc[missing, ["writer", "age"]].isna().all(axis=None)
    assert found.attributes.isna().sum().sum() == 20
    assert "'writer', 'age', 'ink of the table'" in found.done[-1]


def test_a_table_without_other_columns_has_no_attributes(small, table):
    assert read(table[["index", "predicted"]], small).attributes is None


def test_a_text_of_many_values_and_too_many_columns_are_refused(small, table):
    with pytest.raises(Refused, match=r"'note' .* holds 599 different texts; .* at most 20"):
        read(table.assign(note=[f"note {n}" for n in range(599)]), small)
    many = table.assign(**{f"more {n}": 1 for n in range(MAX_BROUGHT_ATTRIBUTES)})
    with pytest.raises(Refused, match="There are 23 columns beside the predictions; at most 20"):
        read(many, small)
    with pytest.raises(Refused, match="The column 'score 11' is not known"):
        read(table.assign(**{"score 11": 0.5}), small)


def test_the_judged_predictions_carry_their_attributes(small, table):
    evaluation = evaluate_predictions(small, read(table, small), "mine")
    assert list(evaluation.attributes) == ["writer", "age", "ink of the table"]
