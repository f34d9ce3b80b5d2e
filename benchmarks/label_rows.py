"""The row of the label review: all test images of MNIST ranked by their nearest images.

Runs alone: `python -m benchmarks.label_rows NAME HOME`.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.cure_rows import measured, peak_mb
from benchmarks.rows import Row, alone

WAYS, MOST_S, MOST_MB = "benchmarks.label_rows", 40, 400


def rows(home: Path) -> Iterator[Row]:
    found = alone(WAYS, "ranked", home)
    said = f"{found['cpu']:.3g} s of processor time; {found['suspects']} suspects"
    yield Row("Rank 10,000 labels by 20 neighbors, seconds", MOST_S, found["s"], True, said)
    yield Row("Memory of that at most, MB", MOST_MB, found["peak"], True)


def ranked(home: Path) -> dict[str, float]:
    from engine.datasets.mnist.load import load_mnist
    from engine.label_review.neighbors import neighbor_shares
    from engine.label_review.suspects import suspects

    dataset = load_mnist(home=home)
    tables, start_mb = [], peak_mb()

    def rank() -> None:
        tables.append(suspects(neighbor_shares(dataset, "test"), dataset.testing.labels))

    return measured(rank) | {"suspects": len(tables[0]), "peak": peak_mb() - start_mb}


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](Path(sys.argv[2]))))
