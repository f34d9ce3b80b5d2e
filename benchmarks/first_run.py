"""The first start, from the downloaded archive to ready arrays: `… first_run NAME HOME`.

The notebook's way unpacks it as `untar_data` does (shutil.unpack_archive) and opens each file; its
imports are not timed. Ours is `load_mnist` with nothing but the archive, everything timed.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

from benchmarks.engine_ways import timed

DROP = Path("/proc/sys/vm/drop_caches")
MODULES = (
    "engine.datasets.mnist.download_worker, fastai.data, fastdownload.core",
    "engine.datasets.mnist.archive",
)  # of our two children


def notebook(home: Path) -> Callable[[], object]:
    """The notebook's "Variables" and "Execution" 1, 2 and 4, after unpacking."""
    import torch
    from fastai.torch_core import tensor
    from PIL import Image

    folder = home / "unpacked"
    shutil.rmtree(folder, ignore_errors=True)
    archive(home).read_bytes()

    def work():
        shutil.unpack_archive(archive(home), folder)
        for split in ("training", "testing"):
            for digit in range(10):
                files = sorted((folder / "mnist_png" / split / str(digit)).iterdir())
                torch.stack([tensor(Image.open(file)) for file in files]).float() / 255

    return work


def ours(home: Path) -> Callable[[], object]:
    from engine.datasets.mnist.load import load_mnist

    shutil.rmtree(home / "first", ignore_errors=True)
    kept = home / "first" / "fastai" / "archive"
    kept.mkdir(parents=True)
    shutil.copy(archive(home), kept / "mnist_png.tgz")
    os.environ["FASTAI_HOME"] = str(kept.parent)
    os.environ["DIGITSCOPE_MNIST_URL"] = "http://127.0.0.1:9/mnist_png.tgz"  # not asked
    return lambda: load_mnist(home=home / "first")


def notebook_dropped(home: Path) -> Callable[[], object]:
    return dropped(notebook(home))


def ours_dropped(home: Path) -> Callable[[], object]:
    return dropped(ours(home))


def dropped(work: Callable[[], object]) -> Callable[[], object]:
    """The work, after the kernel has forgotten every file."""
    os.sync()
    DROP.write_text("3")
    return work


def memory(home: Path) -> dict[str, float]:
    """The peak of our first start, all processes together, as a multiple of the images' bytes.

    Memory is each process's proportional share (PSS); what this process held before, and what the
    two it starts take for their imports alone, is taken off.
    """
    work, finished, peak = ours(home), threading.Event(), [0]
    before = pss(os.getpid()) + sum(map(imports_alone, MODULES))

    def watch() -> None:
        while not finished.wait(0.005):
            peak[0] = max(peak[0], sum(map(pss, family(os.getpid()))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    dataset = work()
    finished.set()
    watcher.join()
    images = dataset.training.images.nbytes + dataset.testing.images.nbytes
    return {"times": (peak[0] - before) / images}


def family(root: int) -> list[int]:
    """The process and all that descend from it."""
    found = [root]
    for process in found:
        for task in Path(f"/proc/{process}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:  # ended meanwhile
                continue
    return found


def pss(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def imports_alone(modules: str) -> int:
    code = f"import {modules}; print(flush=True); input()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as child:
        child.stdout.readline()
        held = pss(child.pid)
        child.communicate(b"\n")
    return held


def archive(home: Path) -> Path:
    """fastai's archive where it keeps it, or else its folder packed again the same way."""
    from engine.datasets.mnist.download_worker import fastai_home

    kept, own = fastai_home() / "archive" / "mnist_png.tgz", home / "mnist_png.tgz"
    if not kept.exists() and not own.exists():
        with tarfile.open(own, "w:gz", format=tarfile.GNU_FORMAT) as packed:
            packed.add(fastai_home() / "data" / "mnist_png", "mnist_png")
    return own if own.exists() else kept


if __name__ == "__main__":
    name, home = sys.argv[1], Path(sys.argv[2])
    archive(home)
    found = globals()[name](home)
    print(json.dumps(timed(found) if callable(found) else found))
