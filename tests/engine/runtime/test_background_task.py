import threading

from engine.runtime.background_task import BackgroundTask, Report


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
