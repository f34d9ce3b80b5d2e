"""Real kills at random moments; `python -m benchmarks.kills` does a hundred of each."""

import pytest

from benchmarks.kills import keeping_rounds, loading_rounds

pytestmark = pytest.mark.slow

KILLS, SEED = 4, 20261125


def judge(rounds, right: str) -> None:
    assert sum(one.met for one in rounds) == KILLS
    for one in rounds:
        assert one.said == right, one
        assert one.left == () and one.orphans == 0, one


@pytest.mark.case(35)
def test_after_a_kill_while_mnist_is_loaded_the_next_start_is_right(mnist, mnist_archive):
    judge(list(loading_rounds(mnist_archive, KILLS, SEED)), f"{mnist.key} 60000 10000 0")


@pytest.mark.case(35)
def test_after_a_kill_while_a_fitted_model_is_kept_the_next_start_is_right(small):
    from engine.evaluation.evaluation import evaluate

    judge(list(keeping_rounds(KILLS, SEED)), str(evaluate(small, "5 neighbours").n_right))
