"""Which shards a folder, a file or a pattern of files holds, and what each is for."""

import glob
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from engine.importers.data_files import side_of_path
from engine.importers.npz import IMAGES, LABELS
from engine.io.file_names import natural_order
from engine.io.side_names import by_side, side_of
from engine.runtime.errors import Refused
from engine.shards.sources.parquet import row_group_bounds
from engine.shards.sources.shard import Shard, many
from engine.shards.sources.stored import stored_file

SHARD_BYTES = 256_000_000  # of one task: a larger file is read by several
LABEL_WORDS = LABELS - {"t", "digit", "digits"}  # which a data set may be called as well
PLAIN = (".npy", "ubyte", ".idx")
ENDINGS = (".parquet", ".npz", ".tar", ".tgz", ".zip", *PLAIN)


def find_shards(pattern: str, most: int = SHARD_BYTES) -> tuple[list[Shard], list[str]]:
    """The shards in the natural order of their names, and a sentence for each thing left out.

    ``pattern`` is a folder, a file, or a glob as ``data/*/*.parquet``. What each is for is told by
    its name or its folders below the first that differs, as train and test; where none is told,
    `Reading` splits them. A file of more than ``most`` bytes becomes several shards where its
    format allows. Raises Refused where there is none.
    """
    root, paths = _paths(pattern)
    files = {path.relative_to(root).as_posix(): path for path in paths}
    names = sorted((n for n in files if _is_data(n)), key=natural_order)
    shards = [
        Shard(files[name], name, labels=_labels_of(files[name]), nbytes=files[name].stat().st_size)
        for name in names
        if not _is_labels(files[name])
    ]
    if not shards:
        found = f"Found {len(files):,} files at {pattern!r}"
        raise Refused(f"{found}; wanted Parquet, .npy, NPZ, IDX, tar or zip.")
    shards, said = _sided(shards)
    return [piece for shard in shards for piece in _pieces(shard, most)], said


def is_pattern(text: str) -> bool:
    """Whether this names files by a pattern, and is not the name of one."""
    return glob.has_magic(text) and not Path(text).exists()


def _paths(pattern: str) -> tuple[Path, list[Path]]:
    """The folder that all are in, and the files."""
    path = Path(pattern)
    if path.is_file():
        return path.parent, [path]
    if path.is_dir():
        return path, [one for one in path.rglob("*") if one.is_file() and not _hidden(one, path)]
    plain = list(path.parts)
    first = next((at for at, part in enumerate(plain) if glob.has_magic(part)), len(plain) - 1)
    root = Path(*plain[:first])
    found = map(Path, glob.glob(pattern, recursive=True))
    return root, [one for one in found if one.is_file()]


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def _is_data(name: str) -> bool:
    return name.lower().removesuffix(".gz").endswith(ENDINGS)


def _is_labels(path: Path) -> bool:
    """Whether an array is called labels, and not images."""
    return path.name.lower().removesuffix(".gz").endswith(PLAIN) and not _meaning(path)[0]


def _meaning(path: Path) -> tuple[bool, tuple]:
    """Whether a file of an array holds images, and what it has in common with its labels."""
    stem = re.sub(r"(\.npy|\.gz|\.idx|[.-]ubyte)+$", "", path.name)
    side, rest = side_of(re.sub(r"idx[123]", "_", stem))
    words = re.findall("[a-z]+|[0-9]+", rest)
    holds = not set(words) & LABEL_WORDS or bool(set(words) & IMAGES)
    return holds, (side, *(word for word in words if word not in IMAGES | LABEL_WORDS))


def _labels_of(path: Path) -> Path | None:
    """The file of the labels of this one of images, beside it; None where there is none."""
    if not path.name.lower().removesuffix(".gz").endswith(PLAIN):
        return None
    common = _meaning(path)[1]
    beside = (one for one in sorted(path.parent.iterdir()) if _is_data(one.name))
    return next((one for one in beside if _is_labels(one) and _meaning(one)[1] == common), None)


def _sided(shards: list[Shard]) -> tuple[list[Shard], list[str]]:
    """The shards that are used, each with what it is for, as far as the names tell."""
    sides = [side_of_path(shard.name) for shard in shards]
    used, said = by_side(set(sides))
    left = [shard.name for shard, side in zip(shards, sides, strict=True) if side not in used]
    if left and None in sides and None not in used:
        nameless = sum(side is None for side in sides)
        said.append(f"Left out: {many(nameless)}, called neither training nor testing.")
    both = len(used) == 2
    kept = [
        replace(shard, testing=used[side]) if both else shard
        for shard, side in zip(shards, sides, strict=True)
        if side in used
    ]
    return kept, said


def _pieces(shard: Shard, most: int) -> Iterator[Shard]:
    """The shard itself, or its parts of about ``most`` bytes where it can be read by part."""
    bounds = _bounds(shard, most) if shard.nbytes > most else []
    if len(bounds) < 3:
        yield shard
        return
    rows = bounds[-1] - bounds[0]
    for first, last in pairwise(bounds):
        nbytes = shard.nbytes * (last - first) // max(rows, 1)
        yield replace(shard, first=first, last=last, nbytes=nbytes)


def _bounds(shard: Shard, most: int) -> list[int]:
    """Where the parts begin and the last ends; empty for a file that is read in one piece."""
    try:
        if shard.name.endswith(".parquet"):
            return _of_row_groups(row_group_bounds(shard.path), most)
        if shard.name.lower().endswith(PLAIN):
            stored = stored_file(shard.path)
            return [*range(0, len(stored), max(most // stored.row_bytes, 1)), len(stored)]
    except (OSError, ValueError):  # whoever reads it says what is wrong
        pass
    return []


def _of_row_groups(groups: list[tuple[int, int]], most: int) -> list[int]:
    bounds, held = [0], 0
    for first, nbytes in groups:
        if held and held + nbytes > most:
            bounds.append(first)
            held = 0
        held += nbytes
    return [*bounds, groups[-1][0]]
