"""MNIST straight from its archive: two processes decode the stream, and nothing is unpacked.

Unpacking 70,000 small files takes longer than all the rest. Each process walks the whole stream,
decodes the images of every other digit, and writes each at its place in the store: that of its
number, which is its index in the published files.
"""

import gzip
import io
import os
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from engine.datasets.cache_file import PAGE, finish, replacing
from engine.datasets.dataset import Dataset, Split
from engine.datasets.mnist.folder import (
    MNIST_FILES,
    MNIST_NAME,
    MNIST_SIZE,
    REPORT_EVERY,
    SPLITS,
    decode,
)
from engine.runtime.child_process import end_with_parent
from engine.runtime.progress import Phase, Progress, no_progress

ROOT = Path(__file__).resolve().parents[3]
SHARES = 2  # processes that decode, each the digits of one parity
BLOCK = 512  # bytes; a tar archive is headers and contents, each filled up to whole blocks
AHEAD = 1 << 20  # bytes unpacked at a time
LARGEST = 100_000  # bytes of one image file; MNIST's have 400
MEMBER = re.compile(r"mnist_png/((?:training|testing)/[0-9]/(?:0|[1-9][0-9]{0,8})\.png)")


def _chunk(content: bytes) -> bytes:
    """A part of a PNG file: its length without its name, name and data, and their checksum."""
    length, checksum = len(content) - 4, zlib.crc32(content)
    return struct.pack(">I", length) + content + struct.pack(">I", checksum)


HEADER = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR" + struct.pack(">2I5B", *MNIST_SIZE, 8, 0, 0, 0, 0))
FOOTER = _chunk(b"IEND")
Names = dict[str, list[str]]  # of each split, by number


class OddArchive(ValueError):
    """Not the 70,000 plain images it should be; `untar_data` and `read_folder` may know better."""


def store_archive(archive: Path, store: Path, progress: Progress = no_progress) -> None:
    """Decodes the images in ``archive`` and writes ``store``, equal to that of the unpacked folder.

    Raises OddArchive when anything is not as expected, OSError when the store cannot be written;
    then nothing is left behind.
    """
    total = sum(MNIST_FILES.values())
    with replacing(store) as file, _helper(archive, file.name) as helper:
        done = 0

        def report() -> None:
            nonlocal done
            done += REPORT_EVERY * (1 + len(helper.stdout.read() or b""))
            progress(Phase.DECODING, min(done, total), total)

        names = decode_share(archive, Path(file.name), 0, report)
        if helper.wait():  # killed, or it found what this process finds again and can tell
            decode_share(archive, Path(file.name), 1, report)
        progress(Phase.DECODING, total, total)
        finish(file, _described(Path(file.name), names))


def decode_share(archive: Path, store: Path, share: int, report: Callable[[], None]) -> Names:
    """Decodes one share of the images into ``store``; the names in each split, by number.

    ``report`` is called after every `REPORT_EVERY` images. Raises OddArchive, and OSError when the
    store cannot be written.
    """
    names: Names = {split: [""] * count for split, count in MNIST_FILES.items()}
    mine = 0
    try:
        with store.open("r+b", buffering=0) as file:
            for name, content in members(archive):
                place = _place(name, names)
                if int(name.split("/")[1]) % SHARES == share:
                    os.pwrite(file.fileno(), grey(content), place)
                    mine += 1
                    if mine % REPORT_EVERY == 0:
                        report()
        _refuse_incomplete(names)
    except (ValueError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise OddArchive(f"{archive.name}: {error}") from error
    return names


def _place(name: str, names: Names) -> int:
    """Enters the name among ``names``; where in the store its pixels begin."""
    split, _, file = name.split("/")
    number, before = int(file.removesuffix(".png")), 0
    if number >= len(names[split]) or names[split][number]:
        raise OddArchive(f"holds {name!r} twice or too many images")
    names[split][number] = name
    for other in SPLITS[: SPLITS.index(split)]:
        before += len(names[other])
    return PAGE + (before + number) * MNIST_SIZE[0] * MNIST_SIZE[1]


def members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Name ("training/0/1.png") and content of each file in a gzipped tar archive of MNIST.

    Raises OddArchive for any other name or kind of member, and gzip's errors for a damaged stream,
    at the latest at its end.
    """
    with io.BufferedReader(gzip.open(archive), AHEAD) as stream:
        while (header := stream.read(BLOCK)).strip(b"\0"):
            name, size, kind = header[:100].rstrip(b"\0").decode(), header[124:136], header[156:157]
            size = int(size.strip(b" \0") or b"0", 8)
            match = MEMBER.fullmatch(name)
            if kind == b"0" and match and 0 < size <= LARGEST and header[257:262] == b"ustar":
                yield match[1], stream.read(size + -size % BLOCK)[:size]
            elif kind != b"5" or size:
                raise OddArchive(f"holds {name[:60]!r} of kind {kind!r} and {size:,} bytes")
        while rest := stream.read(AHEAD):
            if rest.strip(b"\0"):
                raise OddArchive("goes on behind its end")


def grey(png: bytes) -> bytes:
    """The pixels of one PNG file of 28×28, decoded by Pillow. Raises ValueError for a bad file.

    Of a file like MNIST's, where one chunk of data lies between the same header and footer, only
    that chunk is given to Pillow, for most of the time goes into the rest. Any other is opened as
    usual.
    """
    content = png[len(HEADER) + 4 : -len(FOOTER) - 4]
    if content.startswith(b"IDAT") and png == HEADER + _chunk(content) + FOOTER:
        return Image.frombytes("L", MNIST_SIZE, content[4:], "zip", "L", 0).tobytes()
    return decode(io.BytesIO(png), MNIST_SIZE).tobytes()


def _refuse_incomplete(names: Names) -> None:
    for split, found in names.items():
        if missing := found.count(""):
            raise OddArchive(f"{split} is not 0.png to {len(found) - 1}.png, {missing:,} missing")


def _described(store: Path, names: Names) -> Dataset:
    """What the images that were written are, left in the file."""
    counts = list(map(len, names.values()))
    shape = sum(counts), *MNIST_SIZE
    images = np.asarray(np.memmap(store, np.uint8, "r", offset=PAGE, shape=shape))
    splits = []
    for split, some in zip(SPLITS, np.split(images, [counts[0]]), strict=True):
        labels = [int(name.split("/")[1]) for name in names[split]]
        splits.append(Split(some, np.array(labels), np.array(names[split])))
    return Dataset(MNIST_NAME, *splits)


@contextmanager
def _helper(archive: Path, store: str) -> Iterator[subprocess.Popen]:
    """A second process with the other share; it writes one byte a report, and ends with us."""
    command = [sys.executable, "-m", "engine.datasets.mnist.archive", str(archive), store]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    helper = subprocess.Popen(command, cwd=ROOT, bufsize=0, **pipes)
    os.set_blocking(helper.stdout.fileno(), False)
    try:
        yield helper
    finally:
        helper.kill()
        helper.wait()
        helper.stdin.close()
        helper.stdout.close()


if __name__ == "__main__":
    end_with_parent()
    decode_share(Path(sys.argv[1]), Path(sys.argv[2]), 1, lambda: os.write(1, b"."))
