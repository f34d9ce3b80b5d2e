"""A model fitted on all training shards and judged on all that are for testing."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.models.nearest_template import NearestTemplate
from engine.runtime.errors import Refused
from engine.shards.error_files import error_file
from engine.shards.fit import fitted, template_model
from engine.shards.gather import Gathered, Watch, gather, unwatched
from engine.shards.runners import Finished, Pool, Runner, in_process
from engine.shards.sources.find import find_shards
from engine.shards.sources.read import Reading, first_size
from engine.shards.sources.shard import Shard, Tally, many
from engine.shards.verdict import Keep, Verdict
from engine.shards.work import ERRORS, PARTS, Check, Fit, Judge, go_on


@dataclass(frozen=True)
class Asked:
    """What is to be done: the files of ``pattern`` judged by the ``model`` of that name.

    ``out`` is a folder for all errors and for what `resume` needs, or None. ``workers`` None is a
    process for each core, 1 is this process.
    """

    pattern: str
    model: str = "L1 mean"
    out: Path | None = None
    workers: int | None = None
    resume: bool = False
    reading: Reading = field(default_factory=Reading)
    keep: Keep = field(default_factory=Keep)

    @property
    def runner(self) -> Runner:
        """A pool of processes, or this process where one is enough."""
        workers = self.workers or os.cpu_count() or 1
        return in_process if workers == 1 else Pool(workers)


@dataclass(frozen=True)
class Study:
    """The fitted ``model`` with templates of ``size`` (h, w), and the ``verdict`` on it.

    ``tally`` counts the images of both readings, ``failed`` names the shards that could not be read
    in the one or the other; ``done`` says, a sentence each, what was done.
    """

    shards: tuple[Shard, ...]
    size: tuple[int, int]
    model: NearestTemplate
    verdict: Verdict
    tally: Tally
    failed: tuple[Finished, ...]
    done: tuple[str, ...]
    images_a_second: float


def study(
    asked: Asked,
    watch: Watch = unwatched,
    check: Check = go_on,
    runner: Runner | None = None,
) -> Study:
    """Finds the shards, fits and judges; by default in `Asked.runner`.

    Raises Refused where there is no shard, no training or no test image; Cancelled as ``check``
    says; OSError where ``out`` cannot be written.
    """
    model = template_model(asked.model)
    shards, done = find_shards(asked.pattern)
    reading = replace(asked.reading, size=first_size(shards))
    if asked.out and not asked.resume:
        _clear(asked.out)
    given = runner or asked.runner, watch, check, asked.resume
    fit = Fit(reading, model.center == "median", asked.out)
    fits = gather(fit, sided(shards, False), *given)
    model = fitted(model, fits.part.result if fits.part else None)
    found = gather(Judge(model, reading, asked.keep, asked.out), sided(shards, True), *given)
    if found.part is None or not found.part.tally.images:
        raise Refused(f"Found no test image in {many(len(shards))}; wanted some.")
    if asked.out:
        _clear(asked.out, kept={error_file(asked.out / ERRORS, one) for one in shards})
    if any(shard.testing is None for shard in shards):
        done.append(split_said(reading, found))
    tally, failed = fits.part.tally + found.part.tally, _once([*fits.failed, *found.failed])
    return Study(
        tuple(shards), reading.size, model, found.part.result, tally, failed, tuple(done),
        found.images_a_second,
    )  # fmt: skip


def sided(shards: Sequence[Shard], testing: bool) -> list[Shard]:
    """The shards in which there may be images of that side."""
    return [shard for shard in shards if shard.testing in (None, testing)]


def split_said(reading: Reading, found: Gathered) -> str:
    """That nothing told training from testing, and how the images were split."""
    return (
        f"The names do not tell training from testing; {found.part.tally.images:,} images are for "
        f"testing, by what the file says of each, or else about {reading.share:.0%} by a hash of "
        f"each one's place (seed {reading.seed})."
    )


def _once(failed: list[Finished]) -> tuple[Finished, ...]:
    """Each shard that failed once, though it was read twice."""
    return tuple({one.shard: one for one in reversed(failed)}.values())[::-1]


def _clear(out: Path, kept: set[Path] | None = None) -> None:
    """Removes what an earlier run left: all of it, or the errors of shards that are not ``kept``.

    What a process that was killed had half written goes, too. Nothing else is touched.
    """
    for path in (out / ERRORS).glob("*part-*.parquet*"):
        if kept is None or path not in kept:
            path.unlink(missing_ok=True)
    for path in (out / PARTS).glob("*.npz*"):
        if kept is None or path.name.startswith("."):
            path.unlink(missing_ok=True)
