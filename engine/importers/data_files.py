"""One or several files of arrays or tables: which is for training, which for testing."""

from dataclasses import replace
from pathlib import PurePosixPath
from typing import NamedTuple

import numpy as np

from engine.datasets.dataset import Dataset, Reason, Skipped
from engine.importers.arrays import joined
from engine.importers.files import Source
from engine.importers.image_column import has_images, read_image_column
from engine.importers.npz import from_npz
from engine.importers.pixel_table import Read, Unlabelled, read_pixel_table
from engine.io.file_names import natural_order
from engine.io.foreign_formats import refuse_foreign
from engine.io.side_names import by_side, side_of
from engine.io.tables import read_array, read_npz
from engine.io.tar_files import unzipped
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_DATA_FILES, Limits

ENDINGS = (
    *(".csv", ".tsv", ".arff", ".parquet", ".npz", ".npy", ".tra", ".tes", ".data"),
    *(".csv.gz", ".tsv.gz"),
)


class File(NamedTuple):
    """What was read of one file, and the side that its path speaks of."""

    side: str | None
    path: str
    read: Read


def read_data_files(source: Source, name: str, limits: Limits) -> Dataset:
    """The dataset of all tables or arrays of ``source``, in the order of numbers in their names.

    Sides are told by the files' names, as train and test; what has no labels is left out, and
    said. Raises Refused.
    """
    paths = sorted(source.files, key=natural_order)
    if len(paths) > MAX_DATA_FILES:
        raise Refused(f"There are {len(paths):,} tables; at most {MAX_DATA_FILES} are taken.")
    contents = {path: source.read(path) for path in paths}
    arrays = all(content.startswith((b"PK", b"\x93NUMPY")) for content in contents.values())
    if arrays and (len(contents) > 1 or contents[paths[0]].startswith(b"PK")):
        return from_npz(_arrays(contents, limits), name, limits)
    reads, done, skipped = _labelled(contents, limits)
    used, said = by_side({file.side for file in reads})
    done += said
    done += [
        f"{file.path[:80]!r} is called neither training nor testing; it was left out."
        for file in reads
        if file.side is None and None not in used
    ]
    reads = [file for file in reads if file.side in used]
    return _together(reads, used, name, done, [*source.skipped, *skipped])


def _labelled(
    contents: dict[str, bytes], limits: Limits
) -> tuple[list[File], list[str], list[Skipped]]:
    """What was read, what was done, and what was not read."""
    reads, done, skipped, left = [], [], [], limits
    for path, content in contents.items():
        try:
            read = _read(content, path, left)
            if read.labels is None:
                n = read.images[0].size if len(read.images) else 0
                found = f"Found 0 label columns and {n:,} others"
                raise Unlabelled(f"{found}; wanted 1, as label, class or target.")
        except Refused as refusal:
            if len(contents) == 1:
                raise
            if isinstance(refusal, Unlabelled):
                done.append(f"{path[:80]} was left out: it has no labels.")
            else:
                skipped.append(Skipped(path[:80], Reason.UNREADABLE, str(refusal)))
            continue
        left = replace(left, unpacked=left.unpacked - read.images.nbytes)
        done += [line for line in read.done if line not in done]
        skipped += read.skipped
        reads.append(File(side_of_path(path), path, read))
    if not reads:
        first = [*done, *skipped][0]
        raise Refused(f"None of the {len(contents)} files holds images with labels. {first}")
    return reads, done, skipped


def _read(content: bytes, path: str, limits: Limits) -> Read:
    if content.startswith(b"\x1f\x8b"):
        content = unzipped(content, limits.unpacked)
        limits = replace(limits, packed=max(limits.packed, limits.unpacked))
    refuse_foreign(content, path)
    if content.startswith(b"PAR1") and has_images(content):
        return read_image_column(content, limits)
    return read_pixel_table(content, limits)


def side_of_path(path: str) -> str | None:
    """By the file's name, or else by the folder it is in."""
    for part in reversed(PurePosixPath(path).parts):
        if (side := side_of(part)[0]) is not None:
            return side
    return None


def _together(
    files: list[File],
    used: dict[str | None, bool],
    name: str,
    done: list[str],
    skipped: list[Skipped],
) -> Dataset:
    """All files as one; ``used`` says of each side whether it is for testing."""
    reads, testing = [file.read for file in files], None
    if len(used) == 2:
        testing = [np.full(len(file.read.images), used[file.side]) for file in files]
    elif len(reads) == 1 and reads[0].testing is not None:
        testing = [reads[0].testing]
    images, labels = [read.images for read in reads], [read.labels for read in reads]
    names = None
    if all(read.files is not None for read in reads):
        names = np.array([image for read in reads for image in read.files])
    dataset = joined(name, images, labels, testing, done, names)
    return replace(dataset, skipped=tuple(skipped))


def _arrays(contents: dict[str, bytes], limits: Limits) -> dict[str, np.ndarray]:
    """All arrays of these NPZ and .npy files; one alone is called as its file is."""
    arrays: dict[str, np.ndarray] = {}
    left = limits.unpacked
    for path, content in contents.items():
        stem = PurePosixPath(path).stem
        if content.startswith(b"PK"):
            held = read_npz(content, left)
            more = len(contents) > 1
            held = {f"{stem} {one}" if more else one: array for one, array in held.items()}
            if len(held) == 1 and more:
                held = {stem: next(iter(held.values()))}
        else:
            held = {stem: read_array(content, stem)}
        left -= sum(array.nbytes for array in held.values())
        if left < 0:
            raise Refused(f"Unpacked they have more than {limits.unpacked:,} bytes.")
        arrays |= held
    return arrays
