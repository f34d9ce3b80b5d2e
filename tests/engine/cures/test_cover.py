"""The greedy cover against brute force, and Holm's correction against closed testing."""

from itertools import combinations

import numpy as np
import pytest

from engine.cures.cover import greedy_cover, holm


@pytest.mark.parametrize("seed", range(4))
def test_each_step_adds_the_most_it_can(seed):
    masks = np.random.default_rng(seed).random((6, 80)) < np.linspace(0.05, 0.5, 6)[:, None]
    found = greedy_cover(dict(zip("abcdef", masks, strict=True)))
    covered, left = np.zeros(80, bool), set("abcdef")
    for name, adds in found:
        every = {n: int((masks["abcdef".index(n)] & ~covered).sum()) for n in left}
        assert adds == every[name] == max(every.values())
        covered |= masks["abcdef".index(name)]
        left.discard(name)
    assert np.array_equal(covered, masks.any(axis=0))
    assert sum(adds for _, adds in found) == covered.sum()


def test_nothing_to_cover_ends_at_once():
    assert greedy_cover({}) == []
    assert greedy_cover({"a": np.zeros(3, bool), "b": np.zeros(3, bool)}) == []
    both = np.array([True, True])
    assert greedy_cover({"a": both, "b": both}) == [("a", 2)]


def closed_testing(p) -> list[float]:
    """What Holm's shortcut stands for: the worst Bonferroni test of all sets with that one."""
    every = [s for most in range(1, len(p) + 1) for s in combinations(range(len(p)), most)]
    worst = [min(1, len(s) * min(p[i] for i in s)) for s in every]
    return [max(w for w, s in zip(worst, every, strict=True) if i in s) for i in range(len(p))]


@pytest.mark.parametrize("seed", range(4))
def test_the_correction_is_the_closed_test(seed):
    p = np.random.default_rng(seed).random(9) ** 3
    p[3] = p[5]
    assert np.allclose(holm(p), closed_testing(p), atol=1e-12)


def test_the_correction_by_hand():
    assert holm([0.03, 0.01, 0.04]).tolist() == pytest.approx([0.06, 0.03, 0.06])
    assert holm([]).tolist() == []
