"""Turns: one at a time, each viewer once before any of them twice, and never an endless queue."""

import contextvars
import threading
import time

import pytest

from engine.runtime.background_task import BackgroundTask
from engine.runtime.turns import WHOSE, Busy, Turns

SOON_S = 30.0  # a hard limit that catches what never comes


class Crowd:
    """Threads that wait for a turn while the first one holds it, each begun when the last waits."""

    def __init__(self, most: int = 10) -> None:
        self.turns, self.served = Turns(most), []
        self.go_on, self._threads = threading.Event(), []
        self.told: dict[str, list[int]] = {}
        self.join("first", "nobody")

    def join(self, name: str, whose: str) -> None:
        """One more, and waits until it has its place."""
        here = threading.Event()

        def say(before: int) -> None:
            self.told.setdefault(name, []).append(before)
            here.set()

        def wait() -> None:
            WHOSE.set(whose)
            with self.turns.turn(say):
                here.set()
                self.served.append(name)
                self.go_on.wait(SOON_S)

        thread = threading.Thread(target=contextvars.Context().run, args=(wait,))
        thread.start()
        self._threads.append(thread)
        assert here.wait(SOON_S)

    def all_served(self) -> list[str]:
        self.go_on.set()
        for thread in self._threads:
            thread.join(SOON_S)
        return self.served


def test_who_has_many_in_the_queue_is_served_once_before_others_have_been():
    crowd = Crowd()
    for name, whose in [("a1", "a"), ("a2", "a"), ("a3", "a"), ("b1", "b"), ("c1", "c")]:
        crowd.join(name, whose)
    assert crowd.all_served() == ["first", "a1", "b1", "c1", "a2", "a3"]
    assert crowd.told["b1"][0] == 2  # the one that has the turn, and a1


def test_who_leaves_the_queue_is_in_nobodys_way():
    crowd = Crowd()

    def leave(_: int) -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError), crowd.turns.turn(leave):
        pass
    crowd.join("next", "somebody")
    assert crowd.all_served() == ["first", "next"]


def test_a_queue_that_is_full_says_so():
    crowd = Crowd(most=1)
    crowd.join("second", "a")
    with pytest.raises(Busy, match="1 other waits"), crowd.turns.turn(lambda _: None):
        pass
    assert crowd.all_served() == ["first", "second"]


def test_a_task_works_for_whoever_began_it():
    def begin() -> BackgroundTask[object]:
        WHOSE.set("me")
        return BackgroundTask(lambda _: WHOSE.get(), "asks")

    task = contextvars.Context().run(begin)
    assert task.finished(SOON_S) and task.result == "me"


def test_a_task_that_is_abandoned_ends_at_its_next_word():
    def work(progress) -> None:
        while True:
            progress("on and on", 0, 0)
            time.sleep(0.01)

    task = BackgroundTask(work, "endless")
    assert not task.finished(0.05)
    task.abandon()
    assert task.finished(SOON_S) and "abandoned" in str(task.error)
