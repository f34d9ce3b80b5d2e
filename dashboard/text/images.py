"""What is said of images: which are shown, what one is called, and why."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from dashboard.text import ranking
from dashboard.text.markdown import plain, trues
from dashboard.text.numbers import count
from engine.evaluation.filters import ANY, TIED, Filters, order_in_words
from engine.explanation.counterfactual import Counterfactual
from engine.explanation.pixel_contributions import Contrast
from engine.io.numbers import behind, percent, signed, small, small_decimals, told_apart


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
        has = "is tied with another" if chosen.rank == TIED else f"has rank {chosen.rank}"
        parts.append(f"whose true {called} {has}")
    if chosen.low > 0 or np.isfinite(chosen.high):
        parts.append(f"with a margin {_between(chosen.low, chosen.high)}")
    return " ".join(parts) + f", of {count(n_all, 'test image')}."


def index_label(is_sample: bool) -> str:
    """What the index of an image counts."""
    return f"Image (index {among(is_sample)})"


def among(is_sample: bool) -> str:
    """Where the index of an image is its place."""
    return "among the images here" if is_sample else "in the test set"


def _between(low: float, high: float) -> str:
    if not np.isfinite(high):
        return f"from {told_apart([low, 0], 3)[0]} up"
    return "from {} to {}".format(*told_apart([low, high, 0], 3)[:2])


def image(row: pd.Series, classes: np.ndarray, share: str = "") -> str:
    """What is predicted, the runner-up, and the true class; ``row`` is one of `outcomes`.

    'Predicted 1; runner-up 8 (+0.0000042); true 9 is 6th (+0.0047).' Ties are said, not ranked.
    Of an answer without scores only the class and the truth are known. ``share`` is what 1 −
    distance is (`Evaluation.share`): 'Predicted 1 (probability 0.62); runner-up 8 (0.31)'.
    """
    beyond = row[[f"distance to {name}" for name in classes]].to_numpy(dtype=float)
    if np.isnan(beyond).all():
        end = "That is right." if row["right"] else f"**True: {plain(row['true'])}**."
        return f"**Predicted {plain(row['predicted'])}**, without scores. {end}"
    nearest = beyond[list(classes).index(row["predicted"])]
    beyond = beyond - nearest
    written = ranking.shares(1 - nearest) if share else behind
    next_one = ranking.runner_up(beyond, classes, row["predicted"], written)
    own = f" ({share} {written(0.0)})" if share else ""
    parts = [f"**Predicted {plain(row['predicted'])}**{own}", next_one]
    if row["right"]:
        return f"{'; '.join(part for part in parts if part)}. That is right."
    if ranking.is_second(row["true"], classes, beyond):
        far = written(beyond[list(classes).index(row["true"])])
        return f"{parts[0]}; runner-up is the **true {plain(row['true'])}** ({far})."
    place = ranking.place(row["true"], classes, beyond, written)
    parts.append(f"**true {plain(row['true'])}** {place}")
    return "; ".join(part for part in parts if part) + "."


def sorts(orders: Iterable[str], compares: bool, unit: str = "") -> str:
    """A list of these orders and what each of them means, in Markdown.

    ``unit`` is that of the model's distances. A model that ``compares`` with training images
    breaks ties by how near they are.
    """
    lines = [f"- **{name}**: {order_in_words(name, unit)}" for name in orders]
    if compares:
        lines.append("\nOf equals, the image with the nearest training image comes first.")
    return "\n".join(lines)


def no_templates(model: str) -> str:
    """Why others stand in on the page of the templates."""
    return f"{model} has no templates. Models that have them can be chosen in the sidebar."


def answers_only(model: str) -> str:
    """Why there are no reasons for the answers of predictions that were brought."""
    return (
        f"Of {model} only the answers are here. Reasons need the model itself, which can be asked "
        "about changed images: bring it on the page Data."
    )


def own_templates(model: str) -> str:
    """Why the templates shown are not those of a model with cures."""
    return (
        f"{model} compares images as its cures prepare them, with templates of its own; those are "
        "under 'What would help?'."
    )


def parts(found: Contrast) -> tuple[str, str]:
    """What ink that is there and ink that is missing add to the margin, as '+0.0256'.

    Rounded so that, with the offsets, the two add up to the margin as it is printed.
    """
    exact = small_decimals(found.margin)
    there = round(float(found.there.sum()), exact) + 0.0  # no zero below zero
    others = there + round(found.offset, exact)
    missing = round(round(found.margin, exact) - others, exact) + 0.0
    return signed(there, exact), signed(missing, exact)


def offsets(found: Contrast) -> str:
    """What the offsets add to the margin, as '+0.0390'; '' without any."""
    return signed(found.offset, small_decimals(found.margin)) if found.offset else ""


def why(found: Contrast, winner: int | str, other: int | str, deciding: int) -> str:
    """By how much the winner is nearer, and how few pixels carry how much of it."""
    strongest = found.deciding(deciding)
    all_of_it = np.abs(found.parts).sum()
    if not all_of_it:
        return (
            f"No pixel speaks for **{plain(winner)}** or **{plain(other)}**: wherever their "
            "templates differ, the image is as far from one as from the other."
            + (f" Their offsets add {offsets(found)}." if found.offset else "")
        )
    share = strongest["part"].abs().sum() / all_of_it
    there, missing = parts(found)
    parted = f"{there} from ink that is there and {missing} from ink that is missing"
    if found.offset:
        parted = f"{parted.replace(' and ', ', ')} and {offsets(found)} from their offsets"
    nearer = "nearer than" if found.margin > 0 else "no nearer than"
    return (
        f"The template of **{plain(winner)}** is {nearer} that of **{plain(other)}** by "
        f"{small(abs(found.margin))}: {parted}. "
        f"The {count(len(strongest), 'strongest pixel')} of {found.parts.size:,} "
        f"{'accounts' if len(strongest) == 1 else 'account'} for "
        f"{percent(share, 0)} of the total absolute contribution."
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
        return f"{sentence} The answer is then neither: **{answer}** is nearer than both."
    return f"{sentence} The answer is then {answer}."


def no_flip(winner: int | str, target: int | str, same: bool) -> str:
    """Why no change of pixels can turn the answer; ``same``: both templates are the same."""
    if same:
        names = f"{plain(winner)} and {plain(target)}"
        return f"The templates of {names} are the same; no change can tell them."
    return f"No change of these pixels makes {plain(target)} nearer than {plain(winner)}."
