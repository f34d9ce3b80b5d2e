from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine.evaluation.filters import (
    SORTS,
    Filters,
    in_words,
    n_chosen,
    option_counts,
    order_in_words,
    ordered,
)


@pytest.fixture
def table() -> pd.DataFrame:
    """Four images of 0 and 1: two right, two wrong, with margins one can check by eye."""
    return pd.DataFrame(
        {
            "index": [0, 1, 2, 3],
            "true": [0, 0, 1, 1],
            "predicted": [0, 1, 1, 0],
            "right": [True, False, True, False],
            "margin": [0.3, 0.1, 0.2, 0.4],
            "gap": [0.0, 0.1, 0.0, 0.4],
            "rank": [1, 2, 1, 2],
            "distance to 0": [0.1, 0.5, 0.6, 0.2],
            "distance to 1": [0.4, 0.4, 0.4, 0.6],
        }
    )


@pytest.mark.parametrize(
    ("filters", "indices"),
    [
        (Filters(), [1, 3]),
        (Filters(answers="all"), [0, 1, 2, 3]),
        (Filters(answers="right"), [0, 2]),
        (Filters(true="0", answers="all"), [0, 1]),
        (Filters(predicted="0", answers="all"), [0, 3]),
        (Filters(true="0", predicted="1"), [1]),
        (Filters(rank="2", low=0.2), [3]),
        (Filters(answers="all", low=0.2, high=0.3), [0, 2]),
        (Filters(true="7", answers="all"), []),
    ],
)
def test_filters_leave_what_they_say(table, filters, indices):
    assert table[filters.mask(table)]["index"].tolist() == indices


def test_a_tied_rank_is_an_option_of_its_own(table):
    ranked = table.assign(rank=pd.array([1, pd.NA, pd.NA, 2], dtype="Int64"))
    tied = Filters(rank="tied", answers="all")
    assert ranked[tied.mask(ranked)]["index"].tolist() == [1, 2]
    counts = option_counts(ranked, Filters(answers="all"), "rank")
    assert counts == {"any": (4, 2), "1": (1, 0), "2": (1, 1), "tied": (2, 1)}


def test_images_without_a_margin_stay_until_a_margin_is_asked_for(table):
    unknown = table.assign(margin=np.nan)
    assert Filters(answers="all").mask(unknown).all()
    assert not Filters(answers="all", high=0.3).mask(unknown).any()


def test_each_option_holds_what_choosing_it_would_leave(small_evaluation):
    table = small_evaluation.table
    now = Filters(predicted="9", answers="all")
    for name, values in (("true", range(10)), ("rank", range(1, 11)), ("predicted", range(10))):
        counts = option_counts(table, now, name)
        for value in values:
            left = table[replace(now, **{name: str(value)}).mask(table)]
            found = counts.get(str(value), (0, 0))
            assert found == (len(left), int((~left["right"]).sum()))
    assert option_counts(table, now, "answers")["all"][0] == (table["predicted"] == 9).sum()


@pytest.mark.parametrize(
    ("sort", "indices"),
    [
        ("closest call", [1, 2, 0, 3]),
        ("most confident", [3, 0, 2, 1]),
        ("most wrong", [3, 1, 0, 2]),
        ("most typical", [0, 2, 1, 3]),
        ("index", [0, 1, 2, 3]),
    ],
)
def test_each_order_is_the_one_its_words_say(table, sort, indices):
    assert ordered(table, sort)["index"].tolist() == indices


def test_a_random_order_is_the_seeds_and_loses_no_image(small_evaluation):
    table = small_evaluation.table
    one, again, other = (ordered(table, "random", seed)["index"] for seed in (1, 1, 2))
    assert one.tolist() == again.tolist() != other.tolist()
    assert sorted(one) == list(range(len(table)))


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_takes_an_empty_table(table, sort):
    assert ordered(table.head(0), sort).empty


@pytest.mark.parametrize("sort", ["closest call", "most confident"])
def test_of_equals_the_one_with_the_nearest_training_image_comes_first(table, sort):
    tied = table.assign(margin=[1.0, 1.0, 1.0, 0.0], nearest=[0.3, 0.1, 0.2, 0.0])
    found = ordered(tied, sort)["index"].tolist()
    assert found == ([1, 2, 0, 3] if sort == "most confident" else [3, 1, 2, 0])


def test_ties_keep_the_order_of_the_test_set(table):
    tied = table.assign(margin=0.5)
    assert ordered(tied, "closest call")["index"].tolist() == [0, 1, 2, 3]
    assert np.array_equal(ordered(tied, "most confident")["index"], [0, 1, 2, 3])


@pytest.mark.parametrize(
    ("unit", "margin", "gap", "worst"),
    [
        ("1 − probability", "probability of the prediction minus probability of the runner-up",
         "probability of the prediction minus probability of the true class", "probability"),
        ("score behind the highest", "score of the prediction minus score of the runner-up",
         "score of the prediction minus score of the true class", "score"),
        ("mean absolute difference per pixel", "distance to runner-up minus distance to prediction",
         "distance to the true class minus distance to the prediction", "distance"),
    ],
)  # fmt: skip
def test_only_distances_are_called_so(unit, margin, gap, worst):
    assert in_words("margin", unit) == f"margin: {margin}"
    assert in_words("gap", unit) == gap
    said = " ".join(order_in_words(sort, unit) for sort in SORTS)
    assert worst in said and ("distance" in said) == (worst == "distance")


def test_options_of_images_that_are_only_counted_are_those_of_the_images(small_evaluation):
    only_counted = replace(
        small_evaluation, dataset=replace(small_evaluation.dataset, totals=pd.DataFrame())
    )
    assert only_counted.is_sample and len(only_counted.counted) < 60
    for now in (Filters(), Filters(true="3", answers="all"), Filters(predicted="8")):
        for name in ("true", "predicted", "answers"):
            wanted = option_counts(small_evaluation.table, now, name)
            assert option_counts(only_counted.counted, now, name) == wanted
        chosen = int(now.mask(small_evaluation.table).sum())
        assert n_chosen(only_counted.counted, now) == chosen
