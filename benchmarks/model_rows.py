"""The rows of a model in an ONNX file: in its confined process, against onnxruntime alone.

Each way runs alone: `python -m benchmarks.model_rows NAME HOME`.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.rows import Row, ratio, rounds

WAYS = "benchmarks.model_rows"
THREADS_ALIKE = 4  # as many as the confined process takes at most


def rows(home: Path) -> Iterator[Row]:
    found = rounds(WAYS, ("confined", "onnxruntime_alone"), home)
    said = f"{found[-1]['confined']['s']:.2g} s for 10,000 images of a small convolutional network"
    what = "Answer 10,000 images with a model in its own process ÷ onnxruntime alone"
    yield Row(what, 1.3, ratio(found, "confined", "onnxruntime_alone"), True, said)
    one = sorted(each["confined"]["one"] for each in found)[len(found) // 2]
    yield Row("One edited pixel answered by it, seconds", 0.1, one, True)


def confined(home: Path) -> dict[str, float]:
    from engine.datasets.mnist.load import load_mnist
    from engine.own_models.classifier import OnnxClassifier

    dataset = load_mnist(home=home)
    training, images = dataset.training, dataset.testing.images
    with OnnxClassifier(network(home), "1 × 28 × 28, 0 to 1") as model:
        model.fit(training.images, training.labels)
        return {
            "s": best_of(5, lambda: model.predict(images)),
            "one": best_of(20, lambda: model.distances(images[:1])),
        }


def onnxruntime_alone(home: Path) -> dict[str, float]:
    import os

    import numpy as np
    import onnxruntime

    from engine.datasets.mnist.load import load_mnist

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(THREADS_ALIKE, os.cpu_count() or 1)
    session = onnxruntime.InferenceSession(network(home), options)
    images = load_mnist(home=home).testing.images

    def answers() -> np.ndarray:
        ink = images[:, None].astype(np.float32) / np.float32(255)
        return session.run(None, {"image": ink})[0].argmax(axis=1)

    return {"s": best_of(5, answers)}


def network(home: Path) -> bytes:
    """A network of two convolutions, not trained: that costs no other time."""
    path = home / "network.onnx"
    if not path.exists():
        import torch
        from torch import nn

        torch.manual_seed(0)
        first = nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2)
        second = nn.Conv2d(16, 32, 3), nn.ReLU(), nn.MaxPool2d(2)
        layers = nn.Sequential(*first, *second, nn.Flatten(), nn.Linear(800, 10)).eval()
        torch.onnx.export(
            layers,
            (torch.zeros(1, 1, 28, 28),),
            str(path),
            input_names=["image"],
            output_names=["logits"],
            dynamic_axes={"image": {0: "n"}, "logits": {0: "n"}},
            dynamo=False,
        )
    return path.read_bytes()


def best_of(times: int, work: Callable[[], object]) -> float:
    """Seconds of the quickest; a first one goes before and is not counted."""
    work()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](Path(sys.argv[2]))))
