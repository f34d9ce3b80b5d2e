"""The ways that are compared, each run alone: `python -m benchmarks.ways NAME HOME`."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def notebook_load(home: Path) -> Callable[[], object]:
    """The notebook's "Variables" and "Execution" 1, 2 and 4, digit by digit."""
    from fastai.torch_core import tensor
    from PIL import Image

    folder = mnist_folder()

    def work():
        import torch

        stacked = {}
        for split in ("training", "testing"):
            for digit in range(10):
                files = sorted((folder / split / str(digit)).iterdir())
                images = [tensor(Image.open(file)) for file in files]
                stacked[split, digit] = torch.stack(images).float() / 255
        return stacked

    return work


def notebook_fit(home: Path) -> Callable[[], object]:
    training = stacked_by_digit(stored(home).training)
    return lambda: [images.mean(0) for images in training]


def notebook_predict(home: Path) -> Callable[[], object]:
    """The notebook's "Execution" 5 to 7, its ten questions to each digit taken as one."""
    import torch

    digits = stored(home)
    means = [images.mean(0) for images in stacked_by_digit(digits.training)]
    testing = stacked_by_digit(digits.testing)

    def mnist_distance(image, mean):
        return (mean - image).abs().mean((-1, -2))

    def work():
        return [
            torch.stack([mnist_distance(images, mean) for mean in means]).argmin(dim=0)
            for images in testing
        ]

    return work


def our_load(home: Path) -> Callable[[], object]:
    from engine.folders import read_folder

    folder = mnist_folder()
    return lambda: read_folder(folder, "MNIST")


def our_store(home: Path) -> Callable[[], object]:
    """Opens the store, checks its sum and touches every image."""
    from engine.store import read_store

    stored(home)
    return lambda: read_store(home / "mnist.store").training.images.max()


def our_fit(home: Path) -> Callable[[], object]:
    from engine.classifier import NearestTemplate

    training = stored(home).training
    return lambda: NearestTemplate().fit(training.images, training.labels)


def our_predict(home: Path) -> Callable[[], object]:
    from engine.classifier import NearestTemplate

    digits = stored(home)
    model = NearestTemplate().fit(digits.training.images, digits.training.labels)
    return lambda: model.predict(digits.testing.images)


def stored(home: Path):
    """MNIST from the store, which is made first if need be; touched, so that it is in memory."""
    from engine.mnist import load_mnist

    digits = load_mnist(home=home)
    digits.training.images.max()
    return digits


def stacked_by_digit(split) -> list:
    """The notebook's stacked float tensors of each digit."""
    import torch

    return [torch.from_numpy(split.images[split.labels == d]).float() / 255 for d in range(10)]


def mnist_folder() -> Path:
    from engine.download import fetch_mnist

    return fetch_mnist()


def server(home: Path) -> dict[str, float]:
    """Resident memory of a server that has shown the overview to one viewer, in MB."""
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        "app = AppTest.from_file('dashboard/Home.py', default_timeout=120).run(); "
        "assert not app.exception; "
        "print([line for line in open('/proc/self/status') if line.startswith('VmRSS')][0])"
    )
    environment = {**os.environ, "DIGITSCOPE_HOME": str(home), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    return {"mb": int(done.stdout.split()[1]) / 1024}


def peak_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Seconds of one call, and the peak of memory above what was held before it."""
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before = peak_mb()
    start = time.perf_counter()
    work()
    return {"s": time.perf_counter() - start, "mb": peak_mb() - before}


if __name__ == "__main__":
    name, home = sys.argv[1], Path(sys.argv[2])
    print(json.dumps(server(home) if name == "server" else timed(globals()[name](home))))
