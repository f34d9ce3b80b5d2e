"""What a shard came to, kept as a file of plain arrays so that no finished shard is read twice."""

import hashlib
import json
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from engine.datasets.cache_file import replacing
from engine.models.class_sums import ClassSums
from engine.shards.kept import Kept
from engine.shards.sources.shard import Shard, Tally, Unread, plus
from engine.shards.sums import ClassLevels
from engine.shards.together import Drawn, Joint, Together
from engine.shards.verdict import Verdict

VERSION = 1  # raise it when what a part holds changes, so that nothing older is believed
Result = ClassSums | ClassLevels | Verdict | Together | Joint | Drawn


@dataclass(frozen=True, eq=False)
class Part:
    """The ``result`` of one shard or several, None without any image, and what was read for it."""

    result: Result | None
    tally: Tally

    def __add__(self, other: "Part") -> "Part":
        return Part(plus(self.result, other.result), self.tally + other.tally)


def part_key(shard: Shard, settings: str) -> str:
    """A name for what these settings make of the shard as its files are now. Raises OSError."""
    files = [path for path in (shard.path, shard.labels) if path is not None]
    about = [(path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    told = repr((VERSION, settings, shard.name, shard.first, shard.last, shard.testing, about))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def write_part(path: Path, part: Part) -> None:
    """Writes the part whole or not at all. Raises OSError."""
    unread = [list(one) for one in part.tally.named]
    told = json.dumps([part.tally.images, part.tally.unread, unread])
    save = np.savez_compressed if isinstance(part.result, ClassLevels) else np.savez
    with replacing(path) as file:
        save(file, tally=np.array(told), **_arrays(part.result))


def read_part(path: Path) -> Part | None:
    """The part that was written there; None where none was, or what is there cannot be read."""
    try:
        with path.open("rb") as content, np.load(content, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        images, unread, named = json.loads(str(arrays.pop("tally")))
        tally = Tally(images, unread, tuple(Unread(*one) for one in named))
        return Part(_result(arrays, tally), tally)
    except Exception:  # whatever a damaged file makes numpy raise: the shard is read again
        return None


def _arrays(result: Result | None) -> dict[str, np.ndarray]:
    if result is None:
        return {}
    if isinstance(result, ClassSums):
        return {"classes": result.classes, "counts": result.counts, "sums": result.sums}
    if isinstance(result, ClassLevels):
        return {"classes": result.classes, "levels": result.levels}
    if isinstance(result, Together):
        each = enumerate(map(_arrays, result.results))
        return {f"{at}/{name}": array for at, arrays in each for name, array in arrays.items()}
    if isinstance(result, Joint):
        return {"joint": result.counts}
    if isinstance(result, Drawn):
        return {f"drawn {one.name}": np.asarray(getattr(result, one.name)) for one in fields(Drawn)}
    kept = {
        f"{kind} {name}": array
        for kind, some in (("worst", result.worst), ("sample", result.sample))
        for name, array in {**some.arrays(), "most": np.array(some.most)}.items()
    }
    return {"classes": result.classes, "counts": result.counts, "margins": result.margins, **kept}


def _result(arrays: dict[str, np.ndarray], tally: Tally) -> Result | None:
    if not arrays:
        return None
    if "joint" in arrays:
        return Joint(arrays["joint"])
    if "drawn key" in arrays:
        columns = {one.name: arrays[f"drawn {one.name}"] for one in fields(Drawn)}
        return Drawn(**{**columns, "most": int(columns["most"])})
    if any("/" in name for name in arrays):
        return Together(tuple(_result(one, tally) for one in _each(arrays)))
    if "sums" in arrays:
        return ClassSums.restored(**arrays)
    if "levels" in arrays:
        return ClassLevels(**arrays)
    worst, sample = (_kept(arrays, kind) for kind in ("worst", "sample"))
    plain = (arrays[name] for name in ("classes", "counts", "margins"))
    return Verdict(*plain, worst, sample, tally)


def _kept(arrays: dict[str, np.ndarray], kind: str) -> Kept:
    columns = {one.name: arrays[f"{kind} {one.name}"] for one in fields(Kept)}
    return Kept(**{**columns, "most": int(columns["most"])})


def _each(arrays: dict[str, np.ndarray]) -> list[dict[str, np.ndarray]]:
    """The arrays of each of several results."""
    several: dict[int, dict[str, np.ndarray]] = {}
    for name, array in arrays.items():
        at, own = name.split("/", 1)
        several.setdefault(int(at), {})[own] = array
    return [several[at] for at in sorted(several)]
