"""Which files are shards, in which order, and for which side."""

import numpy as np
import pytest

from engine.runtime.errors import Refused
from engine.shards.sources.find import find_shards, is_pattern
from tests.support import shards as written


def names(found):
    return [(one.name, one.testing) for one in found[0]]


def write(folder, *paths):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"PAR1")


def test_sides_are_told_by_names_or_folders_below_what_the_pattern_has_in_common(tmp_path):
    base = tmp_path / "test"  # a folder above all of them tells nothing
    write(base, "a/train-10.parquet", "a/train-9.parquet", "a/t10k-1.parquet")
    wanted = [("t10k-1.parquet", True), ("train-9.parquet", False), ("train-10.parquet", False)]
    assert names(find_shards(f"{base}/a/*.parquet")) == wanted
    write(base, "b/training/1.parquet", "b/testing/1.parquet")
    wanted = [("testing/1.parquet", True), ("training/1.parquet", False)]
    assert names(find_shards(f"{base}/b/*/*.parquet")) == wanted
    assert names(find_shards(str(base / "b"))) == wanted
    assert names(find_shards(f"{base}/b/**/*.parquet")) == wanted


def test_without_two_sides_nothing_is_told(tmp_path):
    write(tmp_path, "1.parquet", "2.parquet")
    assert names(find_shards(f"{tmp_path}/*")) == [("1.parquet", None), ("2.parquet", None)]


def test_what_has_no_side_beside_others_is_left_out_and_said(tmp_path):
    write(tmp_path, "train.parquet", "test.parquet", "extra.parquet", "val.parquet")
    found = find_shards(str(tmp_path))
    assert [one.name for one in found[0]] == ["test.parquet", "train.parquet"]
    assert found[1] == [
        "The validation images were left out.",
        "Left out: 1 shard, called neither training nor testing.",
    ]


def test_labels_are_found_beside_the_images_they_are_of(tmp_path):
    for images, labels in (
        ("X_train.npy", "y_train.npy"), ("X_test.npy", "y_test.npy"),
        ("part-7-images.npy", "part-7-labels.npy"), ("part-8.npy", "part-8.labels.npy"),
        ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte"),
    ):  # fmt: skip
        write(tmp_path, f"{images}.d/{images}", f"{images}.d/{labels}")
        (shard,) = find_shards(str(tmp_path / f"{images}.d"))[0]
        assert (shard.path.name, shard.labels.name) == (images, labels)


def test_a_pattern_finds_labels_that_it_does_not_match(small, tmp_path):
    written.arrays(tmp_path / "digits-1", small.testing.images, small.testing.labels)
    (shard,) = find_shards(f"{tmp_path}/digits-?.npy")[0]
    assert shard.labels.name == "digits-1-labels.npy"


def test_small_files_stay_whole_and_bytes_are_counted(tmp_path):
    written.arrays(tmp_path / "a", np.zeros((10, 4, 4), np.uint8), np.zeros(10, int))
    (shard,) = find_shards(str(tmp_path), most=1_000)[0]
    assert (shard.first, shard.last, shard.nbytes) == (0, None, 288)
    pieces, _ = find_shards(str(tmp_path), most=64)
    assert [(one.first, one.last) for one in pieces] == [(0, 4), (4, 8), (8, 10)]
    assert str(pieces[1]) == "a.npy, images 4 to 7"


def test_nothing_found_is_a_sentence(tmp_path):
    write(tmp_path, "notes.txt")
    with pytest.raises(Refused, match=r"Found 1 files at .*; wanted Parquet"):
        find_shards(str(tmp_path))
    with pytest.raises(Refused, match="Found 0 files"):
        find_shards(f"{tmp_path}/*.parquet")


def test_a_file_that_is_called_like_a_pattern_is_none(tmp_path):
    write(tmp_path, "digits[1].parquet")
    assert is_pattern(f"{tmp_path}/*.parquet")
    assert not is_pattern(f"{tmp_path}/digits[1].parquet") and not is_pattern("mnist")
