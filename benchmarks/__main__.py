"""Prints what the app costs beside its goals: `python -m benchmarks [engine_rows …]`.

Needs MNIST's folder where `untar_data` looks for it, and an installed Chromium for the screen. Each
way runs in a process of its own, one after the other within a round; a ratio is taken within a
round, and the median of rounds printed. Without names all modules are asked.
"""

import importlib
import sys
import tempfile
from pathlib import Path

from benchmarks.rows import HEAD

MODULES = (
    "engine_rows",
    "cure_rows",
    "label_rows",
    "corruption_rows",
    "map_rows",
    "pad_rows",
    "shard_rows",
    "model_rows",
    "server_rows",
)


def main(names: list[str]) -> None:
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory() as home:
        for name in names or MODULES:
            for row in importlib.import_module(f"benchmarks.{name}").rows(Path(home)):
                print(row, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
