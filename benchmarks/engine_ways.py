"""The ways that are compared, each run alone: `python -m benchmarks.engine_ways NAME HOME`.

Every way prepares what it needs untimed and returns the work, which is timed. All use one thread.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

ONE = 500  # single images asked about, for the time of one


def plain_read(home: Path) -> Callable[[], object]:
    """Reads the bytes of all images, and no more, into a new buffer."""
    import numpy as np

    size = stored(home).training.images.nbytes + stored(home).testing.images.nbytes

    def work():
        with (home / "mnist.store").open("rb", buffering=0) as file:
            return file.readinto(np.empty(size, np.uint8))

    return work


def our_store(home: Path) -> Callable[[], object]:
    """Opens the store, which touches every image to check it."""
    from engine.datasets.cache_file import read_store

    stored(home)
    return lambda: read_store(home / "mnist.store")


def one_pass(home: Path) -> Callable[[], object]:
    """The sum of all training pixels as 64-bit numbers: numpy's fastest pass over the bytes."""
    import numpy as np

    images = stored(home).training.images
    return repeated(lambda: images.reshape(-1).view(np.uint64).sum())


def our_fit(home: Path) -> Callable[[], object]:
    from engine.models.nearest_template import NearestTemplate

    training = stored(home).training
    return repeated(lambda: NearestTemplate().fit(training.images, training.labels))


def notebook_predict(home: Path) -> Callable[[], object]:
    """The notebook's "Execution" 5 to 7, its ten questions to each digit taken as one."""
    import torch

    torch.set_num_threads(1)
    means, testing = notebook_means(home), stacked_by_digit(stored(home).testing)
    return repeated(lambda: [notebook_answers(images, means) for images in testing])


def notebook_answers(images, means):
    import torch

    distance = [(mean - images).abs().mean((-1, -2)) for mean in means]
    return torch.stack(distance).argmin(dim=0)


def our_predict(home: Path) -> Callable[[], object]:
    model, testing = fitted(home), stored(home).testing
    return repeated(lambda: model.predict(testing.images))


def our_shapes(home: Path) -> Callable[[], object]:
    from engine.shapes.attributes import shape_attributes

    images = stored(home).testing.images
    return lambda: shape_attributes(images)


def answers_differ(home: Path) -> dict[str, float]:
    """How many of the 10,000 answers are not the notebook's, image by image."""
    import numpy as np
    import torch

    testing, means = stored(home).testing, notebook_means(home)
    theirs = [notebook_answers(images, means) for images in stacked_by_digit(testing)]
    by_digit = np.argsort(testing.labels, kind="stable")
    ours = fitted(home).predict(testing.images[by_digit])
    return {"count": int((torch.cat(theirs).numpy() != ours).sum()), "of": len(ours)}


def notebook_one(home: Path) -> Callable[[], object]:
    import torch

    torch.set_num_threads(1)
    means, testing = notebook_means(home), stacked_by_digit(stored(home).testing)
    images = [images[at : at + 1] for images in testing for at in range(ONE // 10)]
    return lambda: [notebook_answers(image, means) for image in images]


def our_one(home: Path) -> Callable[[], object]:
    import numpy as np

    model, testing = fitted(home), stored(home).testing
    chosen = [np.flatnonzero(testing.labels == d)[: ONE // 10] for d in range(10)]
    images = [testing.images[at : at + 1] for at in np.concatenate(chosen)]
    return lambda: [model.predict(image) for image in images]


def stored(home: Path):
    """MNIST from the store, which is made first if need be; touched, so that it is in memory."""
    from engine.datasets.mnist.load import load_mnist

    return load_mnist(home=home)


def fitted(home: Path):
    from engine.models.nearest_template import NearestTemplate

    training = stored(home).training
    return NearestTemplate().fit(training.images, training.labels)


def stacked_by_digit(split) -> list:
    """The notebook's stacked float tensors of each digit."""
    import torch

    return [torch.from_numpy(split.images[split.labels == d]).float() / 255 for d in range(10)]


def notebook_means(home: Path) -> list:
    return [images.mean(0) for images in stacked_by_digit(stored(home).training)]


def repeated(work: Callable[[], object], times: int = 5) -> Callable[[], object]:
    """Some runs in one, the first of them before the clock starts."""
    work()
    return lambda: [work() for _ in range(times)]


def timed(work: Callable[[], object]) -> dict[str, float]:
    start = time.perf_counter()
    work()
    return {"s": time.perf_counter() - start}


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
    name, home = sys.argv[1], Path(sys.argv[2])
    found = globals()[name](home)
    print(json.dumps(timed(found) if callable(found) else found))
