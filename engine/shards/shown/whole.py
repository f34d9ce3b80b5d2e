"""Shards with so few images that all of them fit into memory, as a dataset like any other."""

from collections.abc import Sequence

import numpy as np

from engine.datasets.dataset import Dataset, Reason, Skipped
from engine.importers.build import assemble
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_WHOLE_BYTES
from engine.shards.gather import Status, Watch, unwatched
from engine.shards.sources.read import Reading, blocks, for_testing
from engine.shards.sources.shard import Block, Shard, many
from engine.shards.work import Check, go_on


def read_whole(
    shards: Sequence[Shard],
    reading: Reading,
    name: str,
    watch: Watch = unwatched,
    check: Check = go_on,
) -> Dataset | None:
    """All images in the order of the shards; None as soon as they are over `MAX_WHOLE_BYTES`.

    None at once where the files are so large that they have hardly less.

    What is for training and testing is as when they are judged shard by shard. Raises Refused as
    `assemble` does, and what ``check`` raises.
    """
    if sum(shard.nbytes for shard in shards) > 2 * MAX_WHOLE_BYTES:
        return None
    read, skipped, held, images = [], [], 0, 0
    for at, shard in enumerate(shards):
        watch(Status("Reading", at, len(shards), images, 0, at / len(shards), 0.0))
        try:
            for block in blocks(shard, None, reading):
                check()
                held += block.images.nbytes
                if held > MAX_WHOLE_BYTES:
                    return None
                images += len(block.images)
                read.append((shard, block))
        except (Refused, OSError) as error:
            skipped.append(Skipped(str(shard), Reason.UNREADABLE, str(error)))
    if not read:
        raise Refused(f"Found no image in {many(len(shards))}; wanted some.")
    return _assembled(read, reading, name, skipped, many(len(shards)))


def _assembled(
    read: list[tuple[Shard, Block]], reading: Reading, name: str, skipped: list, shards: str
) -> Dataset:
    skipped += [
        Skipped(f"{one.shard}, image {one.index:,}", Reason.UNREADABLE, one.why)
        for _, block in read
        for one in block.unread
    ]
    return assemble(
        name,
        np.concatenate([block.images for _, block in read]),
        [str(label) for _, block in read for label in block.labels.tolist()],
        np.concatenate([files(np.full(len(b.index), s.name), b.index) for s, b in read]),
        np.concatenate([for_testing(block, shard, reading) for shard, block in read]),
        skipped,
        [f"{shards} read whole."],
    )


def files(shards: np.ndarray, index: np.ndarray) -> np.ndarray:
    """What each image is called, (n,): 'train-3.parquet, image 12,345'."""
    named = zip(shards.tolist(), index.tolist(), strict=True)
    return np.array([f"{shard}, image {at:,}" for shard, at in named], dtype=str)
