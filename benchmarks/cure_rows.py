"""The rows of the cures: a ladder, and deskewing, on MNIST.

Each way runs alone: `python -m benchmarks.cure_rows NAME HOME`.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row, alone

WAYS, MOST_MB = "benchmarks.cure_rows", 300


def rows(home: Path) -> Iterator[Row]:
    found = alone(WAYS, "deskew", home)
    yield Row("Deskew 10,000 images, seconds", 1, found["s"], True, _processor(found))
    found = alone(WAYS, "ladder", home)
    what = f"A first ladder of {found['cures']} cures, seconds"
    yield Row(what, 60, found["s"], True, _processor(found))
    kept = f"{found['kept']:.2g} MB stay in memory, {found['file']:.2g} MB on disk"
    yield Row("Memory of a ladder at most, MB", MOST_MB, found["peak"], True, kept)


def _processor(found: dict[str, float]) -> str:
    return f"{found['cpu']:.3g} s of processor time"


def deskew(home: Path) -> dict[str, float]:
    from engine.datasets.mnist.load import load_mnist
    from engine.transforms.moments import Deskew

    images = load_mnist(home=home).testing.images
    step = Deskew().fit(images[:1])
    return measured(lambda: step.transform(images))


def ladder(home: Path) -> dict[str, float]:
    """The twelve cures of the L1 mean, and what is left of them in memory and on disk."""
    import sklearn.cluster  # noqa: F401  # its import is no part of the ladder

    from engine.cures.recipe import Recipe
    from engine.datasets.mnist.load import load_mnist
    from engine.evaluation import saved_ladders
    from engine.evaluation.cure_ladder import Ladder, rungs
    from engine.evaluation.evaluation import evaluate

    dataset = load_mnist(home=home)
    before = evaluate(dataset, "L1 mean").table["right"].to_numpy()
    made, start_mb = [], peak_mb()
    figures = measured(lambda: made.extend(rungs(dataset, Recipe("L1 mean"), before)))
    saved_ladders.keep(dataset, Ladder(Recipe("L1 mean"), before, tuple(made)), home)
    (path,) = (home / "models").glob("*.npz")
    arrays = [part for rung in made for part in vars(rung).values() if hasattr(part, "nbytes")]
    return figures | {
        "cures": len(made),
        "peak": peak_mb() - start_mb,
        "kept": sum(part.nbytes for part in arrays) / 1e6,
        "file": path.stat().st_size / 1e6,
    }


def measured(work) -> dict[str, float]:
    start, used = time.perf_counter(), time.process_time()
    work()
    return {"s": time.perf_counter() - start, "cpu": time.process_time() - used}


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](Path(sys.argv[2]))))
