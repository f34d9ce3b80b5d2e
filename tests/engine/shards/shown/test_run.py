"""Shards opened for a screen: whole where they are few, else counted exactly and shown in part."""

import time

import numpy as np
import pytest

from engine.evaluation.comparison import Paired, compare, compare_counts
from engine.evaluation.evaluation import evaluate
from engine.runtime.errors import Refused
from engine.shards.runners import Pool, in_process
from engine.shards.shown import run, whole
from engine.shards.shown.run import Run, open_shards
from tests.support import shards as written


def opened(pattern, runner=in_process, watch=lambda status: None):
    return open_shards(str(pattern), "digits", runner, watch, lambda: None)


@pytest.fixture
def large(monkeypatch):
    """Holds few images whole."""
    monkeypatch.setattr(whole, "MAX_WHOLE_BYTES", 1000)


def test_few_images_are_read_whole_in_the_order_of_their_shards(small, tmp_path):
    found = opened(written.write_shards(tmp_path, small, 3))
    assert np.array_equal(found.training.images, small.training.images)
    assert np.array_equal(found.testing.labels, small.testing.labels)
    assert found.testing.files[0] == "test-0000.parquet, image 0" and not found.is_sample


@pytest.mark.parametrize("runner", [in_process, Pool(2)])
@pytest.mark.usefixtures("large")
def test_of_more_images_both_models_are_judged_by_all(small, tmp_path, runner):
    found = opened(written.write_shards(tmp_path, small, 5), runner)
    first, second = (evaluate(small, name) for name in ("L1 mean", "L2 mean"))
    for wanted, name in ((first, "L1 mean"), (second, "L2 mean")):
        judged = found.judged(name)
        assert np.array_equal(judged.counts, wanted.counts)
        assert np.array_equal(judged.templates, wanted.templates)
    for one, other in ((first, second), (second, first)):
        names = ["L1 mean", "L2 mean"] if one is first else ["L2 mean", "L1 mean"]
        both = compare_counts(found.both(*names), first.classes)
        assert Paired.of(both) == Paired.of(compare(one, other))
    assert found.totals["training"].sum() == len(small.training)
    assert found.totals["testing"].tolist() == first.counts.sum(axis=1).tolist()


@pytest.mark.usefixtures("large")
def test_what_is_drawn_is_a_dataset_of_its_own(small, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "MAX_DRAWN_BYTES", 64 * 200)
    found = opened(written.write_shards(tmp_path, small, 5)).drawn
    assert (len(found.training), len(found.testing)) == (200, 200) and not found.is_sample
    files = {
        image.tobytes(): label
        for image, label in zip(small.testing.images, small.testing.labels, strict=True)
    }
    assert all(
        files[image.tobytes()] == label
        for image, label in zip(found.testing.images, found.testing.labels, strict=True)
    )
    assert "drawn at random from 1,198 and 599" in found.done[0]


@pytest.mark.parametrize("few", [True, False])
def test_a_shard_that_cannot_be_read_is_named(small, tmp_path, monkeypatch, few):
    if not few:
        monkeypatch.setattr(whole, "MAX_WHOLE_BYTES", 1000)
    data = written.write_shards(tmp_path, small, 3)
    cut = data / "test-0001.parquet"
    cut.write_bytes(cut.read_bytes()[:-100])
    found = opened(data)
    named = ["test-0001.parquet: The Parquet file is damaged or cut short."]
    assert list(map(str, found.skipped)) == named
    judged = evaluate(found, "L1 mean") if few else found.judged("L1 mean")
    assert judged.n_images == 399


@pytest.mark.usefixtures("large")
def test_it_tells_how_far_it_is_and_ends_within_two_seconds_when_it_is_cancelled(
    small, tmp_path, monkeypatch
):
    data = written.write_shards(tmp_path, small, 4)
    done = Run(str(data), "digits")
    assert done.finished(60) and done.error is None
    assert (done.report.step, done.report.share) == ("Judging", 1)
    assert "4 of 4 shards, 599 images" in done.report.amount
    monkeypatch.setattr(run, "FitAndDraw", Endless)
    began = Run(str(data), "digits")
    while began.report.step != "Waiting":
        assert not began.finished(0.05)
    time.sleep(0.5)
    asked = time.monotonic()
    began.cancel()
    assert began.finished(10) and time.monotonic() - asked < 2
    assert isinstance(began.error, Refused) and "cancelled" in str(began.error)


class Endless:
    """Never ends by itself."""

    step = "Waiting"

    def __init__(self, *about: object) -> None:
        """Needs nothing."""

    def __call__(self, shard, check=lambda: None):
        time.sleep(60)
