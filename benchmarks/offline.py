"""How soon the page is there when MNIST cannot be had: `python -m benchmarks.offline [FAULT …]`.

Each fault of `support.network` meets a real server with an empty store: first one viewer of the
server just started, then twenty at once in a new attempt, while one more who looks at the embedded
digits keeps rerunning.
"""

import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.support.network import FAULTS, Network, NotHere
from tests.support.server import Server, serving
from tests.support.viewer import HANG_S, Steady, Viewer

GOAL_S = 10.0
MAX_CONCURRENT_TRAININGS = 20
AGAIN = "mnist_again"
ON_MNIST = "of 10,000 test images are right"
STAND_IN = "embedded 8×8 digits, because MNIST"


@dataclass(frozen=True)
class Offline:
    """What one fault cost: seconds to the page, seconds of a bystander, requests for the file."""

    fault: str
    first_s: float
    many_s: float
    steady_s: float
    requests: int
    requests_of_many: int
    said: str


def main() -> None:
    """Prints a row a fault, and at the end how many kept the promise."""
    print("| fault | first page | 20 at once | bystander | requests | of the 20 | what is said |")
    print("|---|---|---|---|---|---|---|")
    kept = []
    for fault in sys.argv[1:] or FAULTS:
        try:
            one = measure(fault)
        except NotHere as reason:
            print(f"| {fault} | not measured: {reason} | | | | | |", flush=True)
            continue
        kept.append(max(one.first_s, one.many_s) <= GOAL_S)
        print(
            f"| {fault} | {one.first_s:.1f} s | {one.many_s:.1f} s | {one.steady_s:.2f} s "
            f"| {one.requests} | {one.requests_of_many} | {one.said} |",
            flush=True,
        )
    print(
        f"\nThe page was there within {GOAL_S:.0f} s in {sum(kept)} of {len(kept)} kinds of fault"
    )


def measure(fault: str, many: int = MAX_CONCURRENT_TRAININGS) -> Offline:
    """One fault, from the start of a server. Raises NotHere where it cannot be made."""
    with FAULTS[fault]() as network, offline_server(network) as server, Viewer(server.address) as v:
        first_s = v.open()
        requests = len(network.requests)
        with bystander(server) as beside:
            failed = has(v, AGAIN)
            if failed:  # and not still on its way
                v.click(AGAIN)
            v.ask()  # and does not wait, so that the others come while the attempt is on
            many_s = max(at_once(server, many))
            v.wait()
        after = len(network.requests) - requests
        return Offline(fault, first_s, many_s, max(beside.waits), requests, after, why(v))


@contextlib.contextmanager
def offline_server(network: Network) -> Iterator[Server]:
    """A server with nothing stored, which looks for MNIST in that network."""
    with tempfile.TemporaryDirectory() as folder:
        homes = {name: f"{folder}/{name}" for name in ("DIGITSCOPE_HOME", "FASTAI_HOME")}
        with serving(network.before, DIGITSCOPE_MNIST_URL=network.url, **homes) as server:
            yield server


def at_once(server: Server, many: int) -> list[float]:
    """Seconds until each of so many new viewers had the page on the embedded digits."""
    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(lambda _: _opened(server), range(many)))


def _opened(server: Server) -> float:
    with Viewer(server.address) as viewer:
        seconds = viewer.open()
        why(viewer)
        return seconds


def at_once_on_mnist(servers: Sequence[Server], each: int) -> None:
    """So many new viewers of each server, all at once, until every one of them sees MNIST."""
    with ThreadPoolExecutor(len(servers) * each) as pool:
        list(pool.map(until_mnist, [server.address for server in servers] * each))


def until_mnist(address: str) -> None:
    """A viewer who looks again until MNIST is there. AssertionError after the hard limit."""
    with Viewer(address) as viewer:
        viewer.open()
        deadline = time.monotonic() + HANG_S
        while ON_MNIST not in viewer.text:
            why(viewer)
            assert time.monotonic() < deadline, viewer.text
            time.sleep(0.5)
            viewer.rerun()


def bystander(server: Server) -> Steady:
    """Somebody on the embedded digits, whose page must never change."""
    return Steady(server.address, query="data=Embedded")


def why(viewer: Viewer) -> str:
    """The sentence that tells why the embedded digits are shown; AssertionError without one."""
    if viewer.exceptions:
        raise AssertionError(f"the page shows {viewer.exceptions}")
    for line in viewer.text.splitlines():
        if STAND_IN in line:
            return line.replace("\\", "").split(", because ")[1]
    raise AssertionError(f"nothing tells why the embedded digits are shown: {viewer.text}")


def has(viewer: Viewer, key: str) -> bool:
    """Whether the page holds a widget of that key."""
    try:
        viewer.by_key(key)
    except KeyError:
        return False
    return True


if __name__ == "__main__":
    main()
