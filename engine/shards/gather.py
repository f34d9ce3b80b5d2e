"""Has work done on all shards, adds the parts up, and tells how far it is."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.shards.parts import Part
from engine.shards.runners import Finished, Runner
from engine.shards.sources.shard import Shard, many, plus
from engine.shards.work import Check, Work, go_on


@dataclass(frozen=True)
class Status:
    """How far a step is: ``shards`` of ``of`` are done, with ``images`` in them.

    ``share`` (0 to 1) of the bytes that were to be read are, in ``seconds``; of the images ``read``
    are those of this run, the others of one before. ``failed`` shards are among those done.
    """

    step: str
    shards: int
    of: int
    images: int
    read: int
    share: float
    seconds: float
    failed: int = 0

    @property
    def images_a_second(self) -> float:
        """Of those read in this run; 0 at its beginning."""
        return self.read / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At the pace so far; None before the first shard is done."""
        return self.seconds * (1 - self.share) / self.share if self.share else None


Watch = Callable[[Status], None]


@dataclass(frozen=True)
class Gathered:
    """All parts added up, None of none, and the shards that failed twice, with the reasons."""

    part: Part | None
    failed: tuple[Finished, ...]
    images_a_second: float


def unwatched(status: Status) -> None:
    """For callers who do not watch."""


def gather(
    work: Work,
    shards: Sequence[Shard],
    runner: Runner,
    watch: Watch = unwatched,
    check: Check = go_on,
    resume: bool = False,
) -> Gathered:
    """The parts of all shards added up; one that fails is tried again, alone, at the end.

    With ``resume`` shards that were finished before, and are as they were, are not read. ``watch``
    is told of every shard. Raises whatever ``check`` does, as `runners.Cancelled`.
    """
    before = [(shard, work.finished(shard)) for shard in shards] if resume else []
    known = {shard: part for shard, part in before if part is not None}
    left = [shard for shard in shards if shard not in known]
    told = _Told(work.step, len(shards), sum(shard.nbytes for shard in left), watch)
    for shard, part in known.items():
        told.known(shard, part)
    again = []
    for finished in runner(work, left, check):
        if finished.part is None:
            again.append(finished.shard)
        else:
            told.finished(finished)
    for shard in again:
        for finished in runner(work, [shard], check):
            told.finished(finished)
    return Gathered(told.part, tuple(told.failed), told.status.images_a_second)


class _Told:
    """Adds parts up and tells who watches."""

    def __init__(self, step: str, of: int, nbytes: int, watch: Watch) -> None:
        self.part: Part | None = None
        self.failed: list[Finished] = []
        self._began, self._nbytes, self._watch = time.monotonic(), nbytes, watch
        self._done = 0
        self.status = Status(step, 0, of, 0, 0, 0.0, 0.0)
        watch(self.status)

    def known(self, shard: Shard, part: Part) -> None:
        """A shard that a run before has done."""
        self._add(part, 0)

    def finished(self, finished: Finished) -> None:
        """A shard that this run has done, or that failed for good."""
        self._done += finished.shard.nbytes
        if finished.part is None:
            self.failed.append(finished)
            self._add(None, 0)
        else:
            self._add(finished.part, finished.part.tally.images)

    def _add(self, part: Part | None, read: int) -> None:
        self.part = plus(self.part, part)
        images = self.part.tally.images if self.part else 0
        was, seconds = self.status, time.monotonic() - self._began
        share = self._done / self._nbytes if self._nbytes else 0.0
        self.status = Status(
            was.step, was.shards + 1, was.of, images, was.read + read, share, seconds,
            len(self.failed),
        )  # fmt: skip
        self._watch(self.status)


def said(status: Status) -> str:
    """'Fitting: 3 of 10 shards, 1,234 images, 400,000 images a second, 1 min 5 s left'."""
    line = f"{status.step}: {status.shards:,} of {many(status.of)}, {status.images:,} images"
    if status.read:
        line += f", {status.images_a_second:,.0f} images a second"
    if status.seconds_left and status.shards < status.of:
        minutes, seconds = divmod(round(status.seconds_left), 60)
        line += f", {minutes:,} min {seconds} s left" if minutes else f", {seconds} s left"
    return line + (f"; {status.failed:,} failed" if status.failed else "")
