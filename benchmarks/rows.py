"""One line of the table: what was measured, as a ratio, beside the goal it is held to."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = "| what | goal | measured | |\n|---|---|---|---|"


@dataclass(frozen=True)
class Row:
    """``ratio`` is held to ``goal``, which is a least or (``at_most``) a most.

    None stands for what could not be measured here; ``remark`` says why, or what else to know.
    """

    what: str
    goal: float
    ratio: float | None
    at_most: bool = False
    remark: str = ""

    @property
    def met(self) -> bool:
        if self.ratio is None:
            return False
        return self.ratio <= self.goal if self.at_most else self.ratio >= self.goal

    def __str__(self) -> str:
        sign = "≤" if self.at_most else "≥"
        measured = "not measured" if self.ratio is None else f"{self.ratio:.3g}"
        verdict = "" if self.ratio is None else "met" if self.met else "**missed**"
        said = "; ".join(filter(None, (verdict, self.remark)))
        return f"| {self.what} | {sign} {self.goal:g} | {measured} | {said} |"


def alone(module: str, name: str, *words: object) -> dict[str, float]:
    """The figures that ``python -m module name words…`` prints as JSON, in a fresh process."""
    command = [sys.executable, "-m", module, name, *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{name} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def rounds(
    module: str, names: Iterable[str], *words: object, count: int = 5, warm: bool = True
) -> list[dict[str, dict[str, float]]]:
    """The figures of each way, once a round, one way after the other within each round.

    One more round goes first and is not counted, unless there is nothing to ``warm``.
    """
    found = [{name: alone(module, name, *words) for name in names} for _ in range(count + warm)]
    return found[warm:]


def ratio(found: list[Mapping[str, Mapping[str, float]]], above: str, below: str, what: str = "s"):
    """The median over rounds of one way's figure over another's in the same round."""
    return statistics.median(each[above][what] / each[below][what] for each in found)
