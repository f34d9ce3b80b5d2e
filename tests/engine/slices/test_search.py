"""Slices that are found: planted ones, none in noise, and figures beside scipy's."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from engine.shapes.attributes import shape_attributes
from engine.slices import search
from engine.slices.rules import parse
from engine.slices.search import by_chance, find_slices


@pytest.fixture(scope="module")
def planted():
    """4,000 images, 90 % right but for the thin and long ones, of which 30 % are."""
    generator = np.random.default_rng(1)
    table = pd.DataFrame(generator.uniform(0, 1, (4000, 3)), columns=["thick", "long", "noise"])
    table["writer"] = generator.choice(["ann", "bob", "eve"], 4000)
    bad = (table["thick"] < 0.3) & (table["long"] > 0.6)
    right = generator.random(4000) < np.where(bad, 0.3, 0.9)
    return table, right, bad.to_numpy()


def test_a_planted_slice_is_found_and_judged_on_the_other_half(planted):
    table, right, bad = planted
    found = find_slices(table, right)
    worst = found.slices[0]
    mask = worst.rule.mask(table)
    overlap = (mask & bad).sum() / (mask | bad).sum()
    assert overlap > 0.8
    assert {one.attribute for one in worst.rule.conditions} == {"thick", "long"}
    assert worst.images == (mask & found.judged).sum()
    assert worst.right == (mask & found.judged & right).sum()
    assert worst.found_images == (mask & ~found.judged).sum()
    assert found.judged.sum() == 2000


def test_a_slice_by_a_text_is_found(planted):
    table, _, _ = planted
    right = np.random.default_rng(2).random(4000) < np.where(table["writer"] == "bob", 0.4, 0.9)
    assert str(find_slices(table, right).slices[0].rule) == "writer = bob"


def test_p_is_fishers_exact_test_and_is_corrected_as_scipy_corrects(planted, monkeypatch):
    table, right, _ = planted
    monkeypatch.setattr(search, "ALPHA", 1.0)  # all that were tried, as far as they stand apart
    monkeypatch.setattr(search, "MOST", 99)
    found = find_slices(table, right)
    for one in found.slices:
        others = found.judged.sum() - one.images, right[found.judged].sum() - one.right
        cells = [
            [one.right, one.images - one.right],
            [others[1], others[0] - others[1]],
        ]
        wanted = stats.fisher_exact(cells, alternative="less").pvalue
        assert one.p == pytest.approx(wanted, rel=1e-9, abs=1e-300)
        assert one.p <= one.corrected <= min(1, one.p * found.tried) + 1e-15


def test_every_rule_is_read_back_to_the_same_images(planted):
    table, right, _ = planted
    for one in find_slices(table, right).slices:
        again = parse(str(one.rule), {name: name != "writer" for name in table})
        assert again == one.rule


def test_the_same_seed_finds_the_same_and_another_judges_on_others(planted):
    table, right, _ = planted
    one, again, other = (find_slices(table, right, seed) for seed in (0, 0, 1))
    assert one.slices == again.slices
    assert not np.array_equal(one.judged, other.judged)


def test_where_attributes_say_nothing_at_most_five_of_a_hundred_runs_call_a_slice(planted):
    table, right, _ = planted
    runs = list(by_chance(table, right))
    assert len(runs) == search.RUNS == 100
    assert sum(p < 1 for p in runs) <= 5


@pytest.mark.parametrize("n", [0, 1, 40])
def test_too_few_images_and_answers_that_are_all_alike_have_no_slices(n):
    table = pd.DataFrame({"ink": np.linspace(0, 1, n)})
    assert find_slices(table, np.arange(n) % 2 == 0).slices == ()
    assert find_slices(pd.DataFrame({"ink": np.arange(900.0)}), np.ones(900)).slices == ()


@pytest.fixture(scope="module")
def attributes(mnist):
    return shape_attributes(mnist.testing.images)


def test_the_thin_and_long_images_of_mnist_are_a_slice(mnist_evaluation, attributes):
    """The figures are those of a measurement before any of this was written."""
    found = find_slices(attributes, mnist_evaluation.table["right"].to_numpy())
    one = next(  # the worst of them
        one
        for one in found.slices
        if [(c.attribute, c.sign) for c in one.rule.conditions]
        == [("thickness", "<="), ("length", ">")]
    )
    assert 0.27 <= one.right / one.images <= 0.36 and one.images > 300


@pytest.mark.slow
def test_of_permuted_answers_to_mnist_hardly_any_slice_is_called(mnist_evaluation, attributes):
    runs = list(by_chance(attributes, mnist_evaluation.table["right"].to_numpy()))
    assert sum(p < 1 for p in runs) <= 5
