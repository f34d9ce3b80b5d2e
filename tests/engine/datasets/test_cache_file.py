import os
from dataclasses import replace

import numpy as np
import pytest

from engine.datasets.cache_file import BadStore, is_unchanged, read_store, write_store
from engine.datasets.dataset import Dataset, Reason, Skipped, Split


@pytest.fixture
def path(tmp_path, toy):
    write_store(tmp_path / "toy.store", toy)
    return tmp_path / "toy.store"


def test_what_was_skipped_comes_back_with_its_reason(tmp_path, toy):
    skipped = Skipped("a", Reason.FOREIGN), Skipped("b", Reason.UNREADABLE, "is damaged")
    write_store(tmp_path / "s", replace(toy, skipped=skipped))
    assert read_store(tmp_path / "s").skipped == skipped


def test_what_is_stored_comes_back_and_cannot_be_written(path, toy):
    found = read_store(path)
    assert (found.name, found.skipped, found.key) == (toy.name, toy.skipped, toy.key)
    for split in ("training", "testing"):
        for part in ("images", "labels", "files"):
            wanted = getattr(getattr(toy, split), part)
            array = getattr(getattr(found, split), part)
            assert (array == wanted).all()
            assert array.dtype == wanted.dtype
            assert not array.flags.writeable


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


DAMAGE = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "one byte short": lambda data: data[:-1],
    "one bit of the description flipped": lambda data: flipped(data, len(data) - 9),
    "one bit of an image flipped": lambda data: flipped(data, 4096 + 3),
    "one bit of a sum flipped": lambda data: flipped(data, 2 * 4096 + 5),
    "a page of zeros": lambda data: data[:4096] + bytes(4096) + data[8192:],
    "a page too many": lambda data: data[:8192] + data[4096:],
    "first line flipped": lambda data: data[:30] + b"x" + data[31:],
    "another version": lambda data: data.replace(b"digitscope-store 5", b"digitscope-store 4", 1),
    "another program's file": lambda data: b"PK\x03\x04" + data,
    "one endless line": lambda data: b"digitscope-store 5 " + b"0" * 100_000,
    "more at the end": lambda data: data + b"0",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_store_is_noticed(path, damage):
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    with pytest.raises(BadStore):
        read_store(path)


def test_two_pages_that_changed_places_are_noticed(tmp_path, small):
    write_store(tmp_path / "s", small)
    data = (tmp_path / "s").read_bytes()
    first, second = data[4096 * 2 : 4096 * 3], data[4096 * 3 : 4096 * 4]
    (tmp_path / "s").write_bytes(data[: 4096 * 2] + second + first + data[4096 * 4 :])
    with pytest.raises(BadStore, match=r"2 of .* pages are damaged, the first is 1"):
        read_store(tmp_path / "s")


@pytest.mark.parametrize("size", [1, 8, 512])
def test_two_neighbours_that_changed_places_within_a_page_are_noticed(tmp_path, small, size):
    write_store(tmp_path / "s", small)
    data = (tmp_path / "s").read_bytes()
    ends = range(4096, 8192 - 2 * size, size)
    at = next(at for at in ends if data[at : at + size] != data[at + size : at + 2 * size])
    one, other = data[at : at + size], data[at + size : at + 2 * size]
    (tmp_path / "s").write_bytes(data[:at] + other + one + data[at + 2 * size :])
    with pytest.raises(BadStore, match=r"1 of .* pages are damaged, the first is 0"):
        read_store(tmp_path / "s")


def test_a_pickle_planted_with_the_right_sums_is_refused_and_not_run(path, monkeypatch, tmp_path):
    """The description says objects and all sums are right: only the type gives it away."""
    toy = read_store(path)
    monkeypatch.setattr("engine.datasets.cache_file.PLAIN", "uifUSO")
    labels = np.zeros(2, object)
    planted = Split(toy.training.images, labels, toy.training.files)
    write_store(path, Dataset("toy", planted, toy.testing))
    monkeypatch.undo()
    with pytest.raises(BadStore, match="only numbers and text are stored"):
        read_store(path)


@pytest.mark.parametrize("shape", [(3, 5, 7), (1, 1, 1)])
def test_odd_sizes_and_names_for_classes_come_back_aligned(tmp_path, shape):
    images = np.arange(np.prod(shape), dtype="u1").reshape(shape)
    names = np.array(["zwölf"] * shape[0])
    split = Split(images, names, np.arange(shape[0]))
    write_store(tmp_path / "s", Dataset("odd", split, split))
    found = read_store(tmp_path / "s").testing
    for part in ("images", "labels", "files"):
        array = getattr(found, part)
        assert (array == getattr(split, part)).all()
        assert array.flags.aligned


def test_the_key_is_that_of_the_content_and_is_not_computed_again(path, toy, monkeypatch):
    assert toy.key == Dataset("toy", toy.training, toy.testing).key
    monkeypatch.setattr("engine.datasets.dataset.hashlib", None)
    assert read_store(path).key == toy.key


def overwritten(path):
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\x01")


CHANGES = {
    "written into": (overwritten, False),
    "cut short": (lambda path: os.truncate(path, 5000), False),
    "replaced by another": (lambda path: write_store(path, read_store(path)), True),
    "removed": (lambda path: path.unlink(), True),
    "left alone": (lambda path: None, True),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_noticed_when_somebody_writes_into_a_store_in_use(path, change):
    os.utime(path, (0, 0))  # long ago: two changes within one tick of the clock look like one
    found = read_store(path)
    work, unchanged = CHANGES[change]
    work(path)
    assert is_unchanged(found) == unchanged


def test_a_dataset_from_elsewhere_is_unchanged(toy):
    assert is_unchanged(toy)


def test_no_store_is_not_a_damaged_store(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_store(tmp_path / "none")


def test_objects_are_never_pickled(tmp_path):
    images, labels = np.zeros((1, 2, 2), "u1"), np.zeros(1, int)
    objects = Split(images, labels, np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="only numbers and text"):
        write_store(tmp_path / "s", Dataset("d", objects, objects))
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_store_and_no_temporary_file(path, toy, monkeypatch):
    before = path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.datasets.cache_file.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_store(path, toy)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
