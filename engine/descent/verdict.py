"""Is this fit good, why not, and what would make it so: one descent judged in words.

Every sentence is computed from the descent in front of the reader; nothing is typed in advance.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from engine.descent.closed_form import (
    NEVER,
    QuadraticLoss,
    band,
    from_basis,
    loss_at,
    quadratic,
    steps_to,
    steps_to_each,
    to_basis,
)
from engine.descent.trace import Descent
from engine.io.numbers import coefficient, learning_rate, number, percent, rate_below, ratio
from engine.runtime.limits import MAX_DESCENT_STEPS


class Status(StrEnum):
    """How a descent ends."""

    CONVERGED = "converged"
    NOT_CONVERGED = "not converged"
    DIVERGES = "diverges"


class Rate(NamedTuple):
    """A learning rate that converges, and the steps it takes."""

    lr: float
    steps: int


@dataclass(frozen=True)
class Verdict:
    """``more`` is the number of further steps to within 1 % of L*, None when it is never or more
    than 10¹⁵. ``cure`` is the learning rate that converges with time standardised; None where that
    is not the cure. ``r2`` is the share of the variance explained, negative when a flat line is
    better.
    """

    status: Status
    headline: str
    sentences: tuple[str, ...]
    loss: float
    r2: float
    more: int | None
    cure: Rate | None


def judge(descent: Descent) -> Verdict:
    """The verdict on a descent at the last finite step it reached."""
    quadratic, lr = descent.quadratic, descent.lr
    now = float(loss_at(quadratic, descent.start, lr, np.array([descent.reached]))[0])
    total = steps_to(quadratic, descent.start, lr, quadratic.goal)
    more = None if total is None else max(total - descent.reached, 0)
    status = _status(descent, now)
    cure = _cure(descent) if status is Status.NOT_CONVERGED and quadratic.scale == 1.0 else None
    sentences = (_how_good(descent, now), _why(descent), *_what_helps(descent, status, more, cure))
    headline = _headline(descent, status)
    return Verdict(status, headline, sentences, now, 1 - now / quadratic.flat, more, cure)


def _status(descent: Descent, now: float) -> Status:
    if descent.lr >= descent.quadratic.limit:
        return Status.DIVERGES
    return Status.CONVERGED if now <= descent.quadratic.goal else Status.NOT_CONVERGED


def _headline(descent: Descent, status: Status) -> str:
    if descent.stopped is not None:
        return f"Diverged: no finite loss from step {descent.stopped:,} on"
    if status is Status.NOT_CONVERGED and descent.steps == 0:
        return "Not converged: this is the start, before any step"
    style = band(descent.quadratic, descent.lr)
    detail = {
        "crawls": ": it crawls",
        "smooth": "",
        "overshoots": ": it swings from side to side",
        "diverges": ": every step makes it worse",
    }[style]
    if status is Status.CONVERGED:
        within = "within 1 % of the best possible loss"
        return f"Converged: {within if descent.quadratic.has_noise else 'R² is 0.99 or better'}"
    return status.capitalize() + detail


def _how_good(descent: Descent, now: float) -> str:
    quadratic = descent.quadratic
    step = f"After {descent.reached:,} {'step' if descent.reached == 1 else 'steps'}"
    if not quadratic.has_noise:
        best = "where the optimum is 0, a parabola through every point"
    elif now < 1.1 * quadratic.floor:
        above = percent(max(now / quadratic.floor - 1, 0))
        best = f"{above} above the optimum of {number(quadratic.floor)}"
    else:
        best = f"{ratio(now / quadratic.floor)} the optimum of {number(quadratic.floor)}"
    r2 = 1 - now / quadratic.flat
    if now > quadratic.flat:
        flat = f"worse than a flat line through the mean (R² {coefficient(r2)})"
    else:
        flat = f"better than a flat line through the mean (R² {coefficient(r2)})"
    return f"{step} the loss is {number(now)}, {best}, and {flat}."


def _why(descent: Descent) -> str:
    quadratic, lr = descent.quadratic, descent.lr
    steep, flat = (
        abs(1 - lr * value) for value in (quadratic.curvatures[0], quadratic.curvatures[-1])
    )
    condition = (
        f"condition number {number(quadratic.condition, 1 if quadratic.condition < 100 else 0)}"
    )
    if lr >= quadratic.limit:
        return (
            f"The learning rate is {ratio(lr / quadratic.limit)} its limit of "
            f"{learning_rate(quadratic.limit)}: "
            "each step multiplies the error in the steepest direction by "
            f"{coefficient(1 - lr * quadratic.curvatures[0])}."
        )
    kept = "nothing" if steep < 1e-3 else f"{percent(steep)} of the error"
    return (
        f"The learning rate is {percent(lr / quadratic.limit)} of its limit of "
        f"{learning_rate(quadratic.limit)}. "
        f"One step leaves {kept} in the steepest direction but takes only {percent(1 - flat)} "
        "off in the flattest: "
        f"the bowl is {ratio(quadratic.condition)} steeper one way than the other ({condition})."
    )


def _cure(descent: Descent) -> Rate | None:
    """The best learning rate on standardised time, to three digits, and the steps it takes."""
    cured, start = standardised(descent.quadratic, descent.start)
    best = best_rate(cured, start)
    if best is None:
        return None
    lr = float(f"{best.lr:.3g}")
    steps = steps_to(cured, start, lr, cured.goal)
    return None if steps is None else Rate(lr, steps)


def _what_helps(
    descent: Descent, status: Status, more: int | None, cure: Rate | None
) -> tuple[str, ...]:
    if status is Status.CONVERGED:
        return ()
    if status is Status.DIVERGES:
        return (f"Any learning rate up to {rate_below(descent.quadratic.limit)} converges.",)
    goal = "within 1 % of the optimum" if descent.quadratic.has_noise else "R² 0.99"
    wait = (
        f"At this learning rate {goal} is out of reach (over 10¹⁵ steps)."
        if more is None
        else f"At this learning rate it takes {more:,} more steps to come to {goal}"
        f"{_beyond(descent, more)}."
    )
    if cure is None:
        return (wait,)
    condition = number(standardised(descent.quadratic, descent.start)[0].condition, 1)
    return (
        f"{wait} With time standardised (condition number {condition}) {cure.steps:,} steps are "
        f"enough, at a learning rate of {learning_rate(cure.lr)}.",
    )


def _beyond(descent: Descent, more: int) -> str:
    """That so many steps cannot be chosen; '' where they can."""
    if descent.steps + more <= MAX_DESCENT_STEPS:
        return ""
    return f", which is beyond the {MAX_DESCENT_STEPS:,} that can be chosen here"


def standardised(raw: QuadraticLoss, start: np.ndarray) -> tuple[QuadraticLoss, np.ndarray]:
    """The same points and the same starting curve, with time measured in standard deviations."""
    cured = quadratic(raw.time, raw.speed, standardise=True)
    return cured, to_basis(cured, from_basis(raw, start))


def best_rate(quadratic: QuadraticLoss, start: np.ndarray) -> Rate | None:
    """The learning rate, of 50 between half and 99 % of the limit, that converges first, and when.

    None when none of them converges within 10¹⁵ steps.
    """
    rates = np.linspace(0.5, 0.99, 50) * quadratic.limit
    ends = steps_to_each(quadratic, start, rates, quadratic.goal)
    first = int(ends.argmin())
    return None if ends[first] > NEVER else Rate(float(rates[first]), int(ends[first]))
