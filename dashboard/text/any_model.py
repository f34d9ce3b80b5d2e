"""What is said of reasons that any model can be asked for: pixels set to paper, and changed."""

import numpy as np

from dashboard.text.markdown import plain
from dashboard.text.numbers import count
from engine.evaluation.evaluation import share_of
from engine.explanation.greedy_change import GreedyChange
from engine.explanation.occlusion import Occlusion
from engine.io.numbers import small

EXACT_ALONE = (
    "What kind of truth this is: every figure is the model's own answer to the image with that "
    "much of it set to paper, so nothing is estimated. Pixels that stand in for each other each "
    "seem to matter little."
)
UPPER_BOUND = (
    "What kind of truth this is: an upper bound, not the smallest change. The model does answer "
    "so, and none of these pixels can be spared, but fewer others may do."
)
LOOKALIKES = (
    "What kind of truth this is: the images that look most alike, pixel by pixel. The model does "
    "not compare with them; they show what it may have learned from."
)


def occlusion(found: Occlusion, patch: int, scored: bool) -> str:
    """The margin, what takes most of it away, and how often a patch alone turns the answer.

    Without scores only the last.
    """
    what = "pixel" if patch == 1 else f"{patch} × {patch} pixels"
    if not scored:
        return _alone(found, what)
    unit = share_of(found.unit) or found.unit
    start = (
        f"**{plain(found.winner)}** is ahead of **{plain(found.other)}** by "
        f"{small(found.margin)} ({unit})."
    )
    row, column = np.unravel_index(int(found.drop.argmax()), found.drop.shape)
    most = float(found.drop[row, column])
    if most <= 0:
        return f"{start} Setting no {what} to paper makes that less."
    around = "in" if patch == 1 else "around"
    start += (
        f" Setting the {what} {around} row {row}, column {column} to paper takes away most of "
        f"that, {small(most)}."
    )
    return f"{start} {_alone(found, what)}"


def _alone(found: Occlusion, what: str) -> str:
    n, each = int(found.flips.sum()), found.flips.size
    if not n:
        return f"No {what} alone {'turns' if what == 'pixel' else 'turn'} the answer."
    return f"At {n:,} of {each:,} places that alone turns the answer."


def greedy_change(found: GreedyChange) -> str:
    """How many pixels were changed, of how many, and what is then answered."""
    n = count(len(found.changed), "pixel")
    return (
        f"With **{n}** of {found.image.size:,} changed the answer is **{plain(found.answer)}**, "
        f"not {plain(found.winner)}. To find that, the model was asked {found.asked:,} images."
    )


def no_greedy_change(most: int, scored: bool) -> str:
    """Why none was found."""
    if not scored:
        return (
            "No single pixel turns the answer, and labels without scores do not say which pixel "
            "comes nearest to it."
        )
    return (
        f"None was found: changing the pixel that costs the answer most, up to {most} times, does "
        "not turn it."
    )
