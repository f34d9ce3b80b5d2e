"""`python -m engine` with a pattern of files."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

from engine.__main__ import main
from engine.evaluation.evaluation import evaluate
from engine.shards.command import said
from engine.shards.gather import Status
from engine.shards.parts import read_part
from tests.support import shards as written

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def pattern(small, tmp_path) -> str:
    written.write_shards(tmp_path / "data", small, 3)
    return f"{tmp_path}/data/*.parquet"


@pytest.mark.parametrize("model", ["L1 mean", "L2 mean", "L1 median"])
def test_a_pattern_gives_the_figures_and_files_of_the_evaluation(
    small, pattern, tmp_path, capsys, model
):
    wanted = evaluate(small, model)
    out = tmp_path / "out"
    given = [pattern, "--model", model, "--workers", "1", "--out", str(out)]
    assert main([*given, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["right"], found["images"]) == (wanted.n_right, 599)
    assert found["accuracy"] == wanted.n_right / 599 and found["failed"] == []
    assert found["files"] == [
        str(out / name) for name in ("matrix.csv", "templates.npz", "verdict.npz", "errors")
    ]
    matrix = pd.read_csv(out / "matrix.csv", index_col=0)
    assert matrix.iloc[:10, :10].to_numpy().tolist() == wanted.counts.tolist()
    with np.load(out / "templates.npz") as templates:
        assert np.array_equal(templates["templates"], wanted.templates)
    assert np.array_equal(read_part(out / "verdict.npz").result.counts, wanted.counts)
    assert len(parquet.read_table(out / "errors")) == 599 - wanted.n_right
    assert main(given) == 0
    assert f"{wanted.n_right} of 599 test images are right" in capsys.readouterr().out


def test_workers_reads_one_file_or_a_folder_as_shards_and_splits_it_by_hash(
    small, tmp_path, capsys
):
    written.arrays(tmp_path / "digits", small.training.images, small.training.labels)
    assert main([str(tmp_path), "--workers", "1"]) == 0
    out = capsys.readouterr().out
    assert "The names do not tell training from testing" in out and "(seed 0)" in out


def test_a_shard_that_cannot_be_read_is_named_and_the_status_is_1(pattern, tmp_path, capsys):
    (tmp_path / "data" / "test-0001.parquet").write_bytes(b"PAR1")
    assert main([pattern, "--workers", "1"]) == 1
    printed = capsys.readouterr()
    assert "test images are right" in printed.out
    assert printed.err == (
        "Not read: 1 shard\ntest-0001.parquet: The Parquet file is damaged or cut short.\n"
    )


def test_the_floor_holds_for_shards_too(pattern, capsys):
    assert main([pattern, "--workers", "1", "--at-least", "0.99"]) == 1
    assert "wanted at least 0.99" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--compare", "L2 mean"], "--compare needs all images at once"),
        (["--corruption"], "--corruption needs all images at once"),
        (["--workers", "0"], "Found --workers 0; wanted 1 or more."),
        (["--resume"], "--resume needs the folder of the run before"),
        (["--model", "Logistic"], "'Logistic' is not fitted shard by shard"),
    ],
)
def test_what_shards_cannot_do_is_one_sentence(pattern, capsys, more, sentence):
    assert main([pattern, *more]) == 1
    err = capsys.readouterr().err
    assert sentence in err and err.count("\n") == 1


def test_a_pattern_of_nothing_is_one_sentence(tmp_path, capsys):
    assert main([f"{tmp_path}/*.parquet"]) == 1
    assert "Found 0 files" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_the_keyboard_ends_a_run_and_resume_goes_on(small, tmp_path):
    images = np.tile(small.training.images, (40, 1, 1))
    labels = np.tile(small.training.labels, 40)
    (tmp_path / "data").mkdir()
    for at in range(12):
        written.arrays(tmp_path / "data" / f"{'test' if at else 'train'}-{at}", images, labels)
    command = [sys.executable, "-m", "engine", str(tmp_path / "data"), "--workers", "2"]
    command += ["--out", str(tmp_path / "out")]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as run:
        parts = tmp_path / "out" / "parts"
        while run.poll() is None and len(list(parts.glob("[0-9a-f]*.npz"))) < 3:
            time.sleep(0.01)
        run.send_signal(signal.SIGINT)
        try:
            err = run.communicate(timeout=20)[1]
        finally:
            run.kill()
    assert run.returncode == 1
    assert err == (
        "The run was ended from the keyboard; "
        "--resume goes on with the shards that were not finished.\n"
    )
    before = {one: one.stat().st_mtime_ns for one in parts.glob("[0-9a-f]*.npz")}
    assert 3 <= len(before) < 12
    more = [*command, "--resume", "--json"]
    again = subprocess.run(more, cwd=ROOT, capture_output=True, text=True)
    assert json.loads(again.stdout)["images"] == 11 * len(images)
    after = {one: one.stat().st_mtime_ns for one in parts.glob("[0-9a-f]*.npz")}
    assert len(after) == 12 and before.items() <= after.items()


def test_the_line_of_progress_says_how_far_it_is():
    begun = Status("Fitting", 0, 10, 0, 0, 0.0, 0.0)
    assert said(begun) == "Fitting: 0 of 10 shards, 0 images"
    going = Status("Judging", 3, 10, 5_000, 4_000, 0.25, 25.0, 1)
    assert said(going) == (
        "Judging: 3 of 10 shards, 5,000 images, 160 images a second, 1 min 15 s left; 1 failed"
    )
