"""One checksummed file that holds a data set, so that later starts need no decoding.

The file is a line with format, version, sha256 of all that follows; a line of JSON; and then the
six arrays in numpy's own .npy format, one after another.
"""

import hashlib
import json
import os
import tempfile
from pathlib import Path

import numpy as np

from engine.digits import Digits, Split

FORMAT = b"digitscope-store"
VERSION = b"1"
LONGEST_HEADER = 1 << 16


class BadStore(ValueError):
    """The file is not a whole store of this version."""


def write_store(path: Path, digits: Digits) -> None:
    """Writes ``digits`` to ``path`` whole or not at all: a temporary neighbour, then a rename.

    Raises OSError when the folder cannot be written or the disk is full; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w+b") as file:
            _write(file, digits)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_store(path: Path) -> Digits:
    """The data set in ``path``, its arrays mapped from the file and never copied.

    Raises FileNotFoundError when there is none, and BadStore when the file is damaged, cut short,
    or of another version. Nothing in it is ever unpickled.
    """
    body = np.memmap(path, dtype=np.uint8, mode="r") if path.stat().st_size else np.empty(0, "u1")
    with path.open("rb") as file:
        start = _check(file.readline(LONGEST_HEADER), body)
        file.seek(start)
        about = json.loads(file.readline(LONGEST_HEADER))
        arrays = [_map_array(file, path) for _ in range(6)]
    return Digits(
        about["name"], Split(*arrays[:3]), Split(*arrays[3:]), skipped=tuple(about["skipped"])
    )


def _write(file, digits: Digits) -> None:
    """Leaves room for the first line, writes the rest, then comes back with its checksum."""
    file.write(_first_line("0" * 64))
    start = file.tell()
    file.write(json.dumps({"name": digits.name, "skipped": digits.skipped}).encode() + b"\n")
    for split in (digits.training, digits.testing):
        for array in (split.images, split.labels, split.files):
            np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
    file.seek(start)
    checksum = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    file.write(_first_line(checksum))


def _first_line(checksum: str) -> bytes:
    return b" ".join([FORMAT, VERSION, checksum.encode()]) + b"\n"


def _check(first_line: bytes, body: np.ndarray) -> int:
    """Where the content begins, once the format, the version and the checksum are right."""
    words = first_line.split()
    if words[:2] != [FORMAT, VERSION] or len(words) != 3:
        raise BadStore(f"starts with {first_line[:40]!r}, not with {FORMAT + b' ' + VERSION!r}")
    found = hashlib.sha256(body[len(first_line) :]).hexdigest()
    if found.encode() != words[2]:
        raise BadStore(f"content has checksum {found[:12]}…, not {words[2][:12].decode()}…")
    return len(first_line)


def _map_array(file, path: Path) -> np.ndarray:
    """The next array, mapped read-only; the file is left at the end of it."""
    version = np.lib.format.read_magic(file)
    read_header = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }[version]
    shape, _, dtype = read_header(file)
    start = file.tell()
    array = np.memmap(path, dtype=dtype, mode="r", offset=start, shape=shape)
    file.seek(start + array.nbytes)
    return np.asarray(array)
