"""Fitting and judging many shards: `python -m benchmarks.shard_ways NAME HOME IMAGES`.

MNIST's images, of both sides, shifted and shuffled anew for every repetition, in .npy files of
100 MB, which are made on first use.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.streaming import peak_mb
from engine.datasets.dataset import Split
from engine.shards.runners import Pool, in_process
from engine.shards.study import Asked, study

ROWS = 128_000  # of a shard
MNIST = 70_000
BUFFER = 1 << 22


def plain_read(folder: Path) -> None:
    """Reads every byte through one small buffer, and does nothing with it."""
    buffer = bytearray(BUFFER)
    for path in folder.iterdir():
        with path.open("rb", buffering=0) as file:
            while file.readinto(buffer):
                pass


def one_process(folder: Path) -> None:
    study(Asked(str(folder)), runner=in_process)


def two_processes(folder: Path) -> None:
    study(Asked(str(folder)), runner=Pool(2))


def shards(home: Path, count: int) -> Path:
    """The folder of ``count`` images, made if need be: a seventh of them for testing."""
    from engine.datasets.mnist.load import load_mnist

    folder = home / f"shards-{count}"
    if list(folder.glob("test-*-labels.npy")):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    dataset, random = load_mnist(home=home), np.random.default_rng(0)
    for side, split in (("train", dataset.training), ("test", dataset.testing)):
        images = count * len(split) // MNIST
        for at in range(0, images, ROWS):
            write(folder / f"{side}-{at // ROWS:04}", split, min(ROWS, images - at), random)
    return folder


def write(path: Path, split: Split, rows: int, random: np.random.Generator) -> None:
    """So many images of the split, each shifted by up to two pixels, and their labels."""
    chosen = random.integers(0, len(split), rows)
    images = np.lib.format.open_memmap(f"{path}.npy", "w+", np.uint8, (rows, 28, 28))
    for at in range(0, rows, 4096):
        shift = tuple(random.integers(-2, 3, 2))
        some = split.images[chosen[at : at + 4096]]
        images[at : at + 4096] = np.roll(some, shift, axis=(1, 2))
    np.save(f"{path}-labels.npy", split.labels[chosen])


if __name__ == "__main__":
    work, home, count = globals()[sys.argv[1]], Path(sys.argv[2]), int(sys.argv[3])
    made = shards(home, count)
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before, start = peak_mb(), time.perf_counter()
    work(made)
    print(json.dumps({"s": time.perf_counter() - start, "mb": peak_mb() - before}))
