"""Kills at random moments of loading and storing: `python -m benchmarks.kills [NUMBER] [SEED]`.

Each round starts a process that loads MNIST from a server on loopback, or that keeps fitted models,
kills it without warning (in turns with all its children, and alone), and then starts anew: the next
start must be right, and nothing of the first may be left, neither a file nor a process.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.network import answering, send
from tests.support.packed import mnist_archive

ROOT = Path(__file__).resolve().parents[1]
NUMBER, SEED = 100, 7
LONGEST_S = 300.0  # a hard limit that catches a hang, no goal
ORPHAN_S = 20.0  # children may need so long to notice, on a busy machine
LOADING = """
from engine.datasets.mnist.load import load_mnist
digits = load_mnist()
print(digits.key, len(digits.training), len(digits.testing), len(digits.skipped))
"""
KEEPING = """
from engine.datasets.sklearn_digits import load_sklearn_digits
from engine.evaluation.saved_models import load_or_fit
from engine.datasets.mnist.load import store_folder
while True:
    evaluation = load_or_fit(load_sklearn_digits(), "5 neighbours")
    print(evaluation.n_right, flush=True)
    if not {again}: break
    next((store_folder() / "models").glob("*.npz")).unlink()
"""
ALLOWED = {  # what a start leaves on purpose
    "home/mnist.store",
    "home/mnist.lock",
    "home/models/lock",
    "fastai/config.ini",
    "fastai/archive/mnist_png.tgz",
    "fastai/archive/mnist_png.tgz.lock",
}


@dataclass(frozen=True)
class Round:
    """One kill: after how long, whether it met the process at work, and what the next start was.

    When the process had come to its end before, ``after_s`` is how long it lived.
    """

    after_s: float
    alone: bool
    met: bool
    said: str
    left: tuple[str, ...]
    orphans: int


def main() -> None:
    given = list(map(int, sys.argv[1:]))
    number, seed = given + [NUMBER, SEED][len(given) :]
    with tempfile.TemporaryDirectory() as folder:
        archive = mnist_archive(Path(folder))
        if archive is None:
            sys.exit("MNIST is not on this machine (no data/mnist_png in FASTAI_HOME)")
        rounds = list(loading_rounds(archive, number, seed))
    _print("loading MNIST", rounds)
    _print("keeping a fitted model", list(keeping_rounds(number, seed)))


def _print(what: str, rounds: list[Round]) -> None:
    right = max((one.said for one in rounds), key=[one.said for one in rounds].count)
    print(
        f"{what}: {sum(one.met for one in rounds)} kills at work, "
        f"{sum(not one.met for one in rounds)} too late; "
        f"{sum(one.said != right for one in rounds)} next starts wrong, "
        f"{sum(len(one.left) for one in rounds)} files left behind, "
        f"{sum(one.orphans for one in rounds)} processes left behind",
        flush=True,
    )


def loading_rounds(archive: Path, number: int, seed: int) -> Iterator[Round]:
    """Kills of a first load, at moments spread evenly over the time that one takes."""
    with answering(send(archive.read_bytes())) as network:
        with place(network.url) as folder:
            started = time.monotonic()
            start(LOADING, folder, network.url)
            takes_s = time.monotonic() - started

        def kill(after_s: float, alone: bool) -> Round:
            with place(network.url) as folder:
                return killed(LOADING, LOADING, folder, network.url, after_s, alone)

        yield from _until_met(number, seed, 0, takes_s, kill)


def keeping_rounds(number: int, seed: int) -> Iterator[Round]:
    """Kills of a process that fits and keeps the same model again and again."""
    again, once = KEEPING.format(again=True), KEEPING.format(again=False)

    def kill(after_s: float, alone: bool) -> Round:
        with place() as folder:
            return killed(again, once, folder, "", after_s, alone)

    yield from _until_met(number, seed, 1.5, 6, kill)


def _until_met(
    number: int, seed: int, soonest_s: float, latest_s: float, kill: Callable[[float, bool], Round]
) -> Iterator[Round]:
    """Rounds until so many met the process at work: a kill that came too late shows nothing.

    Loading takes longer the first time, so each that came too late brings the latest forward.
    """
    moments, met = random.Random(seed), 0
    while met < number:
        one = kill(moments.uniform(soonest_s, latest_s), bool(met % 2))
        met += one.met
        latest_s = latest_s if one.met else min(latest_s, one.after_s)
        yield one


@contextmanager
def place(url: str = "") -> Iterator[Path]:
    """A folder with all that a start writes to: home, fastai and tmp."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("home", "fastai", "tmp"):
            (Path(folder) / name).mkdir()
        yield Path(folder)


def killed(first: str, then: str, folder: Path, url: str, after_s: float, alone: bool) -> Round:
    """One round: ``first`` is killed, alone or with its children, and ``then`` must be right."""
    started = time.monotonic()
    process = _popen(first, folder, url, stdout=subprocess.DEVNULL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(after_s)
        after_s = time.monotonic() - started
    met = process.poll() is None
    if alone or not met:
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    orphans = _orphans(process.pid)
    said = start(then, folder, url)
    return Round(after_s, alone, met, said, leftovers(folder), orphans)


def start(program: str, folder: Path, url: str) -> str:
    """What a start says, run to its end."""
    process = _popen(program, folder, url, stdout=subprocess.PIPE, text=True)
    try:
        return process.communicate(timeout=LONGEST_S)[0].strip()
    finally:
        process.kill()


def _popen(program: str, folder: Path, url: str, **options) -> subprocess.Popen:
    homes = {
        "DIGITSCOPE_HOME": f"{folder}/home",
        "FASTAI_HOME": f"{folder}/fastai",
        "TMPDIR": f"{folder}/tmp",
        "DIGITSCOPE_MNIST_URL": url,
    }
    command = [sys.executable, "-c", program]
    environment = {**os.environ, **homes}
    return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **options)


def _orphans(group: int) -> int:
    """How many processes of the group do not end by themselves; those are then killed."""
    deadline = time.monotonic() + ORPHAN_S
    while (left := _members(group)) and time.monotonic() < deadline:
        time.sleep(0.05)
    if left:
        os.killpg(group, signal.SIGKILL)
    return len(left)


def _members(group: int) -> list[str]:
    """The living processes of a group, as Linux tells them."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):  # gone meanwhile
            status = Path(f"/proc/{pid}/status").read_text()
            if os.getpgid(int(pid)) == group and "State:\tZ" not in status:
                found.append(pid)
    return found


def leftovers(folder: Path) -> tuple[str, ...]:
    """Files that no start leaves on purpose; the unpacked images and fitted models are meant."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    meant = ("fastai/data/mnist_png/", "home/models/")
    return tuple(
        name
        for name in sorted(names)
        if name not in ALLOWED and not (name.startswith(meant) and name.endswith((".png", ".npz")))
    )


if __name__ == "__main__":
    main()
