"""What is kept in the process: made once, the oldest gone first, a failure forgotten."""

import gc
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.services import evaluations
from dashboard.widgets import filters
from engine.evaluation.evaluation import evaluate
from engine.evaluation.filters import Filters
from engine.runtime.lru_cache import LruCache


def test_twenty_who_ask_at_once_get_one_and_the_same_result():
    made, kept = [], LruCache(4)

    def make() -> object:
        time.sleep(0.1)
        made.append(object())
        return made[-1]

    with ThreadPoolExecutor(20) as pool:
        got = list(pool.map(lambda _: kept.get("key", make), range(20)))
    assert len(made) == 1
    assert all(one is made[0] for one in got)


def test_a_slow_result_holds_up_nobody_who_asks_for_another():
    kept, free = LruCache(4), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(kept.get, "slow", lambda: free.wait(20))
        assert kept.get("quick", lambda: 1) == 1
        assert kept.peek("slow") is None
        free.set()
        assert slow.result(20) is True


def test_the_one_asked_for_longest_ago_goes_first():
    kept = LruCache(2)
    for key in "aba":
        kept.get(key, lambda key=key: f"result {key}")
    kept.get("c", lambda: "result c")
    assert len(kept) == 2
    assert [kept.peek(key) for key in "abc"] == ["result a", None, "result c"]


def test_what_is_busy_stays_however_many_come():
    kept = LruCache(1, busy=lambda result: result == "busy")
    kept.get("a", lambda: "busy")
    for key in "bcd":
        kept.get(key, lambda: "idle")
    assert kept.peek("a") == "busy"
    assert len(kept) == 2


def test_a_failure_reaches_all_who_wait_and_is_tried_again_by_the_next():
    tries, kept = [], LruCache(4)

    def fail() -> None:
        tries.append(1)
        time.sleep(0.1)
        raise ValueError("found nothing")

    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(kept.get, "key", fail) for _ in range(8)]
    assert [type(one.exception()) for one in waiting] == [ValueError] * 8
    assert len(tries) == 1
    assert kept.get("key", lambda: "well") == "well"


def test_a_run_that_is_broken_off_leaves_nothing_to_wait_for():
    kept = LruCache(4)

    def stopped() -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        kept.get("key", stopped)
    assert kept.get("key", lambda: "well") == "well"


def test_one_that_is_let_go_is_made_again():
    kept = LruCache(4)
    kept.get("key", lambda: "old")
    kept.forget("key", lambda result: result == "other")
    assert kept.get("key", lambda: "new") == "old"
    kept.forget("key", lambda result: result == "old")
    kept.forget("unknown", lambda _: True)
    assert kept.get("key", lambda: "new") == "new"


def test_what_is_kept_of_a_evaluation_is_made_once_and_told_apart_by_what_it_is_about(small):
    evaluation = evaluate(small, "L1 mean")
    wrong, right = (
        evaluations.of_evaluation(evaluation, filters.counts, Filters(answers=a))
        for a in ("wrong", "right")
    )
    assert wrong["true"] != right["true"]
    assert evaluations.of_evaluation(evaluation, filters.counts, Filters()) is wrong
    other = evaluate(small, "L2 mean")
    assert evaluations.of_evaluation(other, filters.counts, Filters()) != wrong


def test_what_is_kept_of_a_evaluation_goes_with_it(small):
    evaluation = evaluate(small, "L1 mean")
    evaluations.of_evaluation(evaluation, filters.counts, Filters())
    gone = weakref.ref(evaluation)
    del evaluation
    gc.collect()
    assert gone() is None
