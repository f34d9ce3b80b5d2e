"""Three short exercises, each with a check that reads the descent in front of the reader."""

from dataclasses import dataclass

from engine.descent.trace import Descent
from engine.descent.verdict import Status, judge
from engine.io.numbers import learning_rate, percent


@dataclass(frozen=True)
class Task:
    """An exercise: what to do, whether the present settings do it, and what is missing."""

    title: str
    done: bool
    answer: str


def tasks(descent: Descent) -> list[Task]:
    """The three exercises, checked against one descent."""
    return [_largest_rate(descent), _beat_the_mean(descent), _converge_quickly(descent)]


def _largest_rate(descent: Descent) -> Task:
    share = descent.lr / descent.quadratic.limit
    title = "Find the largest learning rate that still converges, to within 1 % of the limit."
    if share >= 1:
        return Task(title, False, f"{learning_rate(descent.lr)} is past the limit: it diverges.")
    if share >= 0.99:
        return Task(title, True, f"{learning_rate(descent.lr)} is {percent(share)} of the limit.")
    return Task(title, False, f"{learning_rate(descent.lr)} converges, but there is room above it.")


def _beat_the_mean(descent: Descent) -> Task:
    title = "Beat a flat line (R² above 0) without standardising time."
    if descent.quadratic.scale != 1.0:
        return Task(title, False, "Time is standardised: switch that off first.")
    r2 = judge(descent).r2
    if r2 > 0:
        return Task(title, True, f"R² is {r2:.2f} after {descent.reached:,} steps.")
    return Task(title, False, "R² is still below 0: this takes patience, not a larger rate.")


def _converge_quickly(descent: Descent) -> Task:
    title = "Converge to within 1 % of the optimum in at most 20 steps."
    if judge(descent).status is not Status.CONVERGED:
        return Task(title, False, f"Not converged after {descent.reached:,} steps.")
    if descent.steps > 20:
        return Task(title, False, f"Converged, but in {descent.steps:,} steps: can it be faster?")
    return Task(title, True, f"Converged in {descent.steps:,} steps.")
