"""What the server promises its viewers, each with its figure: `python -m benchmarks.promises`.

It starts a server as the README does, on MNIST, and plays many viewers before it; they share the
machine with the server, so that the times are upper bounds. `--soak` plays 1,500 visits instead.
"""

import argparse
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.datasets.mnist.load import load_mnist, store_folder
from engine.runtime.limits import MAX_UPLOAD_BYTES
from tests.support import strangers
from tests.support.server import ROOT, Server, serving
from tests.support.viewer import Steady, Viewer, refuse_errors

PAGES = [
    "" if path.stem == "overview" else path.stem for path in sorted((ROOT / "pages").glob("*.py"))
]
HEAVIEST = "view=Race&points=200&batch=1&steps=1000000&standardise=true&seed={}"
BUSY, BUSY_S, STEADY_S = 20, 20.0, 2.0
VISITS, MAX_CONCURRENT_TRAININGS, EVERY = 1_500, 10, 50


@dataclass(frozen=True)
class Promise:
    """What is promised, the goal, and what was found; ``met`` as the goal says."""

    what: str
    goal: str
    found: str
    met: bool

    def __str__(self) -> str:
        return f"| {self.what} | {self.goal} | {self.found} | {'met' if self.met else 'missed'} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.promises", description=__doc__)
    parser.add_argument("--soak", action="store_true", help="1,500 visits instead, 10 minutes")
    parser.add_argument("--attacks", action="store_true", help="only what strangers cost")
    arguments = parser.parse_args()
    promises = (
        [soak] if arguments.soak else [after_all_pages, while_walking, *STEADY, after_clear_cache]
    )
    print("| promise | goal | found | |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        home = with_mnist(Path(folder))
        if not arguments.attacks:
            with serving(DIGITSCOPE_HOME=str(home)) as server:
                for promise in promises:
                    for one in promise(server):
                        print(one, flush=True)
        for one in [] if arguments.soak else attacked(home):
            print(one, flush=True)


def with_mnist(home: Path) -> Path:
    """A folder with MNIST in its store: the one that is there, or ``home`` once it was made."""
    if (store_folder() / "mnist.store").exists():
        return store_folder()
    load_mnist(home=home)
    return home


def after_all_pages(server: Server) -> list[Promise]:
    """The memory after MNIST is loaded and each page was visited once."""
    for page in PAGES:
        with Viewer(server.address, page) as viewer:
            viewer.open()
            refuse_errors(viewer)
    held = strangers.memory(server)
    return [Promise("Memory, all pages visited once", "600 MB", f"{held:.0f} MB", held <= 600)]


def while_walking(server: Server) -> list[Promise]:
    """Twenty and fifty viewers who walk from page to page without a pause."""
    return [
        *walking(server, BUSY, 1.0),
        *walking(server, 2 * BUSY + BUSY // 2, 3.0),
        _peak(server, f"{BUSY} and {2 * BUSY + BUSY // 2} viewers walking"),
    ]


def walking(server: Server, viewers: int, goal_s: float) -> list[Promise]:
    """The waits of so many, each on a way of its own through all pages."""
    until = time.monotonic() + BUSY_S

    def walk(place: int) -> list[float]:
        with Viewer(server.address, PAGES[place % len(PAGES)]) as viewer:
            viewer.open()
            waits = []
            while time.monotonic() < until:
                waits.append(viewer.go(PAGES[(place + len(waits) + 1) % len(PAGES)]))
                refuse_errors(viewer)
            return waits

    with ThreadPoolExecutor(viewers) as pool:
        waits = [wait for one in pool.map(walk, range(viewers)) for wait in one]
    slow = float(np.quantile(waits, 0.95))
    rate = f"{statistics.median(waits):.2f} s median, {max(waits):.2f} s at most"
    what = f"{viewers} viewers walk: 95 of 100 pages"
    return [Promise(what, f"{goal_s:.0f} s", f"{slow:.2f} s ({rate})", slow <= goal_s)]


def _peak(server: Server, when: str) -> Promise:
    peak = strangers.memory(server, "VmHWM")
    return Promise(f"Memory at most, {when}", "1,000 MB", f"{peak:.0f} MB", peak <= 1000)


def attacked(home: Path) -> Iterator[Promise]:
    """What strangers cost, on a server that soon forgets them: each once to load what is loaded."""
    with serving(options=strangers.SOON, DIGITSCOPE_HOME=str(home)) as server:
        for page in ("data", "classify", "confusion"):  # a cold server is slower than any attack
            with Viewer(server.address, page, "data=Embedded") as viewer:
                viewer.open()
                viewer.rerun()
        for what, attack in strangers.ATTACKS.items():
            attack(server.address)
            cost = strangers.cost_of(server, attack)
            found = f"{cost.seconds:.1f} s, {cost.peak:+.0f} MB, then {cost.after:+.0f} MB"
            met = cost.seconds <= 5 and cost.peak <= 150 and cost.after <= 30
            yield Promise(f"A stranger: {what}", "5 s, +150 MB, then +30 MB", found, met)
        with Steady(server.address, "confusion", "data=Embedded") as steady:
            strangers.flood_of_messages(server.address)
            time.sleep(1)
        found = f"{max(steady.waits):.2f} s"
        yield Promise("Longest wait in 4,000 messages", "2 s", found, max(steady.waits) <= 2)


def while_others(what: str, disturb: Callable[[Server], object]) -> Callable:
    """The longest wait of a steady viewer while ``disturb`` goes on, and alone, beside it."""

    def promise(server: Server) -> list[Promise]:
        with Steady(server.address) as alone:
            time.sleep(STEADY_S)
        with Steady(server.address) as beside:
            disturb(server)
            time.sleep(0.5)
        found = f"{max(beside.waits):.2f} s (alone {max(alone.waits):.2f} s)"
        return [Promise(f"Longest wait while {what}", "1 s", found, max(beside.waits) <= 1)]

    return promise


def playground_at_its_maximum(server: Server) -> None:
    """Five races of 200 points one after another, none of them seen before."""
    first = time.time_ns() % 1_000_000
    for seed in range(first, first + 5):
        with Viewer(server.address, "playground", HEAVIEST.format(seed)) as viewer:
            viewer.open()


def largest_upload(server: Server) -> None:
    """A dataset of as many bytes as are taken."""
    with Viewer(server.address, "data") as viewer:
        viewer.open()
        viewer.upload("data_images_0", "large.npz", largest_data())
        refuse_errors(viewer)


def largest_data() -> bytes:
    """An NPZ of random images that is just small enough."""
    images = (MAX_UPLOAD_BYTES - 10_000) // (28 * 28 + 1)
    numbers = np.random.default_rng(0)
    content = io.BytesIO()
    np.savez(
        content,
        images=numbers.integers(0, 256, (images, 28, 28), dtype=np.uint8),
        labels=numbers.integers(0, 10, images, dtype=np.uint8),
    )
    return content.getvalue()


def ten_arrivals(server: Server) -> None:
    """Ten new viewers at once, each on another page."""

    def arrive(page: str) -> None:
        with Viewer(server.address, page) as viewer:
            viewer.open()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(arrive, (PAGES * 2)[:10]))


STEADY = (
    while_others("another runs the playground at its maximum", playground_at_its_maximum),
    while_others("another uploads the largest file", largest_upload),
    while_others("ten arrive at once", ten_arrivals),
)


def after_clear_cache(server: Server) -> list[Promise]:
    """What a viewer of each page waits longer after a stranger's `clear_cache`."""
    costs = {}
    for page in PAGES:
        with Viewer(server.address, page) as viewer, Viewer(server.address) as stranger:
            viewer.open()
            before = statistics.median(viewer.rerun() for _ in range(5))
            stranger.open()
            stranger.clear_cache()
            stranger.rerun()
            costs[page or "overview"] = viewer.rerun() - before
    worst = max(costs, key=costs.get)
    found = f"{max(costs[worst], 0):.2f} s (on {worst})"
    return [Promise("`clear_cache` by a stranger costs", "0.5 s", found, costs[worst] <= 0.5)]


def soak(server: Server) -> list[Promise]:
    """1,500 visits, ten at a time: memory, threads and open files at the end of each third."""

    def visit(place: int) -> None:
        with Viewer(server.address, PAGES[place % len(PAGES)]) as viewer:
            viewer.open()
            viewer.rerun()
            viewer.go(PAGES[(place + 1) % len(PAGES)])
            refuse_errors(viewer)

    looks = []
    with ThreadPoolExecutor(MAX_CONCURRENT_TRAININGS) as pool:
        for start in range(0, VISITS, EVERY):
            list(pool.map(visit, range(start, start + EVERY)))
            looks.append((strangers.memory(server), *threads_and_files(server)))
            print(
                "{}: {:.0f} MB, {} threads, {} files".format(start + EVERY, *looks[-1]),
                file=sys.stderr,
            )
    return [
        level("memory in MB", [look[0] for look in looks], 1.03),
        level("threads", [look[1] for look in looks], 1.1),
        level("open files", [look[2] for look in looks], 1.1),
    ]


def level(what: str, looks: list[float], most: float) -> Promise:
    """Whether the last third's median is no more than ``most`` times the middle third's."""
    third = len(looks) // 3
    middle, last = statistics.median(looks[third:-third]), statistics.median(looks[-third:])
    goal = f"at most {most - 1:.0%} more"
    found = f"{looks[0]:.0f} after {EVERY}, {middle:.0f}, then {last:.0f}"
    return Promise(f"{VISITS:,} visits, {what}, last third", goal, found, last <= most * middle)


def threads_and_files(server: Server) -> tuple[int, int]:
    """How many threads the server has, and how many files it holds open."""
    process = Path(f"/proc/{server.process.pid}")
    return len(os.listdir(process / "task")), len(os.listdir(process / "fd"))


if __name__ == "__main__":
    main()
