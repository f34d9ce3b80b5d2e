"""Shards read by Dask's workers: processes with folders and memory limits of their own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from engine.__main__ import main
from engine.runtime.errors import Refused
from engine.shards import on_dask
from engine.shards.gather import gather
from engine.shards.on_dask import dask_runner
from engine.shards.runners import Cancelled, in_process
from engine.shards.shown import whole
from engine.shards.shown.run import Run
from engine.shards.sources.find import find_shards
from engine.shards.sources.read import Reading
from engine.shards.study import Asked, study
from engine.shards.work import Fit
from tests.support import shards as written

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    # Dask's threads end a moment after whoever closes them.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
ROOT = Path(__file__).resolve().parents[3]
NOBODY = "tcp://127.0.0.1:9"
SOON = 10  # seconds within which a sentence is there


def started(kind: str, folder: Path, *options: str, engine: bool = True) -> subprocess.Popen:
    """A scheduler or worker in a folder of its own."""
    folder.mkdir(parents=True)
    place = os.environ | {"PYTHONPATH": str(ROOT) if engine else ""}
    command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--no-dashboard", *options]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, cwd=folder, env=place, stdout=log, stderr=log)


@contextmanager
def cluster(folder: Path, workers: int, engine: bool = True) -> Iterator[tuple]:
    """The address, the scheduler and the workers, as processes that end with the block."""
    told = folder / "scheduler.json"
    scheduler = started("scheduler", folder / "scheduler", "--port", "0", "--scheduler-file", told)
    options = ["--scheduler-file", told, "--no-nanny", "--nthreads", "1", "--memory-limit", "400MB"]
    every = [
        started("worker", folder / f"worker-{at}", *options, engine=engine) for at in range(workers)
    ]
    try:
        began = time.monotonic()
        while not (told.exists() and told.read_text().endswith("}")):
            assert time.monotonic() - began < 30 and scheduler.poll() is None
            time.sleep(0.05)
        yield json.loads(told.read_text())["address"], scheduler, every
    finally:
        for process in [*every, scheduler]:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> Iterator[str]:
    """The address of a scheduler with two workers."""
    with cluster(tmp_path_factory.mktemp("cluster"), 2) as (address, _, _):
        yield address


@pytest.mark.parametrize(("model", "right"), [("L1 mean", 6_685), ("L2 mean", 8_203)])
def test_mnist_has_the_right_answers_of_the_fit_in_memory(mnist, tmp_path, two, model, right):
    written.write_shards(tmp_path, mnist, 7)
    with dask_runner(two) as runner:
        found = study(Asked(str(tmp_path), model), runner=runner)
    wanted = found.model.__class__(model[:2].lower())
    wanted.fit(mnist.training.images, mnist.training.labels)
    assert np.array_equal(found.model.templates_, wanted.templates_)
    assert found.verdict.n_right == right


class Slow(Fit):
    """Takes half a second a shard, and looks often whether it is still wanted."""

    def __call__(self, shard, check=lambda: None):
        for _ in range(10):
            check()
            time.sleep(0.05)
        return super().__call__(shard, check)


class Endless(Fit):
    """Ends only when nobody wants it any more."""

    def __call__(self, shard, check=lambda: None):
        while True:
            check()
            time.sleep(0.05)


def training(folder: Path):
    return [one for one in find_shards(str(folder))[0] if not one.testing]


def test_the_figures_are_those_of_one_process(small, tmp_path, two, monkeypatch):
    written.write_shards(tmp_path / "data", small, 5)
    monkeypatch.chdir(tmp_path)
    links = []
    with dask_runner(two, tell=links.append) as runner:
        found = study(Asked("data/*.parquet", out=tmp_path / "out"), runner=runner)
    wanted = study(Asked("data/*.parquet"), runner=in_process)
    assert np.array_equal(found.model.templates_, wanted.model.templates_)
    assert np.array_equal(found.verdict.margins, wanted.verdict.margins)
    assert np.array_equal(found.verdict.worst.images, wanted.verdict.worst.images)
    errors = parquet.read_table(tmp_path / "out" / "errors")
    assert len(errors) == wanted.verdict.n_images - wanted.verdict.n_right
    assert links[0].startswith("http://")


def test_a_worker_that_is_killed_changes_nothing(small, tmp_path):
    data = written.write_shards(tmp_path / "data", small, 8)
    wanted = gather(Fit(Reading()), training(data), in_process).part
    with cluster(tmp_path / "cluster", 2) as (address, _, workers):
        with dask_runner(address) as runner:
            runner.client.wait_for_workers(2, timeout=20)

            def watch(status):
                if status.shards == 2:
                    workers[0].kill()

            found = gather(Slow(Reading()), training(data), runner, watch)
        assert workers[0].poll() is not None
    assert not found.failed and found.part.tally == wanted.tally
    assert np.array_equal(found.part.result.sums, wanted.result.sums)


def test_cancel_frees_the_workers_within_two_seconds(small, tmp_path, two):
    written.write_shards(tmp_path, small, 4)
    began = []
    with dask_runner(two) as runner:

        def check():
            busy = sum(map(len, runner.client.processing().values()))
            if busy and not began:
                began.append(time.monotonic())
            if began and time.monotonic() - began[0] > 0.5:
                began.append(time.monotonic())
                raise Cancelled

        with pytest.raises(Cancelled):
            gather(Endless(Reading()), training(tmp_path), runner, check=check)
        while any(runner.client.run(executing).values()):
            assert time.monotonic() - began[-1] < 2
            time.sleep(0.05)
        assert not any(runner.client.processing().values())


def executing(dask_worker) -> int:
    """Threads of a worker that are at work."""
    return len(dask_worker.active_threads)


def test_a_scheduler_that_goes_is_said_within_ten_seconds(small, tmp_path):
    data = written.write_shards(tmp_path / "data", small, 4)
    with cluster(tmp_path / "cluster", 1) as (address, scheduler, _):
        killed = []

        def watch(status):
            if status.shards == 1:
                scheduler.kill()
                killed.append(time.monotonic())

        with (
            pytest.raises(Refused, match=r"^The Dask scheduler at tcp://\S+ is gone; wanted"),
            dask_runner(address) as runner,
        ):
            gather(Slow(Reading()), training(data), runner, watch)
        assert time.monotonic() - killed[0] < SOON


def test_a_scheduler_that_was_never_there_is_a_sentence(small, tmp_path, capsys):
    written.write_shards(tmp_path, small, 1)
    began = time.monotonic()
    assert main([f"{tmp_path}/*.parquet", "--scheduler", NOBODY]) == 1
    assert f"No Dask scheduler answered at {NOBODY} within" in capsys.readouterr().err
    assert time.monotonic() - began < SOON


def test_workers_that_are_none_or_have_no_engine_are_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(on_dask, "CONNECT_S", 1.0)
    with (
        cluster(tmp_path / "none", 0) as (address, _, _),
        pytest.raises(Refused, match="has no worker; wanted some"),
        dask_runner(address),
    ):
        pass
    monkeypatch.undo()
    wanted = r"^The worker tcp://\S+ has engine not at all \(.*; wanted of the code \w{8}, as"
    with (
        cluster(tmp_path / "bare", 1, engine=False) as (address, _, _),
        pytest.raises(Refused, match=wanted),
        dask_runner(address),
    ):
        pass


def test_without_dask_a_scheduler_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Refused, match="pip install -r requirements-dask"), dask_runner(NOBODY):
        pass


def test_a_cluster_can_be_started_here(small, tmp_path, capsys):
    written.write_shards(tmp_path, small, 3)
    given = [str(tmp_path), "--scheduler", "local", "--workers", "2", "--json"]
    assert main(given) == 0
    told = capsys.readouterr()
    assert (json.loads(told.out)["right"], json.loads(told.out)["images"]) == (534, 599)
    assert "Dask's own dashboard: http://127.0.0.1:" in told.err


def test_a_screen_has_its_shards_read_by_the_workers(small, tmp_path, two, monkeypatch):
    monkeypatch.setattr(whole, "MAX_WHOLE_BYTES", 1000)
    data = written.write_shards(tmp_path, small, 3)
    found = Run(str(data), "digits", two)
    assert found.finished(60) and found.error is None
    assert found.result.judged("L2 mean").n_right == 541
    gone = Run(str(data), "digits", NOBODY)
    assert gone.finished(SOON) and "No Dask scheduler answered" in str(gone.error)
