"""What `python -m engine 'shards/*.parquet'` does: fits and judges files of any number and size."""

import argparse
import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.cures.recipe import model_named
from engine.evaluation.metrics import matrix_frame, wilson
from engine.io.csv_export import csv_bytes
from engine.runtime.errors import Refused
from engine.shards.gather import Status, said
from engine.shards.parts import Part, write_part
from engine.shards.runners import Runner
from engine.shards.sources.find import is_pattern
from engine.shards.sources.shard import many
from engine.shards.study import Asked, Study, study

HELP = {
    "workers": "read the data shard by shard, as a pattern of files is, in so many processes; by "
    "default as many as there are cores",
    "scheduler": "have the shards read by the workers of this Dask scheduler, as tcp://HOST:8786, "
    "or with 'local' of a cluster started here, of so many --workers",
    "resume": "go on where a run with the same --out ended: no finished shard is read again",
}
WHOLE = (
    "predictions",
    "names",
    "corrections",
    "compare",
    "report",
    "corruption",
    "reading",
    "model_input",
)
EVERY_S = 0.2  # seconds between two lines of progress


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options of shards to the command's."""
    parser.add_argument("--workers", type=int, metavar="N", help=HELP["workers"])
    parser.add_argument("--scheduler", metavar="ADDRESS", help=HELP["scheduler"])
    parser.add_argument("--resume", action="store_true", help=HELP["resume"])


def is_asked(asked: argparse.Namespace) -> bool:
    """Whether the data are to be read shard by shard: a pattern, or an option that wants it."""
    by_shard = asked.workers is not None or asked.scheduler or asked.resume
    return is_pattern(asked.data) or bool(by_shard)


def run(asked: argparse.Namespace) -> dict[str, object]:
    """Fits, judges and writes; gives what the command prints, as `figures` of one dataset.

    Raises Refused, also for a run that is ended from the keyboard, and OSError.
    """
    try:
        given = _asked(asked)
        with _runner(asked) as runner:
            found = study(given, _Line(), runner=runner)
    except KeyboardInterrupt:
        more = "; --resume goes on with the shards that were not finished" if asked.out else ""
        raise Refused(f"The run was ended from the keyboard{more}.") from None
    written = _write(found, Path(asked.out)) if asked.out else []
    return _figures(found, asked) | {"files": list(map(str, written))}


def _asked(asked: argparse.Namespace) -> Asked:
    for name in WHOLE:
        if getattr(asked, name):
            raise Refused(
                f"--{name.replace('_', '-')} needs all images at once; wanted it without shards."
            )
    if asked.workers is not None and asked.workers < 1:
        raise Refused(f"Found --workers {asked.workers}; wanted 1 or more.")
    if asked.resume and not asked.out:
        raise Refused("--resume needs the folder of the run before; wanted --out FOLDER.")
    out = Path(asked.out).absolute() if asked.out else None  # workers stand in other folders
    return Asked(asked.data, asked.model, out, asked.workers, asked.resume)


@contextlib.contextmanager
def _runner(asked: argparse.Namespace) -> Iterator[Runner | None]:
    """Dask's workers where a scheduler is named, and the address of its dashboard printed."""
    if not asked.scheduler:
        yield None
        return
    from engine.shards.on_dask import dask_runner

    def tell(link: str) -> None:
        print(f"Dask's own dashboard: {link}", file=sys.stderr)

    with dask_runner(asked.scheduler, asked.workers, tell) as runner:
        yield runner


def _figures(found: Study, asked: argparse.Namespace) -> dict[str, object]:
    right, images = found.verdict.n_right, found.verdict.n_images
    low, high = wilson(right, images)
    return {
        "dataset": asked.data,
        "model": model_named(asked.model).label,
        "right": right,
        "images": images,
        "of": images,
        "accuracy": right / images if images else None,
        "low": float(low) if images else None,
        "high": float(high) if images else None,
        "said": [],
        "done": [*found.done, f"{many(len(found.shards))} read."],
        "unread": found.tally.unread,
        "skipped": list(map(str, found.tally.named)),
        "failed": [f"{one.shard}: {one.why}" for one in found.failed],
    }


def _write(found: Study, out: Path) -> list[Path]:
    """matrix.csv, the templates and the verdict; the errors are there already. Raises OSError."""
    matrix = matrix_frame(found.verdict.counts, found.verdict.classes).reset_index()
    paths = [out / name for name in ("matrix.csv", "templates.npz", "verdict.npz")]
    out.mkdir(parents=True, exist_ok=True)
    paths[0].write_bytes(csv_bytes(matrix))
    templates = found.model.templates_.reshape(-1, *found.size)
    np.savez(paths[1], classes=found.model.classes_, templates=templates)
    write_part(paths[2], Part(found.verdict, found.verdict.tally))
    return [*paths, out / "errors"]


class _Line:
    """One line on the terminal that is written over and over; none where there is no terminal."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, status: Status) -> None:
        ended = status.shards == status.of
        if sys.stderr.isatty() and (ended or time.monotonic() - self._last > EVERY_S):
            self._last = time.monotonic()
            print(f"\r\x1b[K{said(status)}", end="\n" * ended, file=sys.stderr, flush=True)
