import gc
import logging
import threading
import weakref

import numpy as np

from engine.runtime.background_task import BackgroundTask, Report
from engine.runtime.errors import Refused


def test_the_result_is_kept_and_progress_can_be_asked_for_meanwhile():
    told, go_on = threading.Event(), threading.Event()

    def work(progress):
        progress("Counting", 1, 4)
        told.set()
        go_on.wait(10)
        return 42

    job = BackgroundTask(work, "test")
    assert told.wait(10)
    assert not job.finished()
    assert job.report == Report("Counting", 1, 4)
    assert job.report.share == 0.25
    go_on.set()
    assert job.finished(within_s=10)
    assert (job.result, job.error) == (42, None)


def test_a_failure_is_a_value_and_goes_to_the_log(caplog):
    def work(progress):
        raise RuntimeError("no luck")

    job = BackgroundTask(work, "test")
    assert job.finished(within_s=10)
    assert job.result is None
    assert str(job.error) == "no luck"
    assert "no luck" in caplog.text


def test_an_unknown_or_overshot_total_is_no_share_beyond_its_range():
    assert Report("x", 5, 0).share == 0
    assert Report("x", 5, 4).share == 1


def test_a_failure_that_explains_itself_is_one_line_in_the_log(caplog):
    def work(progress):
        raise Refused("Found nothing; wanted something.")

    with caplog.at_level(logging.INFO):
        assert BackgroundTask(work, "Reading").finished(within_s=10)
    assert caplog.messages == ["Reading failed: Found nothing; wanted something."]
    assert "Traceback" not in caplog.text


def test_a_failure_that_is_kept_keeps_no_array_of_the_work():
    held = []

    def work(progress):
        array = np.zeros(1000)
        held.append(weakref.ref(array))
        try:
            raise KeyError("first")
        except KeyError as cause:
            raise Refused("no") from cause

    job = BackgroundTask(work, "test")
    assert job.finished(within_s=10) and isinstance(job.error, Refused)
    job._thread.join(10)
    gc.collect()
    assert held[0]() is None
