"""Figures as they are written: read back, they never say 0, 100 % or "the same" where it is not."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.io.numbers import (
    JOIN,
    coefficient,
    in_percent,
    percent,
    percent_decimals,
    signed,
    small,
    small_decimals,
    told_apart,
)

COUNTS = st.integers(2, 10**7).flatmap(
    lambda n: st.tuples(st.integers(0, n - 1), st.integers(1, n), st.just(n))
)
DECIMALS = st.sampled_from([None, 0, 1, 2])


@pytest.mark.parametrize(
    ("part", "whole", "decimals", "text"),
    [
        (997, 1000, 0, "99.7"),
        (69_999, 70_000, 2, "99.999"),
        (499, 500, 0, "99.8"),
        (1, 500, 0, "0.2"),
        (0, 500, 0, "0"),
        (500, 500, 0, "100"),
        (1, 3, 1, "33.3"),
        (1, 3, None, "33"),
        (1, 70_000, 1, "0.001"),
    ],
)
def test_a_share_is_written_with_digits_enough(part, whole, decimals, text):
    assert percent(part / whole, decimals) == f"{text}{JOIN}%"


def test_no_share_of_nothing_is_a_dash():
    assert percent(math.nan, 1) == in_percent(math.nan) == "–"


@given(COUNTS, DECIMALS)
def test_no_part_of_a_whole_reads_as_none_or_all_of_it(counts, decimals):
    smaller, larger, whole = counts
    smaller, larger = sorted((smaller, larger))
    read = [float(in_percent(part / whole, decimals)) for part in (smaller, larger)]
    assert read[0] <= read[1]
    assert [value == 0 for value in read] == [smaller == 0, larger == 0]
    assert [value == 100 for value in read] == [smaller == whole, larger == whole]
    assert np.abs(np.array(read) - [100 * smaller / whole, 100 * larger / whole]).max() <= 0.5


@given(st.floats(0, 1, exclude_min=True, exclude_max=True), DECIMALS)
def test_no_share_between_reads_as_none_or_all(share, decimals):
    text = in_percent(share, decimals)
    assert 0 < float(text.removeprefix("over ")) < 100


@given(st.lists(st.integers(1, 69_999), min_size=1, max_size=20))
def test_a_column_of_shares_has_decimals_enough_for_each(parts):
    shares = np.array([0, 1, np.nan, *(np.array(parts) / 70_000)])
    decimals = percent_decimals(shares, 1)
    read = [float(f"{100 * share:.{decimals}f}") for share in shares[3:]]
    assert min(read) > 0 and max(read) < 100


@pytest.mark.parametrize(
    ("distance", "text"),
    [
        (0.0, "0"),
        (3.412e-6, "0.00000341"),
        (0.00004, "0.00004"),
        (-0.00004, "-0.00004"),
        (0.012345, "0.0123"),
        (5e-17, "5e-17"),
        (1.0, "1"),
        (0.99997, "0.99997"),
    ],
)
def test_a_distance_has_three_significant_digits_and_is_never_nothing_or_all(distance, text):
    assert small(distance) == text


@given(st.floats(1e-6, 0.99))
def test_decimals_of_a_small_distance_write_the_same_figure(distance):
    assert float(f"{distance:.{small_decimals(distance)}f}") == pytest.approx(
        float(small(distance))
    )


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=10))
def test_distances_that_differ_read_differently_and_in_their_order(billionths):
    values = [whole / 10**9 for whole in billionths]
    texts = told_apart(values)
    assert len(set(texts)) == len(set(billionths))
    assert sorted(texts) == [text for _, text in sorted(zip(values, texts, strict=True))]
    assert min(len(text) for text in texts) >= len("0.0000")


def test_signs_are_those_of_sentences():
    assert (signed(-0.01234), signed(0.5, 1)) == ("−0.0123", "+0.5")
    assert coefficient(-0.5) == "−0.50"
