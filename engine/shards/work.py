"""What is done with one shard, in whatever process: it is fitted or judged, and its part kept.

A piece of work is a value that can be sent to another process and called there with a shard; a
`runners.Runner` needs no more of it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine.models.nearest_template import NearestTemplate
from engine.shards.error_files import error_file, errors_written
from engine.shards.parts import Part, part_key, read_part, write_part
from engine.shards.sources.read import Reading, blocks
from engine.shards.sources.shard import Block, Shard, Tally
from engine.shards.sums import shard_levels, shard_sums
from engine.shards.verdict import Keep, shard_verdict

PARTS, ERRORS = "parts", "errors"  # folders of what is written
Check = Callable[[], None]
"""Called between two blocks; raises `runners.Cancelled` where the work is to end."""


def go_on() -> None:
    """For work that nobody cancels."""


@dataclass(frozen=True)
class Fit:
    """Adds up the training images of a shard: their sums, or with ``levels`` all their levels.

    Under ``out``, if there is one, the part is kept.
    """

    reading: Reading
    levels: bool = False
    out: Path | None = None
    step = "Fitting"

    def __call__(self, shard: Shard, check: Check = go_on) -> Part:
        tallies = [Tally()]
        read = _watched(blocks(shard, False, self.reading), check, tallies)
        result = (shard_levels if self.levels else shard_sums)(read)
        part = Part(result, tallies[0])
        if self.out:
            write_part(self._path(shard), part)
        return part

    def finished(self, shard: Shard) -> Part | None:
        """The part of a shard that was done before, as it is now; else None."""
        return read_part(self._path(shard)) if self.out else None

    def _path(self, shard: Shard) -> Path:
        settings = repr(("fit", self.reading, self.levels))
        return self.out / PARTS / f"{part_key(shard, settings)}.npz"


@dataclass(frozen=True, eq=False)
class Judge:
    """Judges a fitted model by the test images of a shard; under ``out`` all errors are kept."""

    model: NearestTemplate
    reading: Reading
    keep: Keep = field(default_factory=Keep)
    out: Path | None = None
    step = "Judging"

    def __call__(self, shard: Shard, check: Check = go_on) -> Part:
        read = _watched(blocks(shard, True, self.reading), check, [Tally()])
        if self.out is None:
            return _part(shard_verdict(shard.name, read, self.model, self.keep))
        with errors_written(error_file(self.out / ERRORS, shard), self.model) as found:
            part = _part(shard_verdict(shard.name, read, self.model, self.keep, found))
        write_part(self._path(shard), part)
        return part

    def finished(self, shard: Shard) -> Part | None:
        """The part of a shard that was done before, as it is now; else None."""
        if self.out is None or not error_file(self.out / ERRORS, shard).exists():
            return None
        return read_part(self._path(shard))

    def _path(self, shard: Shard) -> Path:
        templates = hashlib.sha256(self.model.templates_.tobytes()).hexdigest()
        classes = self.model.classes_.tolist()
        settings = repr(("judge", self.reading, self.keep, self.model, classes, templates))
        return self.out / PARTS / f"{part_key(shard, settings)}.npz"


Work = Fit | Judge


def _part(verdict) -> Part:
    return Part(verdict, Tally() if verdict is None else verdict.tally)


def _watched(read: Iterable[Block], check: Check, tallies: list[Tally]) -> Iterator[Block]:
    """The same blocks; ``tallies[0]`` counts them, and ``check`` is called before each."""
    for block in read:
        check()
        tallies[0] += Tally.of(block)
        yield block
