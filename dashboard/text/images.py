"""What is said of images: which are shown, what one is called, and why."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dashboard.text.markdown import one, plain, trues
from dashboard.text.numbers import count
from engine.datasets.dataset import class_noun
from engine.evaluation.filters import ANY, Filters
from engine.explanation.counterfactual import Counterfactual
from engine.explanation.pixel_contributions import Contrast
from engine.io.numbers import percent, signed, small, small_decimals, told_apart


def selection(n: int, n_all: int, chosen: Filters, called: str = "digit") -> str:
    """How many images a filter leaves, of how many, and what the filter was.

    ``called`` is the `engine.datasets.dataset.class_noun` of the classes.
    """
    what = {"wrong": "wrong answer", "right": "right answer", "all": "answer"}[chosen.answers]
    parts = [f"**{n:,}** {what if n == 1 else what + 's'}"]
    if chosen.true != ANY:
        parts.append(f"on {plain(trues(chosen.true))}")
    if chosen.predicted != ANY:
        parts.append(f"that say {plain(chosen.predicted)}")
    if chosen.rank != ANY:
        parts.append(f"with the true {called} in place {chosen.rank}")
    if chosen.low > 0 or np.isfinite(chosen.high):
        parts.append(f"with a margin {_between(chosen.low, chosen.high)}")
    return " ".join(parts) + f", of {count(n_all, 'test image')}."


def _between(low: float, high: float) -> str:
    if not np.isfinite(high):
        return f"from {told_apart([low, 0], 3)[0]} up"
    return "from {} to {}".format(*told_apart([low, high, 0], 3)[:2])


def image(row: pd.Series, classes: np.ndarray) -> str:
    """What one image is, what it is called and by how much; ``row`` is one of `outcomes`."""
    margin = f"The runner-up is {small(row['margin'])} behind the winner."
    true, predicted = plain(one(row["true"], "A")), plain(row["predicted"])
    if row["right"]:
        return f"**{true}, rightly called {predicted}.** {margin}"
    return (
        f"**{true}, called {predicted}.** {margin} The true {class_noun(classes)} comes in place "
        f"{row['rank']} of {len(classes)}, {small(row['gap'])} behind."
    )


def sorts(orders: Mapping[str, str]) -> str:
    """A list of the orders and what each of them means, in Markdown."""
    return "\n".join(f"- **{name}**: {meaning}" for name, meaning in orders.items())


def no_templates(model: str) -> str:
    """Why panels that take an answer apart, pixel by pixel, are not there."""
    return (
        f"{model} has no templates, so its answers are no sum over pixels: choose a model with "
        "templates in the sidebar to see the exact reasons."
    )


def parts(found: Contrast) -> tuple[str, str]:
    """What ink that is there and ink that is missing add to the margin, as '+0.0256'.

    Rounded so that the two add up to the margin as it is printed.
    """
    exact = small_decimals(found.margin)
    there = round(float(found.there.sum()), exact) + 0.0  # no zero below zero
    missing = round(round(found.margin, exact) - there, exact) + 0.0
    return signed(there, exact), signed(missing, exact)


def why(found: Contrast, winner: int | str, other: int | str, deciding: int) -> str:
    """By how much the winner is nearer, and how few pixels carry how much of it."""
    strongest = found.deciding(deciding)
    all_of_it = np.abs(found.parts).sum()
    share = strongest["part"].abs().sum() / all_of_it if all_of_it else np.nan
    there, missing = parts(found)
    nearer = "nearer than" if found.margin > 0 else "no nearer than"
    return (
        f"The template of **{plain(winner)}** is {nearer} that of **{plain(other)}** by "
        f"{small(abs(found.margin))}: {there} from ink that is there and "
        f"{missing} from ink that is missing. "
        f"The {count(len(strongest), 'strongest pixel')} of {found.parts.size} carry "
        f"{percent(share, 0)} of all that speaks for either."
    )


def flip(found: Counterfactual, n_pixels: int) -> str:
    """How many pixels turn the answer, and whether a third class then wins."""
    n = len(found.steps)
    target, winner, answer = map(plain, (found.target, found.winner, found.answer))
    if not n:
        return f"**{target}** is already nearer than {winner}; nothing needs to change."
    sentence = (
        f"Changing **{count(n, 'pixel')}** of {n_pixels} is enough, and fewer are not, for "
        f"**{target}** to beat {winner}."
    )
    if found.third_wins:
        return f"{sentence} But then **{answer}** is nearer than both."
    return f"{sentence} The answer is then {answer}."
