"""Real kills at random moments; `python -m benchmarks.kills` does a hundred of each."""

import pytest

from benchmarks.kills import keeping_rounds, loading_rounds

KILLS, SEED = 6, 20261125


def judge(rounds, right: str) -> None:
    assert len(rounds) == KILLS
    for one in rounds:
        assert one.said == right, one
        assert one.left == () and one.orphans == 0, one


@pytest.mark.case(35)
def test_after_a_kill_while_mnist_is_loaded_the_next_start_is_right(mnist, mnist_archive):
    rounds = list(loading_rounds(mnist_archive, KILLS, SEED))
    judge(rounds, f"{mnist.key} 60000 10000 0")
    assert any(one.met for one in rounds)


@pytest.mark.case(35)
def test_after_a_kill_while_a_fitted_model_is_kept_the_next_start_is_right(small):
    from engine.study import make_study

    judge(list(keeping_rounds(KILLS, SEED)), str(make_study(small, "5 neighbours").n_right))
