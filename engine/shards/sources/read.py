"""Reads a shard of any format in blocks, and of each block the images that are for one side."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.io.tar_files import is_tar
from engine.runtime.errors import Refused
from engine.shards.sources.archives import archive_blocks
from engine.shards.sources.arrays import npz_blocks, pair_blocks
from engine.shards.sources.parquet import parquet_blocks
from engine.shards.sources.pictures import size_said
from engine.shards.sources.shard import Block, Shard, many, place_hash
from engine.shards.sources.stored import NPY, ZIP, opened

IDX = b"\0\0\x08"
BEGINNING = 512  # bytes that tell the format
SPLIT_SEED = "split"


@dataclass(frozen=True)
class Reading:
    """How shards are read: the ``size`` (h, w) of their images, None for that of the first.

    Where nothing tells what an image is for, a ``share`` of all, from 0 to 1, is for testing, by
    the hash of each one's place with ``seed``.
    """

    size: tuple[int, int] | None = None
    share: float = 0.2
    seed: int = 0


def blocks(shard: Shard, testing: bool | None, reading: Reading) -> Iterator[Block]:
    """The images of a shard that are for testing, or for training; None for all of them.

    In memory is one block at a time. Raises Refused where the file is damaged, of no known format
    or of other sizes than ``reading`` wants, and FileNotFoundError.
    """
    for block in _read(shard, reading.size):
        found = block.images.shape[1:]
        if reading.size is not None and len(block.images) and found != reading.size:
            raise Refused(size_said(found, reading.size))
        yield block if testing is None else _of_side(block, shard, testing, reading)


def first_size(shards: Sequence[Shard]) -> tuple[int, int]:
    """Height and width of the first image that can be read. Raises Refused where there is none."""
    why = ""
    for shard in shards:
        try:
            for block in blocks(shard, None, Reading()):
                if len(block.images):
                    return block.images.shape[1:]
        except (Refused, OSError) as error:
            why = why or f" {shard}: {error}"
    raise Refused(f"Found no image in {many(len(shards))}; wanted one.{why}")


def _read(shard: Shard, size: tuple[int, int] | None) -> Iterator[Block]:
    begin = _beginning(shard.path)
    if begin.startswith(b"PAR1"):
        return parquet_blocks(shard, size)
    if begin.startswith((NPY, IDX)):
        return pair_blocks(shard)
    if begin.startswith(ZIP) and _holds_arrays(shard.path):
        return npz_blocks(shard)
    if begin.startswith(ZIP) or is_tar(begin):
        return archive_blocks(shard, size)
    raise Refused("Found no known format; wanted Parquet, .npy, NPZ, IDX, tar or zip.")


def _beginning(path: Path) -> bytes:
    try:
        with opened(path) as file:
            return file.read(BEGINNING)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Refused("The gzipped file is damaged or cut short.") from None


def _holds_arrays(path: Path) -> bool:
    """Whether a zip archive holds numpy's arrays and nothing else."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Refused("The archive is damaged or cut short.") from None
    return bool(names) and all(name.endswith(".npy") for name in names)


def _of_side(block: Block, shard: Shard, testing: bool, reading: Reading) -> Block:
    """What of the block is for that side. The unread are named with the side of training only,
    as each is found in both readings."""
    kept = block.part(for_testing(block, shard, reading) == testing)
    return replace(kept, unread=()) if testing and shard.testing is None else kept


def for_testing(block: Block, shard: Shard, reading: Reading) -> np.ndarray:
    """Which images of a block of the shard are for testing, (n,) bool."""
    if shard.testing is not None:
        return np.full(len(block.images), shard.testing)
    hashes = place_hash(shard.name, block.index, f"{SPLIT_SEED} {reading.seed}")
    chosen = hashes.astype(float) < reading.share * 2.0**64
    if block.testing is None:
        return chosen
    return np.where(block.testing < 0, chosen, block.testing > 0)
