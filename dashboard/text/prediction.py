"""An answer in words: the class, how near the next one is, and how often that was right.

Sentences are Markdown with names escaped.
"""

import pandas as pd

from dashboard.text import numbers
from dashboard.text.markdown import one, plain, several
from engine.datasets.dataset import class_noun
from engine.inference.prediction import Answer
from engine.inference.reliability import Measured
from engine.io.numbers import JOIN, PER_CENT, in_percent, percent, small


def margin(found: Answer) -> str:
    """The runner-up and the margin; '' with a single template."""
    if len(found.classes) < 2:
        return ""
    second = plain(found.order[1])
    if not found.margin:
        first = "smaller digit" if class_noun(found.classes) == "digit" else "first in order"
        return f"{second} is exactly as near; the {first} is the answer."
    return f"Next is {second}, {small(found.margin)} farther."


def trust(like: Measured, same: Measured, digit: int | str) -> str:
    """How often test images with such a margin were right, and those answered likewise."""
    if not like.images:
        return "There are no test images to measure this by."
    ends = f"{small(like.narrowest)}–{small(like.widest)}"
    sentence = (
        f"Of {numbers.count(like.images, 'test image')} with a margin like this ({ends}), "
        f"**{_rate(like)}** were right."
    )
    if same.images:
        sentence += f" Of {same.images:,} answered {plain(digit)} at about this margin: "
        sentence += f"**{_rate(same)}**."
    if same.images and same.interval[1] < 0.5:
        sentence += f" So {plain(one(digit))} as unsure as this is **usually wrong**."
    return sentence


def _rate(found: Measured) -> str:
    low, high = found.interval
    ends = f"{in_percent(low, 0)}–{in_percent(high, 0)}{PER_CENT}"
    return f"{percent(found.rate, 0)}{JOIN}({ends})"


def is_it(found: Answer, asked: int | str) -> str:
    """'Is it a 7?' answered, with the place of that digit."""
    if found.digit == asked:
        return f"**Yes:** {plain(asked)} is the nearest of {len(found.classes)}."
    return (
        f"**No:** {plain(asked)} is number {found.rank(asked)} of {len(found.classes)}, "
        f"{small(found.behind(asked))} farther than {plain(found.digit)}."
    )


def neighbours(labels: pd.Series, digit: int | str) -> str:
    """Whether the nearest training images agree with the templates' answer."""
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
