"""Shards that are archives of pictures: tar as WebDataset writes it, tar or zip of folders."""

import json
import tarfile
import zipfile
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import PurePosixPath
from typing import NamedTuple

import numpy as np

from engine.importers.data_files import side_of_path
from engine.importers.image_folder import IMAGES
from engine.io.side_names import TEST, TRAIN
from engine.io.zip_files import DAMAGED as DAMAGED_ZIP
from engine.io.zip_files import entry_bytes
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_PICTURE_BYTES
from engine.shards.sources.pictures import picture_block
from engine.shards.sources.shard import Block, Shard

PICTURES = 1_000  # pictures in a block
CLASS_FILES = (".cls", ".label")  # beside a picture: its class as text
DAMAGED = (*DAMAGED_ZIP, tarfile.TarError, OverflowError, MemoryError)
SIDES = {TRAIN: 0, TEST: 1}


class Entry(NamedTuple):
    """A file of an archive."""

    name: str
    content: bytes

    @property
    def key(self) -> str:
        """What the files of one sample have in common: the path up to the first point."""
        path = PurePosixPath(self.name)
        return str(path.parent / path.name.split(".", 1)[0])


class Sample(NamedTuple):
    """A picture, the name of its class ('' without one), and its side: 0, 1, or −1 if not told."""

    content: bytes
    label: str
    testing: int


def archive_blocks(shard: Shard, size: tuple[int, int] | None = None) -> Iterator[Block]:
    """The blocks of the pictures of a tar, which may be packed, or a zip, in their order there.

    The class of each is in a .cls or .json file of the same name next to it, or else the name of
    the folder it is in. Raises Refused for a damaged archive.
    """
    entries = zip_entries(shard) if zipfile.is_zipfile(shard.path) else tar_entries(shard)
    pictures, at = samples(entries), 0
    while some := list(islice(pictures, PICTURES)):
        contents, labels, sides = zip(*some, strict=True)
        testing = np.array(sides, dtype=np.int8)
        yield picture_block(shard, at, contents, labels, testing, size)
        at += len(some)


def samples(entries: Iterator[Entry]) -> Iterator[Sample]:
    """The pictures among these files, each with what stands next to it."""
    for _, files in groupby(entries, lambda entry: entry.key):
        files = list(files)
        for picture in (one for one in files if one.name.lower().endswith(IMAGES)):
            side = side_of_path(picture.name)
            label = _label(files) or PurePosixPath(picture.name).parent.name
            yield Sample(picture.content, label, SIDES.get(side, -1))


def tar_entries(shard: Shard) -> Iterator[Entry]:
    """The plain files of a tar, read once from its beginning to its end. Raises Refused."""
    try:
        with tarfile.open(shard.path, "r|*") as archive:
            while (entry := archive.next()) is not None:
                archive.members.clear()  # else each would be kept
                if entry.isreg() and not _hidden(entry.name):
                    if entry.size > MAX_PICTURE_BYTES:
                        yield Entry(entry.name, b"")
                        continue
                    content = archive.extractfile(entry).read()
                    if len(content) < entry.size:
                        raise Refused("The archive is cut short.")
                    yield Entry(entry.name, content)
            # At a cut between two files, or within a header, tarfile ends as if nothing were amiss.
            if archive.fileobj.tell() < archive.offset + tarfile.BLOCKSIZE:
                raise Refused("The archive is cut short: its closing record is missing.")
    except DAMAGED as error:
        raise _refusal(error) from None


def zip_entries(shard: Shard) -> Iterator[Entry]:
    """The files of a zip archive. Raises Refused."""
    try:
        with zipfile.ZipFile(shard.path) as archive:
            for entry in archive.infolist():
                name = entry.filename.replace("\\", "/")
                if not name.endswith("/") and not _hidden(name):
                    small = entry.file_size <= MAX_PICTURE_BYTES
                    yield Entry(name, entry_bytes(archive, entry) if small else b"")
    except DAMAGED as error:
        raise _refusal(error) from None


def _refusal(error: Exception) -> Exception:
    if isinstance(error, Refused | FileNotFoundError):
        return error
    return Refused("The archive is damaged or cut short.")


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/") if part != ".")


def _label(files: list[Entry]) -> str:
    """What the files beside a picture say that its class is; '' where none does."""
    for name, content in files:
        if name.lower().endswith(CLASS_FILES):
            return content[:200].decode("utf-8", "replace").strip()
        if name.lower().endswith(".json"):
            return _from_json(content)
    return ""


def _from_json(content: bytes) -> str:
    try:
        told = json.loads(content)
        return str(next(told[key] for key in ("label", "class", "cls", "target") if key in told))
    except (ValueError, TypeError, StopIteration, RecursionError):
        return ""
