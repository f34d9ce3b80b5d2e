"""What viewers bring may use so much memory together; what is let go counts no more."""

import tomllib
from pathlib import Path

import pytest

from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_UNPACKED_BYTES, MAX_UPLOAD_BYTES, MAX_UPLOAD_MEMORY_BYTES
from engine.runtime.memory_budget import Budget

CONFIG = Path(__file__).resolve().parents[3] / ".streamlit" / "config.toml"


class Holder:
    """Anything that can be referred to weakly."""


def test_a_budget_refuses_what_is_too_much_and_says_how_much_is_free():
    budget, one, two = Budget(100_000_000), Holder(), Holder()
    budget.take(one, 60_000_000)
    with pytest.raises(Refused, match=r"needs 50 MB .* of the 100 MB .* 40 MB are free"):
        budget.take(two, 50_000_000)
    assert budget.held == 60_000_000
    budget.take(two, 40_000_000)


def test_a_holder_that_is_gone_counts_no_more():
    budget, one = Budget(100), Holder()
    budget.take(one, 100)
    del one
    assert budget.held == 0
    budget.take(Holder(), 100)


def test_one_holder_may_take_twice():
    budget, one = Budget(100), Holder()
    budget.take(one, 30)
    budget.take(one, 40)
    assert budget.held == 70


def test_a_data_set_counts_with_all_its_arrays(toy):
    assert toy.nbytes == 2 * (8 + 16 + 2 * 7 * 4)  # pixels, labels, names of 7 characters


def test_the_server_takes_files_as_large_as_the_page_promises():
    server = tomllib.loads(CONFIG.read_text())["server"]
    assert server["maxUploadSize"] * 1_000_000 == MAX_UPLOAD_BYTES
    assert (
        MAX_UPLOAD_MEMORY_BYTES >= 2 * MAX_UNPACKED_BYTES
    )  # or the largest upload could never be taken
