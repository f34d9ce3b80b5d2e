"""MNIST straight from its archive: two processes decode the stream, and nothing is unpacked.

Unpacking 70,000 small files takes longer than all the rest. Each process walks the whole stream,
decodes the images of every other digit, and writes them where the store wants them.
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
    DIGITS,
    MNIST_FILES,
    MNIST_NAME,
    MNIST_SIZE,
    REPORT_EVERY,
    SPLITS,
    decode,
)
from engine.runtime.child_process import end_with_parent
from engine.runtime.progress import Progress, no_progress

ROOT = Path(__file__).resolve().parents[3]
SHARES = 2  # processes that decode, each the digits of one parity
BLOCK = 512  # bytes; a tar archive is headers and contents, each filled up to whole blocks
AHEAD = 1 << 20  # bytes unpacked at a time
LARGEST = 100_000  # bytes of one image file; MNIST's have 400
MEMBER = re.compile(r"mnist_png/((?:training|testing)/[0-9]/[0-9]+\.png)")
FOLDERS = tuple((split, digit) for split in SPLITS for digit in DIGITS)  # in the store's order


def _chunk(content: bytes) -> bytes:
    """A part of a PNG file: its length without its name, name and data, and their checksum."""
    length, checksum = len(content) - 4, zlib.crc32(content)
    return struct.pack(">I", length) + content + struct.pack(">I", checksum)


HEADER = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR" + struct.pack(">2I5B", *MNIST_SIZE, 8, 0, 0, 0, 0))
FOOTER = _chunk(b"IEND")
Names = dict[tuple[str, str], list[str]]


class OddArchive(ValueError):
    """Not the 70,000 plain images it should be; `untar_data` and `read_folder` may know better."""


def store_archive(archive: Path, store: Path, progress: Progress = no_progress) -> None:
    """Decodes the images in ``archive`` and writes ``store``, equal to that of the unpacked folder.

    Memory holds each image once. Raises OddArchive when anything is not as expected, OSError when
    the store cannot be written; then nothing is left behind.
    """
    total = sum(MNIST_FILES.values())
    with replacing(store) as file, _helper(archive, file.name) as helper:
        done = 0

        def report() -> None:
            nonlocal done
            done += REPORT_EVERY * (1 + len(helper.stdout.read() or b""))
            progress("Decoding images", min(done, total), total)

        names = decode_share(archive, Path(file.name), 0, report)
        if helper.wait():  # killed, or it found what this process finds again and can tell
            decode_share(archive, Path(file.name), 1, report)
        progress("Decoding images", total, total)
        finish(file, _described(Path(file.name), names))


def decode_share(archive: Path, store: Path, share: int, report: Callable[[], None]) -> Names:
    """Decodes one share of the images into ``store``; the names in all folders, sorted.

    ``report`` is called after every `REPORT_EVERY` images. Raises OddArchive.
    """
    names: Names = {folder: [] for folder in FOLDERS}
    pixels = {folder: bytearray() for folder in FOLDERS if int(folder[1]) % SHARES == share}
    mine = 0
    try:
        for name, content in members(archive):
            folder = tuple(name.split("/")[:2])
            names[folder].append(name)
            if folder in pixels:
                pixels[folder] += grey(content)
                mine += 1
                if mine % REPORT_EVERY == 0:
                    report()
        _refuse_incomplete(names)
    except (ValueError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise OddArchive(f"{archive.name}: {error}") from error
    _write(store, names, pixels)
    return {folder: sorted(found) for folder, found in names.items()}


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
    for split, count in MNIST_FILES.items():
        numbers = [name.split("/")[2] for digit in DIGITS for name in names[split, digit]]
        if sorted(numbers) != sorted(f"{number}.png" for number in range(count)):
            raise OddArchive(f"{split} is not 0.png to {count - 1}.png, {len(numbers):,} found")


def _write(store: Path, names: Names, pixels: dict[tuple[str, str], bytearray]) -> None:
    """Puts each folder's images behind those of the folders before it, sorted by their names."""
    at = PAGE
    with store.open("r+b") as file:
        for folder, found in names.items():
            if folder in pixels:
                images = np.frombuffer(pixels.pop(folder), np.uint8).reshape(len(found), -1)
                file.seek(at)
                file.write(images[np.argsort(found)])
            at += len(found) * MNIST_SIZE[0] * MNIST_SIZE[1]


def _described(store: Path, names: Names) -> Dataset:
    """What the images that were written are, left in the file."""
    counts = list(MNIST_FILES.values())
    shape = sum(counts), *MNIST_SIZE
    images = np.asarray(np.memmap(store, np.uint8, "r", offset=PAGE, shape=shape))
    splits = []
    for split, some in zip(SPLITS, np.split(images, [counts[0]]), strict=True):
        labels = [digit for digit in range(10) for _ in names[split, str(digit)]]
        files = [name for digit in DIGITS for name in names[split, digit]]
        splits.append(Split(some, np.array(labels), np.array(files)))
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
