"""Opens shards for a screen in the background, tells how far it is, and can be cancelled."""

import contextlib
import logging
import os
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from engine.datasets.dataset import Dataset, Reason, Skipped
from engine.runtime.background_task import BackgroundTask, Report
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_DRAWN_BYTES
from engine.runtime.progress import Progress
from engine.shards.fit import fitted, template_model
from engine.shards.gather import Status, Watch, gather, said
from engine.shards.runners import Cancelled, Finished, Pool, Runner
from engine.shards.shown.large import LargeDataset, large_dataset
from engine.shards.shown.whole import read_whole
from engine.shards.shown.work import Draw, FitAndDraw, JudgeBoth
from engine.shards.sources.find import find_shards
from engine.shards.sources.read import Reading, first_size
from engine.shards.sources.shard import Shard, many
from engine.shards.study import sided, split_said
from engine.shards.verdict import Keep
from engine.shards.work import Check

log = logging.getLogger(__name__)
BOTH = ("L1 mean", "L2 mean")  # fitted by the same sums and judged in one reading
KEEP = Keep()
CANCELLED = "reading it was cancelled."


@dataclass(frozen=True)
class HowFar(Report):
    """A report whose ``amount`` is a sentence, and whose share is that of the bytes."""

    status: Status | None = None

    @property
    def share(self) -> float:
        return min(self.status.share, 1.0) if self.status else 0.0

    @property
    def amount(self) -> str:
        return f" {said(self.status).partition(': ')[2]}" if self.status else ""


class Run(BackgroundTask[Dataset]):
    """The shards of a pattern as a dataset called ``name``: `open_shards`, once for all viewers."""

    def __init__(self, pattern: str, name: str, scheduler: str | None = None) -> None:
        self._cancelled = threading.Event()

        def work(_: Progress) -> Dataset:
            try:
                with _runner(scheduler) as runner:
                    return open_shards(pattern, name, runner, self._watch, self._check)
            except Cancelled:
                raise Refused(CANCELLED) from None

        super().__init__(work, name)

    def cancel(self) -> None:
        """Ends it within two seconds; ``error`` then says that it was cancelled."""
        self._cancelled.set()

    def _check(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled

    def _watch(self, status: Status) -> None:
        self.report = HowFar(status.step, status=status)


def _runner(scheduler: str | None) -> contextlib.AbstractContextManager[Runner]:
    """The workers of a Dask scheduler, or else a process for each core."""
    if scheduler is None:
        return contextlib.nullcontext(Pool(os.cpu_count() or 1))
    from engine.shards.on_dask import dask_runner

    return dask_runner(scheduler, tell=lambda link: log.warning("Dask's own dashboard: %s", link))


def open_shards(pattern: str, name: str, runner: Runner, watch: Watch, check: Check) -> Dataset:
    """All images as a dataset where they are few; else a `LargeDataset`.

    Raises Refused where there is no shard, no training or no test image; what ``check`` raises.
    """
    try:
        shards, done = find_shards(pattern)
    except Refused as refused:  # viewers read it, and paths of this machine are not theirs
        raise Refused(str(refused).replace(repr(pattern), repr(Path(pattern).name))) from None
    reading = replace(Reading(), size=first_size(shards))
    whole = read_whole(shards, reading, name, watch, check)
    return whole or _large(shards, reading, name, done, (runner, watch, check))


def _large(
    shards: list[Shard], reading: Reading, name: str, done: list[str], how: tuple
) -> LargeDataset:
    training, testing = (sided(shards, side) for side in (False, True))
    fit = gather(FitAndDraw(reading, _draw(training, reading)), training, *how)
    sums, trained = fit.part.result.results if fit.part and fit.part.result else (None, None)
    models = {one: fitted(template_model(one), sums) for one in BOTH}
    work = JudgeBoth(tuple(models.values()), reading, _draw(testing, reading), KEEP)
    found = gather(work, testing, *how)
    if found.part is None or not found.part.tally.images:
        raise Refused(f"Found no test image in {many(len(shards))}; wanted some.")
    if any(shard.testing is None for shard in shards):
        done.append(split_said(reading, found))
    tally = fit.part.tally + found.part.tally
    done = [
        *done,
        f"{many(len(shards))} read, {tally.images:,} images; every count and rate is of all of "
        "them.",
    ]
    if tally.unread > len(tally.named):
        done.append(f"{tally.unread:,} images were not used, of which the first are named.")
    failed = (*fit.failed, *found.failed)
    judged = found.part.result.results
    return large_dataset(name, models, sums, trained, judged, done, _skipped(failed, tally.named))


def _draw(shards: list[Shard], reading: Reading) -> Draw:
    pixels = reading.size[0] * reading.size[1]
    return Draw(max(MAX_DRAWN_BYTES // pixels, 1), sum(shard.nbytes for shard in shards))


def _skipped(failed: tuple[Finished, ...], unread: tuple) -> list[Skipped]:
    shards = {str(one.shard): one.why for one in failed}
    images = {f"{one.shard}, image {one.index:,}": one.why for one in unread}
    return [Skipped(what, Reason.UNREADABLE, why) for what, why in (shards | images).items()]
