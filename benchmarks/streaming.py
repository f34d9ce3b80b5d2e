"""Fitting millions of images from disk: `python -m benchmarks.streaming NAME HOME IMAGES`.

MNIST's training images, shifted and shuffled anew for every repetition, in one file of pixels and
one of labels, which are made on first use.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

from engine.datasets.streaming import image_blocks
from engine.models.nearest_template import NearestTemplate

SIZE = 28, 28
MNIST = 60_000


def plain_read(pixels: Path, labels: Path) -> None:
    """Reads every byte through one small buffer, and does nothing with it."""
    for _ in image_blocks(pixels, SIZE):
        pass


def fit(pixels: Path, labels: Path) -> None:
    model = NearestTemplate()
    with labels.open("rb") as file:
        for images in image_blocks(pixels, SIZE):
            model.partial_fit(images, np.frombuffer(file.read(len(images)), np.uint8))


def files(home: Path, count: int) -> tuple[Path, Path]:
    """The two files of ``count`` images, made if need be."""
    from engine.datasets.mnist.load import load_mnist

    pixels, labels = home / f"{count}.u8", home / f"{count}.labels"
    if labels.exists():
        return pixels, labels
    training, random = load_mnist(home=home).training, np.random.default_rng(0)
    with pixels.open("wb") as images, labels.open("wb") as names:
        for _ in range(count // MNIST):
            order = random.permutation(MNIST)
            shift = tuple(random.integers(-2, 3, 2))
            for at in range(0, MNIST, 4096):
                some = order[at : at + 4096]
                images.write(np.roll(training.images[some], shift, axis=(1, 2)))
                names.write(training.labels[some].astype(np.uint8))
    return pixels, labels


def peak_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    work, home, count = globals()[sys.argv[1]], Path(sys.argv[2]), int(sys.argv[3])
    made = files(home, count)
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before, start = peak_mb(), time.perf_counter()
    work(*made)
    print(json.dumps({"s": time.perf_counter() - start, "mb": peak_mb() - before}))
