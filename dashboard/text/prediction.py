"""An answer in words: the class, how near the next one is, and how often that was right.

Sentences are Markdown with names escaped.
"""

import pandas as pd

from dashboard.text import numbers, ranking
from dashboard.text.markdown import one, plain, several
from engine.calibration.calibration import Method, Trust
from engine.calibration.isotonic import Measured
from engine.datasets.dataset import is_digits
from engine.inference.prediction import Answer
from engine.io.numbers import JOIN, PER_CENT, behind, in_percent, percent, small

IMAGES = {  # that calibrate: what they are, and how they were judged
    Method.LEFT_OUT: ("training image", ", each judged without itself,"),
    Method.HALF: ("test image", ", of a half drawn by a seed,"),
}


def margin(found: Answer, share: str = "") -> str:
    """The runner-up and the margin; '' with a single template, or of labels alone.

    With a ``share`` (`Evaluation.share`) the two shares, as 'Probability 0.62; runner-up 8 (0.31)'.
    """
    if len(found.classes) < 2 or not found.scored:
        return ""
    beyond, written = found.distances - found.distance, _written(found, share)
    next_one = ranking.runner_up(beyond, found.classes, found.digit, written)
    if share:
        next_one = f"{share} {written(0.0)}; {next_one}"
    if not found.margin:
        first = "smallest digit" if is_digits(found.classes) else "first in order"
        return f"{next_one[0].upper()}{next_one[1:]}; the {first} is the answer."
    return f"{next_one[0].upper()}{next_one[1:]}."


def _written(found: Answer, share: str) -> ranking.Written:
    return ranking.shares(1 - found.distance) if share else behind


def runner_up(found: Answer) -> str:
    """Who comes next, as Markdown: a class, up to three that are tied, or how many are.

    '' of an answer without scores.
    """
    if not found.scored:
        return ""
    names = found.runners_up.tolist()
    if len(names) == len(found.classes) - 1 > 3:
        return f"all {len(names)} others"
    return " and ".join(map(plain, names)) if len(names) <= 3 else f"{len(names)} others"


def trust(found: Trust | None, digit: int | str, scored: bool = True) -> str:
    """The probability that the answer is right, and by how many images that is known.

    None stands for a model that nothing calibrates.
    """
    if not scored:
        return "The model gives labels only: how sure it is of them is not known."
    if found is None:
        return "There are too few images to measure by how often such an answer is right."
    best, (kind, how) = found.best, IMAGES[found.method]
    answered = f" answered {plain(digit)}" if found.by_answer else ""
    ends = f"{small(best.narrowest)}–{small(best.widest)}"
    sentence = (
        f"Right with a probability of **{rate(best)}**: so many of "
        f"{numbers.count(best.images, kind)}{answered} with a margin like this ({ends}){how} were "
        "right."
    )
    if found.by_answer:
        sentence += f" Of {found.like.images:,} with such a margin, whatever the answer: "
        sentence += f"**{rate(found.like)}**."
    if best.usually_wrong:
        sentence += f" So {plain(one(digit))} as unsure as this is **usually wrong**."
    return sentence


def probability(found: Trust, digit: int | str) -> str:
    """`trust` in short, for an answer that others stand beside."""
    says = f" {plain(digit)}" if found.by_answer else ""
    sentence = (
        f"With such a margin an answer{says} is right with a probability of **{rate(found.best)}**."
    )
    every = f"Over the answers of all classes with such a margin it is {rate(found.like)}."
    return f"{sentence} {every}" if found.by_answer else sentence


def rate(found: Measured) -> str:
    """'87 % (85–89 %)': a share with its interval."""
    low, high = found.interval
    ends = f"{in_percent(low, 0)}–{in_percent(high, 0)}{PER_CENT}"
    return f"{percent(found.rate, 0)}{JOIN}({ends})"


def is_it(found: Answer, asked: int | str, share: str = "") -> str:
    """'Is it a 7?' answered, with the place of that digit."""
    if found.digit == asked:
        return f"**Yes:** {plain(asked)} is the prediction."
    if not found.scored:
        return f"**No:** the prediction is {plain(found.digit)}."
    beyond = found.distances - found.distance
    where = ranking.place(asked, found.classes, beyond, _written(found, share))
    return f"**No:** the prediction is {plain(found.digit)}; {plain(asked)} {where}."


def neighbours(labels: pd.Series, digit: int | str, said: int | str | None = None) -> str:
    """Whether the nearest training images agree with the answer, and with what the viewer said."""
    sentence = _agreement(labels, digit)
    if said is None or said == digit:
        return sentence
    n = int((labels == said).sum())
    what = f"are {plain(several(said))}" if n > 1 else f"is {plain(one(said))}"
    return f"{sentence} You said {plain(said)}: {n or 'none'} of them {what}."


def _agreement(labels: pd.Series, digit: int | str) -> str:
    agree = int((labels == digit).sum())
    others = labels[labels != digit].value_counts()
    sentence = f"**{agree} of the {len(labels)}** training images nearest to this one are "
    sentence += plain(several(digit))
    if 2 * agree > len(labels):
        return f"{sentence}: they agree with the answer."
    if agree > others.iloc[0]:
        return f"{sentence}, more than of any other, but not most of them."
    if agree == others.iloc[0]:
        return f"{sentence}, and as many are {plain(several(others.index[0]))}: they do not decide."
    return f"{sentence}: they speak for {plain(others.index[0])}, against the answer."


def score(right: int, entries: int) -> str:
    """'3 of 4 right (75.0 %, 95 % interval …)'."""
    return f"{right} of {entries} right ({numbers.rate(right, entries)})"
