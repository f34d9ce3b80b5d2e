"""The health line: true figures, for the log only, and only when somebody came by."""

import gc
import importlib.metadata
import platform
import re
import threading
import time
import urllib.request

import pytest

from dashboard.server import health_log
from dashboard.session import keys
from engine.datasets.mnist.load import store_folder
from tests.support.server import serving
from tests.support.viewer import Viewer


def test_the_line_says_versions_data_store_memory_viewers_and_uptime(visit):
    app = visit("overview")
    said = health_log.line()
    assert f"Python {platform.python_version()}" in said
    assert f"streamlit {importlib.metadata.version('streamlit')}" in said
    assert "data: MNIST not asked for" in said or "data: MNIST failed" in said
    assert f"store: {store_folder()}" in said
    assert re.search(
        r"up \d+ min, [1-9]\d* viewers now, [1-9]\d* since the start; memory: \d+ MB", said
    )
    assert re.search(r"brought: \d+ of \d+ MB", said)
    assert not [e for e in app.main if "since the start" in str(getattr(e, "value", ""))]


def test_visits_are_counted_once_and_leave_with_their_session(visit):
    gc.collect()
    before, visits = len(health_log._present), health_log._visits
    app = visit("overview")
    app.run()
    assert health_log._visits == visits + 1
    assert len(health_log._present) == before + 1
    del app.session_state[keys.PRESENT]
    gc.collect()
    assert len(health_log._present) == before


def test_there_is_one_watch_and_it_is_silent_while_nobody_comes_by(visit, monkeypatch):
    visit("overview")
    visit("overview")
    assert [t.name for t in threading.enumerate()].count("health") == 1
    said, rounds = [], iter(range(3))
    monkeypatch.setattr(health_log.log, "info", said.append)

    def next_round(_: float) -> None:
        if next(rounds, None) is None:
            raise SystemExit

    monkeypatch.setattr(health_log.time, "sleep", next_round)
    with pytest.raises(SystemExit):
        health_log._keep_watch()
    assert len(said) == 1


def test_the_server_answers_whether_it_is_well_and_logs_its_line(mnist_store):
    with serving(DIGITSCOPE_HOME=str(mnist_store)) as server:  # its first visit is this one
        with urllib.request.urlopen(f"{server.address}/_stcore/health") as answer:
            assert answer.read() == b"ok"
        with Viewer(server.address) as viewer:
            viewer.open()
        deadline = time.monotonic() + 60  # a hard limit that catches a line that never comes
        while "since the start" not in server.log.read_text() and time.monotonic() < deadline:
            time.sleep(0.1)
        said, *_ = [one for one in server.log.read_text().splitlines() if "since the start" in one]
    assert "INFO dashboard.server.health_log: up 0 min, " in said
    assert "data: MNIST loaded (70,000 images)" in said
