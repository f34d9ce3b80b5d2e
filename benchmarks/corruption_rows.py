"""The rows of corruption: one kind, and all fifteen with five models, on MNIST's test images.

Each way runs alone: `python -m benchmarks.corruption_rows NAME HOME`.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.cure_rows import measured, peak_mb
from benchmarks.rows import Row, alone

WAYS = "benchmarks.corruption_rows"
MOST_S, MOST_ALL_S, MOST_PREDICTS, MOST_MB = 1, 60, 20, 400


def rows(home: Path) -> Iterator[Row]:
    found = alone(WAYS, "each", home)
    said = f"{found['slowest']}, {found['cpu']:.3g} s of processor time"
    yield Row("Corrupt 10,000 images by the slowest kind, seconds", MOST_S, found["s"], True, said)
    what = "A kind, the mean of fifteen ÷ one predict of the same images"
    yield Row(what, MOST_PREDICTS, found["mean_predicts"], True)
    found = alone(WAYS, "all_kinds", home)
    said = f"{found['cpu']:.3g} s of processor time; models fitted before"
    yield Row(
        "Fifteen kinds, 10,000 images, five models, seconds", MOST_ALL_S, found["s"], True, said
    )
    yield Row("Memory of that at most, MB", MOST_MB, found["peak"], True)


def each(home: Path) -> dict[str, object]:
    """Every kind at MNIST-C's severity, and the prediction of as many images by the L1 mean."""
    from engine.corruption.corrupt import corrupted
    from engine.corruption.curves import PUBLISHED
    from engine.datasets.mnist.load import load_mnist
    from engine.models.nearest_template import NearestTemplate

    dataset = load_mnist(home=home)
    images, training = dataset.testing.images, dataset.training
    model = NearestTemplate().fit(training.images, training.labels)
    for kind, severity in PUBLISHED:
        corrupted(images[:100], kind, severity)
    predict = min(measured(lambda: model.predict(images))["s"] for _ in range(3))
    found = {k: measured(lambda k=k, s=s: corrupted(images, k, s)) for k, s in PUBLISHED}
    times = {kind: one["s"] for kind, one in found.items()}
    slowest = max(times, key=times.get)
    return {
        "slowest": slowest,
        **found[slowest],
        "mean_predicts": sum(times.values()) / len(times) / predict,
    }


def all_kinds(home: Path) -> dict[str, float]:
    from engine.corruption.curves import PUBLISHED, answered
    from engine.datasets.mnist.load import load_mnist
    from engine.models.registry import MODELS

    dataset = load_mnist(home=home)
    images, labels = (part[::10] for part in (dataset.training.images, dataset.training.labels))
    names = list(MODELS)[:5]
    models = {name: MODELS[name].make().fit(images.copy(), labels) for name in names}
    start_mb = peak_mb()
    figures = measured(lambda: list(answered(dataset, models, PUBLISHED)))
    return figures | {"peak": peak_mb() - start_mb}


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](Path(sys.argv[2]))))
