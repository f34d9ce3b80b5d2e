"""Who does the work: this process, or a pool of them. Another scheduler is one function more."""

import contextlib
import logging
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import types
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from engine.runtime.errors import Explained
from engine.shards.parts import Part, read_part, write_part
from engine.shards.sources.shard import Shard
from engine.shards.work import Check, Work

log = logging.getLogger(__name__)
POLL_S = 0.2  # seconds between two looks whether the work is cancelled
END_S = 0.5  # seconds a process has to end when it is told to
ENDED = "the process that read it ended"
BESIDE = 1  # shard that waits beside those that are being read, so that no process idles


class Cancelled(Explained):
    """The work was ended before it was done."""


@dataclass(frozen=True)
class Finished:
    """A shard that was read, with its ``part``; or that failed, and ``why``."""

    shard: Shard
    part: Part | None = None
    why: str = ""


Runner = Callable[[Work, Sequence[Shard], Check], Iterator[Finished]]
"""Does the work on each shard once and gives each as it is finished, in any order.

It calls the check often; whatever that raises, or a caller that asks for no more, ends the work.
"""


def in_process(work: Work, shards: Sequence[Shard], check: Check) -> Iterator[Finished]:
    """One shard after the other, in this process."""
    for shard in shards:
        check()
        yield attempt(work, shard, check)


@dataclass(frozen=True)
class Pool:
    """As many processes as ``workers``, each with one thread. See `Runner`.

    Where a process is killed, the shards that were being read fail, and the others go on in a new
    pool.
    """

    workers: int

    def __call__(self, work: Work, shards: Sequence[Shard], check: Check) -> Iterator[Finished]:
        waiting = deque(shards)
        with tempfile.TemporaryDirectory(prefix="shards-", ignore_cleanup_errors=True) as folder:
            while waiting:
                yield from self._until_broken(work, waiting, check, Path(folder))

    def _until_broken(
        self, work: Work, waiting: deque, check: Check, folder: Path
    ) -> Iterator[Finished]:
        """Takes from ``waiting`` until nothing waits or the pool is broken."""
        workers = min(self.workers, len(waiting))
        pool = ProcessPoolExecutor(workers, _context(), _start)
        running: dict[Future, Shard] = {}
        try:
            while waiting or running:
                while waiting and len(running) < workers + BESIDE:
                    with without_main():
                        future = pool.submit(_sent, work, waiting[0], folder)
                    running[future] = waiting.popleft()
                done, _ = wait(running, POLL_S, FIRST_COMPLETED)
                check()
                for future in done:
                    if isinstance(future.exception(), BrokenProcessPool):
                        raise BrokenProcessPool
                    yield _received(*future.result())
                    del running[future]
        except BrokenProcessPool:
            yield from (Finished(shard, None, ENDED) for shard in running.values())
            running.clear()
        finally:
            _stop(pool, running)


def attempt(work: Work, shard: Shard, check: Check | None = None) -> Finished:
    """The shard with its part, or with the reason why there is none."""
    try:
        return Finished(shard, work(shard, check) if check else work(shard))
    except Cancelled:
        raise
    except Exception as error:  # one shard must not cost all others their work
        if isinstance(error, Explained | OSError):
            return Finished(shard, None, str(error))
        log.warning("%s failed", shard, exc_info=True)
        return Finished(shard, None, f"{type(error).__name__}: {error}")


def _sent(work: Work, shard: Shard, folder: Path) -> tuple[Finished, Path | None]:
    """`attempt`, with the part in a file: whoever reads a pipe waits for ever where a process is
    killed while it writes a part of megabytes there.
    """
    finished = attempt(work, shard)
    if finished.part is None:
        return finished, None
    path = folder / f"{uuid.uuid4().hex}.npz"
    try:
        write_part(path, finished.part)
    except OSError as error:
        return Finished(shard, None, str(error)), None
    return Finished(shard), path


def _received(finished: Finished, path: Path | None) -> Finished:
    if path is None:
        return finished
    part = read_part(path)
    path.unlink(missing_ok=True)
    return Finished(finished.shard, part, "" if part else "its part was lost on the disk")


def _context():
    """A process started anew knows nothing of our threads; a server of them imports once."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


@contextlib.contextmanager
def without_main() -> Iterator[None]:
    """Processes that are started import no script: under Streamlit it would be the whole app."""
    script, nothing = sys.modules["__main__"], types.ModuleType("__main__")
    sys.modules["__main__"] = nothing
    try:
        yield
    finally:
        if sys.modules["__main__"] is nothing:  # no other visit's script has taken its place
            sys.modules["__main__"] = script


def _start() -> None:
    """In each process: one thread, no sign from the keyboard, and an end with who started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    one_thread()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def one_thread() -> contextlib.AbstractContextManager:
    """From now on, or within it, products of matrices take one thread: others work beside."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


def _end_with_parent() -> None:
    multiprocessing.parent_process().join()
    os._exit(1)


def _stop(pool: ProcessPoolExecutor, running: dict) -> None:
    """Ends the pool: at once where some still work."""
    processes = list((pool._processes or {}).values())  # 3.14 has a public way to end them
    pool.shutdown(wait=not running, cancel_futures=True)
    if running:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(END_S)
            process.kill()
