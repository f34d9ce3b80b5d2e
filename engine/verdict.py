"""Is this fit good, why not, and what would make it so: one descent judged in words.

Every sentence is computed from the descent in front of the reader; nothing is typed in advance.
"""

from dataclasses import dataclass

import numpy as np

from engine.descent import Descent
from engine.eigen import (
    NEVER,
    Bowl,
    band,
    bowl,
    from_basis,
    loss_at,
    steps_to,
    steps_to_each,
    to_basis,
)
from engine.wording import number, percent, rate, rate_below, ratio, signed


@dataclass(frozen=True)
class Verdict:
    """``status`` is "converged", "not converged" or "diverges".

    ``more`` is the number of further steps to within 1 % of L*, None when it is never or more
    than 10¹⁵. ``cure`` is the learning rate, and the steps it takes, that converge with time
    standardised; None where that is not the cure. ``r2`` is the share of the variance explained,
    negative when a flat line is better.
    """

    status: str
    headline: str
    sentences: tuple[str, ...]
    loss: float
    r2: float
    share_of_limit: float
    more: int | None
    cure: tuple[float, int] | None


def judge(descent: Descent) -> Verdict:
    """The verdict on a descent at the last finite step it reached."""
    bowl, lr = descent.bowl, descent.lr
    now = float(loss_at(bowl, descent.start, lr, np.array([descent.reached]))[0])
    total = steps_to(bowl, descent.start, lr, bowl.goal)
    more = None if total is None else max(total - descent.reached, 0)
    status = _status(descent, now)
    cure = _cure(descent) if status == "not converged" and bowl.scale == 1.0 else None
    sentences = (_how_good(descent, now), _why(descent), *_what_helps(descent, status, more, cure))
    share = lr / bowl.limit
    headline = _headline(descent, status)
    return Verdict(status, headline, sentences, now, 1 - now / bowl.flat, share, more, cure)


def _status(descent: Descent, now: float) -> str:
    if descent.lr >= descent.bowl.limit:
        return "diverges"
    return "converged" if now <= descent.bowl.goal else "not converged"


def _headline(descent: Descent, status: str) -> str:
    if descent.stopped is not None:
        return f"Diverged: no finite loss from step {descent.stopped:,} on"
    if status == "not converged" and descent.steps == 0:
        return "Not converged: this is the start, before any step"
    style = band(descent.bowl, descent.lr)
    detail = {
        "crawls": ": it crawls",
        "smooth": "",
        "overshoots": ": it swings from side to side",
        "diverges": ": every step makes it worse",
    }[style]
    if status == "converged":
        within = "within 1 % of the best possible loss"
        return f"Converged: {within if descent.bowl.has_noise else 'R² is 0.99 or better'}"
    return status.capitalize() + detail


def _how_good(descent: Descent, now: float) -> str:
    bowl = descent.bowl
    step = f"After {descent.reached:,} {'step' if descent.reached == 1 else 'steps'}"
    if not bowl.has_noise:
        best = "where the optimum is 0, a parabola through every point"
    elif now < 1.1 * bowl.floor:
        best = f"{percent(max(now / bowl.floor - 1, 0))} above the optimum of {number(bowl.floor)}"
    else:
        best = f"{ratio(now / bowl.floor)} the optimum of {number(bowl.floor)}"
    r2 = 1 - now / bowl.flat
    if now > bowl.flat:
        flat = f"worse than a flat line through the mean (R² {signed(r2)})"
    else:
        flat = f"better than a flat line through the mean (R² {signed(r2)})"
    return f"{step} the loss is {number(now)}, {best}, and {flat}."


def _why(descent: Descent) -> str:
    bowl, lr = descent.bowl, descent.lr
    steep, flat = (abs(1 - lr * value) for value in (bowl.curvatures[0], bowl.curvatures[-1]))
    condition = f"condition number {number(bowl.condition, 1 if bowl.condition < 100 else 0)}"
    if lr >= bowl.limit:
        return (
            f"lr is {ratio(lr / bowl.limit)} its limit of {rate(bowl.limit)}: each step multiplies "
            f"the error in the steepest direction by {signed(1 - lr * bowl.curvatures[0])}."
        )
    kept = "nothing" if steep < 1e-3 else f"{percent(steep)} of the error"
    return (
        f"lr is {percent(lr / bowl.limit)} of its limit of {rate(bowl.limit)}. One step leaves "
        f"{kept} in the steepest direction but takes only {percent(1 - flat)} off in the flattest: "
        f"the bowl is {ratio(bowl.condition)} steeper one way than the other ({condition})."
    )


def _cure(descent: Descent) -> tuple[float, int] | None:
    """The best learning rate on standardised time, to three digits, and the steps it takes."""
    cured, start = standardised(descent.bowl, descent.start)
    best = best_rate(cured, start)
    if best is None:
        return None
    lr = float(f"{best[0]:.3g}")
    steps = steps_to(cured, start, lr, cured.goal)
    return None if steps is None else (lr, steps)


def _what_helps(
    descent: Descent, status: str, more: int | None, cure: tuple[float, int] | None
) -> tuple[str, ...]:
    if status == "converged":
        return ()
    if status == "diverges":
        return (f"Any lr up to {rate_below(descent.bowl.limit)} converges.",)
    goal = "within 1 % of the optimum" if descent.bowl.has_noise else "R² 0.99"
    wait = (
        f"At this lr {goal} is out of reach (over 10¹⁵ steps)."
        if more is None
        else f"At this lr it takes {more:,} more steps to come to {goal}."
    )
    if cure is None:
        return (wait,)
    condition = number(standardised(descent.bowl, descent.start)[0].condition, 1)
    lr, steps = cure
    return (
        f"{wait} With time standardised (condition number {condition}) {steps:,} steps are enough, "
        f"at lr {rate(lr)}.",
    )


def standardised(raw: Bowl, start: np.ndarray) -> tuple[Bowl, np.ndarray]:
    """The same points and the same starting curve, with time measured in standard deviations."""
    cured = bowl(raw.time, raw.speed, standardise=True)
    return cured, to_basis(cured, from_basis(raw, start))


def best_rate(bowl: Bowl, start: np.ndarray) -> tuple[float, int] | None:
    """The learning rate, of 50 between half and 99 % of the limit, that converges first, and when.

    None when none of them converges within 10¹⁵ steps.
    """
    rates = np.linspace(0.5, 0.99, 50) * bowl.limit
    ends = steps_to_each(bowl, start, rates, bowl.goal)
    first = int(ends.argmin())
    return None if ends[first] > NEVER else (float(rates[first]), int(ends[first]))
