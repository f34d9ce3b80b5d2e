import numpy as np
import pytest

from engine.digits import Digits, Split
from engine.store import BadStore, read_store, write_store


@pytest.fixture
def path(tmp_path, toy):
    write_store(tmp_path / "toy.store", toy)
    return tmp_path / "toy.store"


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


DAMAGE = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "one byte short": lambda data: data[:-1],
    "one bit flipped": lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
    "first line flipped": lambda data: data[:30] + b"x" + data[31:],
    "another version": lambda data: data.replace(b"digitscope-store 1", b"digitscope-store 0", 1),
    "another program's file": lambda data: b"PK\x03\x04" + data,
    "one endless line": lambda data: b"digitscope-store 1 " + b"0" * 100_000,
    "more at the end": lambda data: data + b"0",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_store_is_noticed(path, damage):
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    with pytest.raises(BadStore):
        read_store(path)


def test_no_store_is_not_a_damaged_store(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_store(tmp_path / "none")


def test_objects_are_never_pickled(tmp_path):
    images, labels = np.zeros((1, 2, 2), "u1"), np.zeros(1, int)
    objects = Split(images, labels, np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle=False"):
        write_store(tmp_path / "s", Digits("d", objects, objects))
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_store_and_no_temporary_file(path, toy, monkeypatch):
    before = path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.store.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_store(path, toy)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
