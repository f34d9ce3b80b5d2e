"""Who comes next and in which place, in words: ties are said, not ranked."""

from collections.abc import Callable

import numpy as np

from dashboard.text.markdown import plain
from dashboard.text.numbers import count, ordinal
from engine.io.numbers import behind, small

NAMED = 3  # of classes that are tied


Written = Callable[[float], str]  # how far behind the winner, or the share that is left, as text


def shares(highest: float) -> Written:
    """Writes the probability, or the share of the votes, of a class so far behind the highest."""
    return lambda beyond: small(max(highest - beyond, 0.0))


def runner_up(
    beyond: np.ndarray, classes: np.ndarray, winner: int | str, written: Written = behind
) -> str:
    """'runner-up 8 (+0.0000042)', or with whom the winner or the runner-up is tied.

    ``beyond`` (k,) is how much farther than the winner each of ``classes`` is; '' of one class.
    """
    others = classes != winner
    if not others.any():
        return ""
    least = beyond[others].min()
    nearest = classes[others & (beyond == least)]
    if len(nearest) == len(classes) - 1 > 1:
        n = len(nearest)
        return f"the other {n} are tied ({written(least)})" if least else f"all {n + 1} are tied"
    few = len(nearest) <= NAMED
    names = ", ".join(map(plain, nearest)) if few else f"{len(nearest)} others"
    if not least:
        return f"tied with {names}"
    word = "runner-up" if len(nearest) == 1 else "runners-up, tied,"
    return f"{word} {names} ({written(least)})"


def is_second(own: int | str, classes: np.ndarray, beyond: np.ndarray) -> bool:
    """Whether it alone is the runner-up, of three classes or more, and not tied with the winner."""
    far = beyond[list(classes).index(own)]
    return len(classes) > 2 and far > 0 and (beyond <= far).sum() == 2


def place(
    own: int | str, classes: np.ndarray, beyond: np.ndarray, written: Written = behind
) -> str:
    """'is 6th (+0.0047)', or with how many others it is tied."""
    far = beyond[list(classes).index(own)]
    tied = int((beyond == far).sum()) - 1
    if not tied:
        return f"is {ordinal(int((beyond < far).sum()) + 1)} ({written(far)})"
    return f"is tied with {count(tied, 'other')}"
