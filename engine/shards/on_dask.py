"""Has the work done by Dask's workers, on this machine or on a cluster: a task a shard."""

import contextlib
import os
import queue
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from typing import Any

from engine.runtime.errors import Refused
from engine.shards.runners import (
    ENDED,
    POLL_S,
    Cancelled,
    Finished,
    attempt,
    one_thread,
    without_main,
)
from engine.shards.sources.shard import Shard
from engine.shards.work import Check, Work

LOCAL = "local"
CONNECT_S = 4.0  # seconds for the scheduler to answer, and as many for a worker to be there
GONE_S = 4.0  # seconds without the scheduler after which it is taken to be gone
CLOSE_S = 1.0  # seconds for taking leave
SAME = ("engine", "Python", "numpy", "pandas", "pyarrow")  # else figures could be others
INSTALL = "pip install -r requirements-dask.txt"


@contextlib.contextmanager
def dask_runner(
    address: str, workers: int | None = None, tell: Callable[[str], None] = lambda link: None
) -> Iterator["OnDask"]:
    """The workers of the scheduler at that address, or with `LOCAL` of a cluster started here.

    ``tell`` is given the address of Dask's own dashboard. Raises Refused where Dask is not
    installed, nobody answers, no worker is there, or one has other versions than this process.
    """
    try:
        import distributed
    except ImportError:
        raise Refused(f"A scheduler needs Dask, found none; wanted {INSTALL}.") from None
    with contextlib.ExitStack() as opened:
        if address == LOCAL:
            address = opened.enter_context(_cluster(workers)).scheduler_address
        client = _connected(distributed, address)
        opened.callback(client.close, timeout=CLOSE_S)
        _judge_workers(client, address)
        tell(client.dashboard_link)
        yield OnDask(client, address)


@dataclass(frozen=True, eq=False)
class OnDask:
    """The workers of a ``client``; see `runners.Runner`. The shards of a lost worker are read by
    others. Raises Refused where the scheduler is gone.
    """

    client: Any
    address: str

    def __call__(self, work: Work, shards: Sequence[Shard], check: Check) -> Iterator[Finished]:
        if not shards:
            return
        # The work is sent once, as a task: it is made again where its worker is lost.
        held = self.client.submit(_itself, work, pure=False)
        places = [_absolute(shard) for shard in shards]
        futures = self.client.map(_read, places, work=held, pure=False)
        waiting = dict(zip((future.key for future in futures), futures, strict=True))
        named = dict(zip(waiting, shards, strict=True))
        ended: queue.SimpleQueue = queue.SimpleQueue()
        for future in futures:
            future.add_done_callback(ended.put)
        del futures, future  # so that each is let go, with its part, once it was taken
        try:
            while waiting:
                key = self._next(ended, check).key
                yield self._taken(waiting.pop(key), named[key])
        finally:
            if waiting and self.client.status == "running":
                self.client.cancel([*waiting.values(), held], force=True)

    def _next(self, ended: queue.SimpleQueue, check: Check) -> Any:
        """The next future that ended."""
        last = time.monotonic()
        while True:
            check()
            with contextlib.suppress(queue.Empty):
                return ended.get(timeout=POLL_S)
            if self.client.status == "running":
                last = time.monotonic()
            elif time.monotonic() - last > GONE_S:
                raise self._gone()

    def _taken(self, future: Any, shard: Shard) -> Finished:
        from distributed import KilledWorker

        if future.status in ("cancelled", "lost"):
            raise self._gone()
        try:
            return replace(future.result(), shard=shard)
        except CancelledError:
            raise self._gone() from None
        except KilledWorker:
            return Finished(shard, None, ENDED)
        except Exception as error:  # of one shard: what its worker could not even begin
            return Finished(shard, None, f"{type(error).__name__}: {error}")

    def _gone(self) -> Refused:
        return Refused(f"The Dask scheduler at {self.address} is gone; wanted it till the end.")


def _itself(work: Work) -> Work:
    return work


def _absolute(shard: Shard) -> Shard:
    """The shard as a worker finds it that was started in another folder."""
    labels = shard.labels and shard.labels.absolute()
    return replace(shard, path=shard.path.absolute(), labels=labels)


def _read(shard: Shard, work: Work) -> Finished:
    """In a worker: the shard read, or why not; it ends soon after nobody wants it any more."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def check() -> None:
        task = worker.state.tasks.get(key)
        if task is None or task.state == "cancelled":
            raise Cancelled

    with one_thread():
        return attempt(work, shard, check)


@contextlib.contextmanager
def _cluster(workers: int | None) -> Iterator[Any]:
    """A scheduler and workers on this machine, a process each."""
    from distributed import LocalCluster

    with without_main():
        cluster = LocalCluster(
            n_workers=workers or os.cpu_count() or 1,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            silence_logs="ERROR",
        )
    with cluster:
        yield cluster


def _connected(distributed: Any, address: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other versions are said in a sentence of ours
        try:
            return distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError):
            found = f"No Dask scheduler answered at {address} within {CONNECT_S:g} s"
            raise Refused(f"{found}; wanted one, as tcp://HOST:8786.") from None


def _judge_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=CONNECT_S)
    except (TimeoutError, OSError):
        raise Refused(f"The Dask scheduler at {address} has no worker; wanted some.") from None
    asked = _versions_asked()
    here = asked()
    for worker, there in client.run(asked).items():
        for name in SAME:
            if there[name] != here[name]:
                found = f"The worker {worker} has {name} {there[name]}"
                raise Refused(f"{found}; wanted {here[name]}, as here.")


def _versions_asked() -> Callable[[], dict[str, str]]:
    """What tells the versions of `SAME`, also where there is no engine."""

    def versions() -> dict[str, str]:
        import hashlib
        import importlib.metadata
        import importlib.util
        import pathlib
        import platform

        found = {"Python": ".".join(platform.python_version_tuple()[:2])}
        for name in ("numpy", "pandas", "pyarrow"):
            try:
                found[name] = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                found[name] = "not at all"
        place = importlib.util.find_spec("engine")
        if place is None or place.origin is None:
            return found | {"engine": "not at all (its folder belongs into PYTHONPATH)"}
        digest = hashlib.sha256()
        for file in sorted(pathlib.Path(place.origin).parent.rglob("*.py")):
            digest.update(file.read_bytes())
        return found | {"engine": f"of the code {digest.hexdigest()[:8]}"}

    return versions
