"""Fit and verdict over shards: whoever runs them, the figures are those of the evaluation."""

import multiprocessing.forkserver
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

from engine.runtime.errors import Refused
from engine.shards.gather import gather
from engine.shards.runners import ENDED, Cancelled, Finished, Pool, attempt, in_process
from engine.shards.sources.find import find_shards
from engine.shards.sources.read import Reading
from engine.shards.study import Asked, study
from engine.shards.work import Fit
from tests.support import shards as written

ROOT = Path(__file__).resolve().parents[3]
POOL = Pool(2)


def shuffled(work, shards, check):
    """A runner that gives the shards in another order than they came."""
    order = np.random.default_rng(1).permutation(len(shards))
    yield from in_process(work, [shards[place] for place in order], check)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("count", "runner"), [(1, POOL), (7, in_process), (7, POOL), (100, shuffled), (100, POOL)]
)
def test_any_shards_in_any_order_give_the_templates_and_the_matrix_of_the_evaluation(
    small, small_evaluation, tmp_path, count, runner
):
    written.write_shards(tmp_path / "data", small, count)
    asked = Asked(f"{tmp_path}/data/*.parquet", out=tmp_path / "out")
    found = study(asked, runner=runner)
    assert np.array_equal(found.model.templates_, small_evaluation.classifier.templates_)
    assert np.array_equal(found.verdict.counts, small_evaluation.counts)
    assert len(found.shards) == 2 * count and not found.failed
    assert found.tally.images == len(small.training) + len(small.testing)
    errors = parquet.read_table(tmp_path / "out" / "errors").to_pandas()
    assert len(errors) == len(small.testing) - small_evaluation.n_right
    wrong = small_evaluation.table[~small_evaluation.table["right"]]
    for name in ("true", "predicted", "margin", "gap"):
        assert sorted(errors[name]) == sorted(wrong[name])


def test_the_same_shards_give_the_same_verdict_to_the_bit_whoever_runs_them(small, tmp_path):
    written.write_shards(tmp_path, small, 5)
    asked = Asked(str(tmp_path))
    found = [study(asked, runner=runner).verdict for runner in (in_process, shuffled, POOL)]
    for other in found[1:]:
        assert np.array_equal(found[0].margins, other.margins)
        for one, same in zip(
            [*found[0].worst.arrays().values(), *found[0].sample.arrays().values()],
            [*other.worst.arrays().values(), *other.sample.arrays().values()],
            strict=True,
        ):
            assert np.array_equal(one, same)


def test_a_median_is_fitted_on_shards_too(small, tmp_path):
    from engine.evaluation.evaluation import evaluate

    written.write_shards(tmp_path, small, 3)
    found = study(Asked(str(tmp_path), "L1 median"), runner=in_process)
    wanted = evaluate(small, "L1 median")
    assert np.array_equal(found.model.templates_, wanted.classifier.templates_)
    assert np.array_equal(found.verdict.counts, wanted.counts)


@pytest.mark.slow
@pytest.mark.parametrize("runner", [in_process, POOL])
def test_a_shard_cut_short_is_named_and_the_rest_is_right(small, tmp_path, runner):
    data = written.write_shards(tmp_path / "data", small, 5)
    cut = data / "test-0002.parquet"
    cut.write_bytes(cut.read_bytes()[:-100])
    found = study(Asked(str(data), out=tmp_path / "out"), runner=runner)
    assert [(one.shard.name, one.why) for one in found.failed] == [
        ("test-0002.parquet", "The Parquet file is damaged or cut short.")
    ]
    lost = np.array_split(np.arange(len(small.testing)), 5)[2]
    rest = np.delete(np.arange(len(small.testing)), lost)
    answers = found.model.predict(small.testing.images[rest])
    right = int((answers == small.testing.labels[rest]).sum())
    assert (found.verdict.n_right, found.verdict.n_images) == (right, len(rest))
    shards = parquet.read_table(tmp_path / "out" / "errors")["shard"].unique().to_pylist()
    assert sorted(shards) == [f"test-{at:04}.parquet" for at in (0, 1, 3, 4)]


class Counted(Fit):
    """Notes each shard that is read, and fails the first time it reads the third."""

    def __call__(self, shard, check=lambda: None):
        seen.append(shard.name)
        if shard.name.endswith("2.parquet") and seen.count(shard.name) == 1:
            raise OSError("the disk is away")
        return super().__call__(shard, check)


seen: list[str] = []


def test_a_shard_that_fails_once_is_read_again_and_counted_once(small, tmp_path):
    seen.clear()
    written.write_shards(tmp_path, small, 4)
    shards = [one for one in find_shards(str(tmp_path))[0] if not one.testing]
    states = []
    found = gather(Counted(Reading()), shards, in_process, states.append)
    assert sorted(seen) == sorted([*(one.name for one in shards), "train-0002.parquet"])
    assert not found.failed and found.part.tally.images == len(small.training)
    assert [one.shards for one in states] == [0, 1, 2, 3, 4]
    assert states[-1].share == 1 and states[-1].seconds_left == 0
    assert states[-1].images == states[-1].read == len(small.training)


class Killed(Fit):
    """Ends its process when it reads the second shard, the first time or, marked so, always."""

    def __call__(self, shard, check=lambda: None):
        mark = shard.path.with_suffix(".killed")
        always = shard.path.with_suffix(".always").exists()
        if shard.name.endswith("1.parquet") and (always or not mark.exists()):
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(shard, check)


@pytest.mark.slow
@pytest.mark.parametrize("always", [False, True])
def test_a_process_that_is_killed_costs_at_most_its_shard(small, tmp_path, always):
    written.write_shards(tmp_path, small, 6)
    (tmp_path / "train-0001.always").touch() if always else None
    shards = [one for one in find_shards(str(tmp_path))[0] if not one.testing]
    found = gather(Killed(Reading()), shards, POOL)
    lost = len(np.array_split(np.arange(len(small.training)), 6)[1]) if always else 0
    assert found.part.tally.images == len(small.training) - lost
    assert [(one.shard.name, one.why) for one in found.failed] == [
        ("train-0001.parquet", ENDED)
    ] * always


def noted(read):
    """A runner that notes the names of the shards it reads."""

    def run(work, shards, check):
        for shard in shards:
            read.append((work.step, shard.name))
            yield attempt(work, shard, check)

    return run


def test_resume_reads_no_finished_shard_twice_and_only_what_has_changed(small, tmp_path):
    data = written.write_shards(tmp_path / "data", small, 4)
    asked = Asked(str(data), out=tmp_path / "out", resume=True)
    first, stopped = [], {"Fitting": 4, "Judging": 2}

    def some(work, shards, check):
        for place, finished in enumerate(noted(first)(work, shards, check)):
            if place == stopped[work.step]:
                raise Cancelled("ended")
            yield finished

    with pytest.raises(Cancelled):
        study(asked, runner=some)
    assert len(first) == 4 + 3  # the third was read, and its part kept, before the end came
    second = []
    found = study(asked, runner=noted(second))
    assert second == [("Judging", "test-0003.parquet")]
    fresh = study(Asked(str(data)), runner=in_process)
    assert np.array_equal(found.verdict.margins, fresh.verdict.margins)
    assert np.array_equal(found.verdict.worst.images, fresh.verdict.worst.images)
    again = []
    study(asked, runner=noted(again))
    assert again == []
    os.utime(data / "train-0002.parquet", ns=(1, 1))
    study(asked, runner=noted(again))  # the templates are the same, so that nothing is judged anew
    assert again == [("Fitting", "train-0002.parquet")]


def test_resume_reads_a_shard_again_whose_part_or_errors_are_damaged(small, tmp_path):
    data = written.write_shards(tmp_path / "data", small, 2)
    asked = Asked(str(data), out=tmp_path / "out", resume=True)
    study(asked, runner=in_process)
    for part in (tmp_path / "out" / "parts").iterdir():
        part.write_bytes(part.read_bytes()[:300])
    next((tmp_path / "out" / "errors").iterdir()).unlink()
    read = []
    study(asked, runner=noted(read))
    assert len(read) == 4


def test_a_new_run_leaves_nothing_of_the_one_before_and_touches_nothing_else(small, tmp_path):
    data, out = written.write_shards(tmp_path / "data", small, 5), tmp_path / "out"
    study(Asked(str(data), out=out), runner=in_process)
    for kept in (out / "errors" / "mine.parquet", out / "parts" / "mine.txt"):
        kept.write_text("mine")
    (data / "test-0004.parquet").unlink()
    study(Asked(str(data), out=out), runner=in_process)
    errors = sorted(one.name[:9] for one in (out / "errors").glob("part-*"))
    assert errors == ["part-test"] * 4
    assert (out / "errors" / "mine.parquet").exists() and (out / "parts" / "mine.txt").exists()
    assert len(list((out / "parts").glob("*.npz"))) == 5 + 4


class Slow(Fit):
    """Never ends by itself."""

    def __call__(self, shard, check=lambda: None):
        time.sleep(60)


def children() -> set[int]:
    """The processes of pools: those that the server of processes has started."""
    server = getattr(multiprocessing.forkserver._forkserver, "_forkserver_pid", None)
    found = Path("/proc").glob("[0-9]*/stat")
    return {int(one.parent.name) for one in found if server and _parent(one) == server}


def _parent(stat: Path) -> int:
    """The process that started this one; 0 where it has ended."""
    try:
        return int(stat.read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def test_cancel_frees_the_processes_within_two_seconds(small, tmp_path):
    written.write_shards(tmp_path, small, 4)
    shards = find_shards(str(tmp_path))[0]
    began = []

    def check():
        if not began and len(children()) >= 2:
            began.append(time.monotonic())
        if began and time.monotonic() - began[0] > 0.5:
            began.append(time.monotonic())
            raise Cancelled("ended")

    with pytest.raises(Cancelled):
        gather(Slow(Reading()), shards, POOL, check=check)
    while children() and time.monotonic() - began[-1] < 5:
        time.sleep(0.02)
    assert time.monotonic() - began[-1] < 2 and not children()


ALONE = """
from pathlib import Path
from engine.shards.gather import gather
from engine.shards.runners import Pool
from engine.shards.sources.read import Reading
from engine.shards.sources.shard import Shard
from tests.engine.shards.test_study import Slow
if __name__ == "__main__":
    gather(Slow(Reading()), [Shard(Path(name), name) for name in "ab"], Pool(2))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_processes_end_with_the_one_that_started_them(tmp_path):
    (tmp_path / "alone.py").write_text(ALONE)

    def below(parents: set[int]) -> set[int]:
        found = {
            int(p.parent.name) for p in Path("/proc").glob("[0-9]*/stat") if _parent(p) in parents
        }
        return found | below(found) if found else found

    command, place = [sys.executable, tmp_path / "alone.py"], {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=os.environ | place, stderr=subprocess.DEVNULL) as run:
        while len(started := below({run.pid})) < 4:  # the server, its tracker, and two that work
            assert run.poll() is None
            time.sleep(0.05)
        run.kill()
    began = time.monotonic()
    while (left := {one for one in started if Path(f"/proc/{one}").exists()}) and (
        time.monotonic() - began < 10
    ):
        time.sleep(0.05)
    assert not left


@pytest.mark.slow
@pytest.mark.parametrize(("count", "runner"), [(1, POOL), (7, shuffled), (1_000, POOL)])
def test_mnist_in_any_shards_has_the_right_answers_of_the_fit_in_memory(
    mnist, tmp_path, count, runner
):
    written.write_shards(tmp_path, mnist, count)
    for name, right in (("L1 mean", 6_685), ("L2 mean", 8_203)):
        found = study(Asked(str(tmp_path), name), runner=runner)
        wanted = found.model.__class__(name[:2].lower()).fit(
            mnist.training.images, mnist.training.labels
        )
        assert np.array_equal(found.model.templates_, wanted.templates_)
        assert found.verdict.n_right == right


def test_a_caller_that_asks_for_no_more_ends_the_work(small, tmp_path):
    written.write_shards(tmp_path, small, 4)
    shards = [one for one in find_shards(str(tmp_path))[0] if not one.testing]
    results = POOL(Fit(Reading()), shards, lambda: None)
    assert isinstance(next(results), Finished)
    results.close()
    began = time.monotonic()
    while children() and time.monotonic() - began < 5:
        time.sleep(0.02)
    assert not children()


def test_a_block_is_the_longest_that_cancelling_in_one_process_waits(small, tmp_path):
    written.write_shards(tmp_path, small, 1)
    calls = []

    def check():
        calls.append(1)
        if len(calls) == 2:  # before the shard, and before its block
            raise Cancelled("ended")

    with pytest.raises(Cancelled):
        study(Asked(str(tmp_path)), check=check, runner=in_process)


def test_without_a_test_image_or_a_training_image_there_is_a_sentence(small, tmp_path):
    written.arrays(tmp_path / "a", small.training.images, small.training.labels)
    with pytest.raises(Refused, match="Found no test image in 1 shard;"):
        study(Asked(str(tmp_path), reading=Reading(share=0.0)), runner=in_process)
    with pytest.raises(Refused, match="Found no training image"):
        study(Asked(str(tmp_path), reading=Reading(share=1.0)), runner=in_process)


MEMORY = """
import resource, sys
from pathlib import Path
from engine.shards.runners import in_process
from engine.shards.study import Asked, study
def peak():
    return next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmHWM"))
study(Asked(sys.argv[1], out=Path(sys.argv[3])), runner=in_process)
before = peak()
found = study(Asked(sys.argv[2], out=Path(sys.argv[4])), runner=in_process)
print(found.verdict.n_images, (peak() - before) // 1024)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("write", ["packed_bytes", "arrays"])
def test_memory_does_not_grow_with_the_number_of_images(tmp_path, write):
    draw = np.random.default_rng(0)
    some = draw.integers(0, 256, (2_000, 28, 28), dtype=np.uint8)
    for name, times in (("few", 2), ("many", 100)):
        (tmp_path / name).mkdir()
        images = np.tile(some, (times, 1, 1))
        written.FORMATS[write](tmp_path / name / "a", images, np.arange(len(images)) % 10)
    paths = [tmp_path / name for name in ("few", "many", "out", "more")]
    run = subprocess.run(
        [sys.executable, "-c", MEMORY, *map(str, paths)], cwd=ROOT, capture_output=True, text=True
    )
    images, grown = map(int, run.stdout.split())
    assert images > 35_000
    assert grown < 100, f"{grown} MB for 157 MB of pixels"


def test_errors_of_names_are_names(small, tmp_path):
    names = np.array([f"digit {name}" for name in range(10)])
    for side, split in (("train", small.training), ("test", small.testing)):
        written.arrays(tmp_path / side, split.images, names[split.labels])
    study(Asked(str(tmp_path), out=tmp_path / "out"), runner=in_process)
    errors = pd.read_parquet(tmp_path / "out" / "errors")
    assert set(errors["true"]) <= set(names)
    assert errors.columns.tolist() == ["shard", "index", "true", "predicted", "margin", "gap"]
