"""The ladder of cures, in words."""

import pandas as pd

from dashboard.text.markdown import plain
from dashboard.text.numbers import count, share
from engine.cures.catalogue import CURES
from engine.cures.recipe import Recipe
from engine.evaluation.cure_ladder import Ladder, Rung
from engine.evaluation.metrics import wilson
from engine.io.numbers import PER_CENT, percent, small
from engine.report.conclusion import p_value

WHICH_ARE_OFFERED = (
    "Errors that one change of the model makes right. Only changes are offered that make a larger "
    "share of the errors right than of the right answers wrong."
)
NONE = "none of these"
NOT_TRIED = (
    "Which change of this model makes most errors right is found out on the page Cures, which "
    "fits one model for each."
)
WHAT_TAGS_SAY = (
    "In frames: the changes of the model with which the image would be right, the one that gains "
    "most first."
)
CONTROLS = "How many errors each change makes right, and how many right answers it breaks"
CAUSE_RATES = (
    "fixes",
    "95 % from",
    "to",
    "breaks",
    "95 % from ",
    "to ",
)  # a space tells the second interval's columns from the first's
FEW = 3  # cures named in the sentence on what they cover together


def as_compared(recipe: Recipe) -> str:
    """In which pixels a reason is exact, and which template stands for a class; '' as usual."""
    said, settings = [], recipe.settings
    if recipe.steps:
        said.append(
            f"These reasons are exact in the pixels that the model compares: those {after(recipe)}."
        )
    if settings.prototypes > 1:
        said.append("Of the templates of each class, the nearest to this image is taken.")
    if settings.tangents:
        said.append("Each template is shown as it is changed to meet this image.")
    if settings.metric == "cosine":
        said.append("Image and templates are shown at one length.")
    return " ".join(said)


def after(recipe: Recipe) -> str:
    """'after deskew and same ink'."""
    *first, last = recipe.steps
    return f"after {', '.join(first)} and {last}" if first else f"after {last}"


def not_pixel_by_pixel(recipe: Recipe) -> str:
    """Why no smallest change is shown of a model whose templates follow the image."""
    return (
        f"With {' + '.join(recipe.cures)} a changed image is compared with other templates or at "
        "another length, so no pixel changes the margin by an amount of its own, and which "
        "change is smallest is not computed. The pixel map is exact for the image as it is."
    )


def table(ladder: Ladder) -> pd.DataFrame:
    """One row for each rung, in the order of the ladder."""
    rows = [
        {
            "cure": rung.cure,
            "right": rung.paired.after,
            "gained": rung.gain,
            "fixed": rung.paired.fixed,
            "broken": rung.paired.broken,
            "p (Holm)": p_value(p).removeprefix("= "),
            "seconds to fit": rung.seconds,
            "what it does": CURES[rung.cure].why,
        }
        for rung, p in zip(ladder.rungs, ladder.corrected, strict=True)
    ]
    return pd.DataFrame(rows)


def best(ladder: Ladder) -> str:
    """Which cure gains most, or that none gains anything."""
    rung, n = ladder.rungs[0], len(ladder.before)
    right = int(ladder.before.sum())
    if rung.gain <= 0:
        return f"None of these {len(ladder.rungs)} changes makes more of the {n:,} images right."
    equal = [other.cure for other in ladder.rungs if other.gain == rung.gain]
    names = " and ".join(f"**{name}**" for name in equal)
    gain = "gains" if len(equal) == 1 else "each gain"
    return (
        f"Alone, {names} {gain} most: from {right:,} to **{rung.paired.after:,}** of {n:,} right "
        f"({percent(rung.paired.after / n, 2)})."
    )


def together(ladder: Ladder) -> str:
    """Which few cures cover most errors, and how many are left by all."""
    errors, left = int((~ladder.before).sum()), int(ladder.left.sum())
    if not errors:
        return "There is no error to make right."
    cover = ladder.cover
    if not cover:
        return f"None of the {count(errors, 'error')} becomes right under any of them."
    first, adds = cover[0]
    said = [f"Of the {count(errors, 'error')}, {first} alone makes {adds:,} right."]
    more = [f"{name} {n:,}" for name, n in cover[1:FEW]]
    if rest := sum(n for _, n in cover[FEW:]):
        more.append(f"the other changes {rest:,}")
    if more:
        said.append(f"Of those that it leaves, these make right: {_listed(more)}.")
    if left:
        share_left = f"**{left:,}** ({percent(left / errors, 1)})"
        said.append(f"{share_left} stay wrong whichever of the changes is made.")
    return " ".join(said)


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def how_judged(ladder: Ladder) -> str:
    """What was chosen on which images, and how many cures were looked at."""
    many = len(ladder.rungs)
    return (
        f"Every model was fitted on the training images. The order of the "
        f"{count(many, 'change')}, and which cover most errors together, are read off the test "
        "images, so the first may owe some of its gain to chance: the p values of McNemar's test "
        f"are corrected for all {many} (Holm)."
    )


def cause(rung: Rung) -> str:
    """How many errors are right with this cure and, as a control, how many right answers break."""
    paired = rung.paired
    wrong, right = paired.fixed + paired.both_wrong, paired.before
    return (
        f"Right {plain(short(rung))}: {paired.fixed:,} of {count(wrong, 'error')}, "
        f"{share(paired.fixed, wrong)}. The same change breaks {paired.broken:,} of "
        f"{count(right, 'right answer')}, {share(paired.broken, right)}. In brackets the "
        f"95{PER_CENT} intervals."
    )


def tags(ladder: Ladder, place: int) -> str:
    """Which cures would make the error at ``place`` of the table right; '' for a right answer."""
    if ladder.before[place]:
        return ""
    names = [plain(short(rung)) for rung in ladder.making_right(place)]
    if not names:
        return "It would be right with none of the cures."
    return f"It would be right {' · '.join(names)}."


def tag_names(ladder: Ladder, place: int) -> list[str]:
    """The same for a tile: 'if deskewed', 'under L2', or 'none of these'."""
    return [short(rung) for rung in ladder.making_right(place)] or [NONE]


def short(rung: Rung) -> str:
    """What completes "right …": 'if deskewed', 'with 0.039 added to the distance to 1'.

    As text, not Markdown.
    """
    if rung.cure != "one offset" or rung.offset is None:
        return CURES[rung.cure].short
    name, offset = rung.offset
    how = f"{small(offset)} added to" if offset > 0 else f"{small(-offset)} taken from"
    return f"with {how} the distance to {name}"


def causes(ladder: Ladder) -> pd.DataFrame:
    """One row for each cause: the share of errors that it makes right, the largest first.

    As a control beside it stands the share of right answers that it breaks.
    """
    n_wrong, n_right = int((~ladder.before).sum()), int(ladder.before.sum())
    rows = []
    for rung in ladder.causes:
        of_errors, of_right = rung.paired.fixed / n_wrong, rung.paired.broken / n_right
        low, high = wilson(rung.paired.fixed, n_wrong)
        least, most = wilson(rung.paired.broken, n_right)
        rows.append((short(rung), of_errors, low, high, of_right, least, most))
    rows.sort(key=lambda row: -row[1])
    return pd.DataFrame(rows, columns=["change", *CAUSE_RATES])


def one(rung: Rung) -> str:
    """What one cure fixes of the errors and, as a control, breaks of the right answers."""
    paired = rung.paired
    wrong, right = paired.fixed + paired.both_wrong, paired.before
    fixed = f"makes **{paired.fixed:,}** of the {count(wrong, 'error')} right"
    if wrong:
        fixed += f" ({percent(paired.fixed / wrong, 1)})"
    broken = f"breaks **{paired.broken:,}** of the {count(right, 'right answer')}"
    if right:
        broken += f" ({percent(paired.broken / right, 1)})"
    return f"{CURES[rung.cure].why} It {fixed} and {broken}."
