"""Prints what the app does beside the notebook's own way: `python -m benchmarks`.

Needs MNIST's folder where `untar_data` looks for it. Each way runs in a process of its own; the
first run of each is thrown away, the median of the others is printed, and the ratio is taken
between medians of the same run.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 4  # the first warms the page cache and is not counted
PAIRS = (
    ("Load from PNG files", "notebook_load", "our_load"),
    ("Load again (store)", "notebook_load", "our_store"),
    ("Fit ten templates", "notebook_fit", "our_fit"),
    ("Predict 10,000", "notebook_predict", "our_predict"),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        names = dict.fromkeys(name for _, *pair in PAIRS for name in pair)
        figures = {name: [] for name in names}
        for _ in range(ROUNDS):
            for name in names:
                figures[name].append(run(name, home))
        print_times(figures)
        server = run("server", home)
        print(
            f"\nServer memory after MNIST is loaded and the overview shown: {server['mb']:.0f} MB"
        )


def run(name: str, home: str) -> dict[str, float]:
    """One way in a fresh process: its seconds, and its peak memory above the start in MB."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.ways", name, home],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def print_times(figures: dict[str, list[dict[str, float]]]) -> None:
    def median(name: str, what: str) -> float:
        return statistics.median(figure[what] for figure in figures[name][1:])

    print("| what | the notebook's way | ours | times faster | extra memory: notebook | ours |")
    print("|---|---|---|---|---|---|")
    for label, theirs, ours in PAIRS:
        seconds = median(theirs, "s"), median(ours, "s")
        memory = median(theirs, "mb"), median(ours, "mb")
        print(
            f"| {label} | {seconds[0]:.3f} s | {seconds[1]:.3f} s | {seconds[0] / seconds[1]:.1f} "
            f"| {memory[0]:.0f} MB | {memory[1]:.0f} MB |"
        )


if __name__ == "__main__":
    main()
