"""Shards of every format give the images that were written, block by block."""

import io
import tarfile
import zipfile

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from engine.runtime.errors import Refused
from engine.shards.sources import shard as shard_module
from engine.shards.sources.find import find_shards
from engine.shards.sources.read import Reading, blocks, first_size
from engine.shards.sources.shard import Shard
from tests.support import shards as written


def read(shards, testing, reading=None):
    """All images and labels of one side, the shards in their order."""
    found = [b for one in shards for b in blocks(one, testing, reading or Reading())]
    return np.concatenate([b.images for b in found]), np.concatenate([b.labels for b in found])


@pytest.mark.parametrize("name", written.FORMATS)
def test_every_format_gives_the_images_and_labels_that_were_written(small, tmp_path, name):
    written.write_shards(tmp_path, small, 2, written.FORMATS[name])
    shards, said = find_shards(str(tmp_path))
    assert len(shards) == 4 and not said
    for testing, split in ((False, small.training), (True, small.testing)):
        images, labels = read(shards, testing)
        assert images.dtype == np.uint8 and np.array_equal(images, split.images)
        assert labels.tolist() == split.labels.tolist()


@pytest.mark.parametrize("name", ["packed_bytes", "pixel_columns", "arrays", "npz", "idx"])
def test_a_block_is_no_larger_than_wanted_and_index_is_the_place_in_the_file(
    small, tmp_path, name, monkeypatch
):
    monkeypatch.setattr(shard_module, "ROWS", 64)
    written.write_shards(tmp_path, small, 1, written.FORMATS[name])
    shard = next(one for one in find_shards(str(tmp_path))[0] if one.testing)
    found = list(blocks(shard, True, Reading()))
    assert max(len(block.images) for block in found) <= 64
    assert np.concatenate([b.index for b in found]).tolist() == list(range(len(small.testing)))


def test_a_file_cut_into_parts_by_rows_gives_the_same_images_with_the_same_places(small, tmp_path):
    images, labels = small.training.images, small.training.labels
    written.packed_bytes(tmp_path / "train-a", images, labels, row_group_size=100)
    written.arrays(tmp_path / "test-b", images, labels)
    shards, _ = find_shards(str(tmp_path), most=20_000)
    for testing in (False, True):
        some = [one for one in shards if one.testing == testing]
        assert len(some) > 2 and some[0].last == some[1].first
        assert np.array_equal(read(some, testing)[0], images)
        places = [b.index for one in some for b in blocks(one, testing, Reading())]
        assert np.concatenate(places).tolist() == list(range(len(images)))


def test_an_npz_of_both_sides_tells_which_is_which(small, tmp_path):
    np.savez(
        tmp_path / "digits.npz",
        x_train=small.training.images, y_train=small.training.labels,
        x_test=small.testing.images, y_test=small.testing.labels,
    )  # fmt: skip
    shards, _ = find_shards(str(tmp_path / "digits.npz"))
    assert np.array_equal(read(shards, False)[0], small.training.images)
    assert np.array_equal(read(shards, True)[0], small.testing.images)


def test_a_column_of_sides_tells_which_is_which(small, tmp_path):
    written.packed_bytes(tmp_path / "all", small.testing.images, small.testing.labels)
    table = parquet.read_table(tmp_path / "all.parquet")
    sides = np.where(np.arange(len(table)) % 3 == 0, "test", "train")
    parquet.write_table(table.append_column("split", pa.array(sides)), tmp_path / "all.parquet")
    shards, _ = find_shards(str(tmp_path))
    assert np.array_equal(read(shards, True)[0], small.testing.images[::3])


def test_without_names_the_hash_of_the_place_splits_the_same_way_each_time(small, tmp_path):
    written.arrays(tmp_path / "digits", small.training.images, small.training.labels)
    shards, _ = find_shards(str(tmp_path))
    test, _ = read(shards, True)
    train, _ = read(shards, False)
    n = len(small.training)
    assert len(test) + len(train) == n
    assert abs(len(test) - 0.2 * n) < 4 * np.sqrt(n * 0.2 * 0.8)  # four standard deviations
    assert np.array_equal(read(shards, True)[0], test)
    other = read(shards, True, Reading(seed=1))[0]
    assert not np.array_equal(other[: len(test)], test[: len(other)])


def test_the_hash_is_uniform_over_places_and_independent_of_the_sample():
    hashes = shard_module.place_hash("a", np.arange(100_000), "split 0") / 2.0**64
    counts = np.histogram(hashes, 50, (0, 1))[0]
    from scipy.stats import chisquare, pearsonr

    assert chisquare(counts).pvalue > 1e-4
    others = shard_module.place_hash("a", np.arange(100_000), "sample 0") / 2.0**64
    assert abs(pearsonr(hashes, others)[0]) < 0.02


def test_an_unreadable_picture_is_named_and_the_others_are_read(small, tmp_path):
    images, labels = small.testing.images[:20], small.testing.labels[:20]
    rows = [{"bytes": written.png(image), "path": None} for image in images]
    rows[7]["bytes"] = b"no picture"
    rows[9]["bytes"] = written.png(np.zeros((5, 5), np.uint8))
    parquet.write_table(pa.table({"image": rows, "label": labels}), tmp_path / "test.parquet")
    shard = Shard(tmp_path / "test.parquet", "test.parquet", True)
    (block,) = blocks(shard, True, Reading((8, 8)))
    assert block.index.tolist() == [i for i in range(20) if i not in (7, 9)]
    assert [one.index for one in block.unread] == [7, 9]
    assert "not a picture" in str(block.unread[0])
    assert "Found 5×5 pixels; wanted 8×8" in str(block.unread[1])


def test_images_without_a_label_are_named(tmp_path):
    images = np.arange(4 * 9, dtype=np.uint8).reshape(4, 3, 3)
    written.arrays(tmp_path / "a", images, np.array([1.0, np.nan, 0.0, -1.0]))
    (shard,) = find_shards(str(tmp_path))[0]
    (block,) = blocks(shard, None, Reading())
    assert block.labels.tolist() == [1, 0] and block.labels.dtype == np.int64
    assert [str(one) for one in block.unread] == [
        "a.npy, image 1: has no label", "a.npy, image 3: has no label",
    ]  # fmt: skip


@pytest.mark.parametrize("name", written.FORMATS)
def test_a_shard_cut_short_is_refused_in_a_sentence(small, tmp_path, name):
    written.write_shards(tmp_path, small, 1, written.FORMATS[name])
    shard = next(one for one in find_shards(str(tmp_path))[0] if one.testing)
    content = shard.path.read_bytes()
    for share in (0.2, 0.5, 0.97):
        shard.path.write_bytes(content[: int(len(content) * share)])
        with pytest.raises(Refused):
            list(blocks(shard, True, Reading()))


@pytest.mark.parametrize(
    ("images", "sentence"),
    [
        (np.full((2, 3, 3), 0.5), "A pixel is 0.5; wanted whole numbers from 0 to 255."),
        (np.full((2, 3, 3), 256), "A pixel is 256; wanted whole numbers from 0 to 255."),
        (np.full((2, 3, 3), np.nan), "A pixel is nan; wanted whole numbers from 0 to 255."),
        (np.zeros((2, 65, 3), np.uint8), "The images are 65×3 pixels; wanted at most 64 a side."),
        (np.zeros((3, 3, 3), np.uint8), "as many labels"),
    ],
)
def test_arrays_that_are_no_images_are_refused(tmp_path, images, sentence):
    written.arrays(tmp_path / "a", images, np.array([0, 1]))
    (shard,) = find_shards(str(tmp_path))[0]
    with pytest.raises(Refused, match=sentence):
        list(blocks(shard, None, Reading()))


def test_other_sizes_than_those_of_the_first_shard_are_refused(small, tmp_path):
    written.arrays(tmp_path / "a", small.testing.images, small.testing.labels)
    written.arrays(tmp_path / "b", small.testing.images[:, :7], small.testing.labels)
    shards, _ = find_shards(str(tmp_path))
    size = first_size(shards)
    assert size == (8, 8)
    with pytest.raises(Refused, match="Found 7×8 pixels; wanted 8×8"):
        list(blocks(shards[1], None, Reading(size)))


def test_no_image_anywhere_is_said_with_the_first_reason(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing")
    with pytest.raises(Refused, match=r"Found no image in 1 shard; .* a\.parquet: The Pa"):
        first_size(find_shards(str(tmp_path))[0])


@pytest.mark.parametrize("pack", ["zip", "tar.gz"])
def test_archives_of_folders_tell_class_and_side(small, tmp_path, pack):
    path = tmp_path / f"digits.{pack}"
    named = [
        (f"{side}/{label}/{at}.png", written.png(image))
        for side, split in (("training", small.training), ("testing", small.testing))
        for at, (image, label) in enumerate(zip(split.images[:30], split.labels[:30], strict=True))
    ]
    if pack == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in named:
                archive.writestr(name, content)
    else:
        with tarfile.open(path, "w:gz") as archive:
            for name, content in named:
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    shards, _ = find_shards(str(path))
    for testing, split in ((False, small.training), (True, small.testing)):
        images, labels = read(shards, testing)
        assert np.array_equal(images, split.images[:30])
        assert labels.tolist() == split.labels[:30].tolist()
