"""An answer in words: the digit, how near the next one is, and how often that turned out right."""

import numpy as np

from dashboard import words
from engine.answer import Answer, Measured
from engine.contrast import Contrast, Flip

UNITS = {"l1": "mean |difference| per pixel", "l2": "mean difference² per pixel"}


def unit(metric: str) -> str:
    """What a distance of that metric counts."""
    return UNITS.get(metric, "distance")


def margin(found: Answer) -> str:
    """The runner-up and the margin; '' with a single template."""
    if len(found.classes) < 2:
        return ""
    if not found.margin:
        return f"{found.order[1]} is exactly as near; the smaller digit is the answer."
    return f"Next is {found.order[1]}, {words.small(found.margin)} farther."


def trust(like: Measured, same: Measured, digit: int) -> str:
    """How often test images with such a margin were right, and those answered likewise."""
    if not like.images:
        return "There are no test images to measure this by."
    ends = f"{words.small(like.narrowest)}–{words.small(like.widest)}"
    sentence = (
        f"Of {words.count(like.images, 'test image')} with a margin like this ({ends}), "
        f"**{_rate(like)}** were right."
    )
    if same.images:
        sentence += f" Of {same.images:,} answered {digit} at about this margin: **{_rate(same)}**."
    if same.images and same.interval[1] < 0.5:
        sentence += f" So a {digit} as unsure as this is **usually wrong**."
    return sentence


def _rate(found: Measured) -> str:
    low, high = found.interval
    return f"{100 * found.rate:.0f} % ({100 * low:.0f}–{100 * high:.0f} %)".replace(" ", "\u00a0")


def is_it(found: Answer, asked: int) -> str:
    """'Is it a 7?' answered, with the place of that digit."""
    if found.digit == asked:
        return f"**Yes:** {asked} is the nearest of {len(found.classes)} templates."
    return (
        f"**No:** {asked} is number {found.rank(asked)} of {len(found.classes)}, "
        f"{words.small(found.behind(asked))} farther than {found.digit}."
    )


def contrast(parts: Contrast, winner: int, other: int) -> str:
    """What the per-pixel parts add up to, and from which kind of pixels."""
    there, missing = float(parts.there.sum()), float(parts.missing.sum())
    return (
        f"The parts of all pixels add up to the margin of **{words.small(parts.margin)}** for "
        f"{winner}: {_signed(there)} from ink that is there and {_signed(missing)} from ink that "
        f"is missing. {_deciders(parts)}"
    )


def _deciders(parts: Contrast) -> str:
    """How few of the pixels carry the margin."""
    strong = parts.deciding(20)["part"].sum()
    return f"The 20 strongest pixels together give {_signed(strong)}."


def _signed(part: float) -> str:
    """With its sign, and a true minus."""
    return f"{part:+.4f}".replace("-", "−")


def flip(found: Flip | None, image: np.ndarray) -> str:
    """How many pixels it takes to turn the answer, and whether a third digit gets in between."""
    if found is None:
        return "No change of pixels can do that: the two templates are equal."
    if not len(found.steps):
        return f"{found.target} is already nearer than {found.winner}."
    size = words.count(len(found.steps), "pixel")
    sentence = (
        f"**{size}** of {image.size:,} changed make {found.target} nearer than {found.winner}."
    )
    if found.third_wins:
        sentence += f" The answer is then {found.answer}, a third digit, which is nearer still."
    return sentence


def score(right: int, entries: int) -> str:
    """'3 of 4 right (75.0 %, 95 % interval …)'."""
    return f"{right} of {entries} right ({words.rate(right, entries)})"
