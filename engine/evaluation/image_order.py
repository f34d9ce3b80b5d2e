"""Whether answers fit the images, or would fit them in another order."""

from collections.abc import Iterator

import numpy as np

from engine.datasets.dataset import Split
from engine.io.numbers import percent
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_NAMED_LINES

FEWEST = 20  # images from which a share of right answers tells anything
MUCH = 0.2  # by so large a share another order must fit better to be named


def other_orders(testing: Split) -> Iterator[tuple[str, np.ndarray]]:
    """Orders in which others count: a name, and the place here of their image 0, 1, …"""
    yield "in the order of the classes", testing.labels.argsort(kind="stable")
    yield "counted from 1", np.roll(np.arange(len(testing)), 1)
    yield "by the file names as text", testing.files.astype(str).argsort(kind="stable")


def judge_true(answers: list[str], testing: Split, index: np.ndarray) -> None:
    """Refuses a table whose true classes, (n,) of the images ``index``, are not theirs."""
    labels = testing.labels.astype(str)
    own = labels[index]
    wrong = [place for place, text in enumerate(answers) if text != own[place]]
    if not wrong:
        return
    given = np.array(answers, dtype=str)
    fits = [name for name, order in other_orders(testing) if (given == labels[order][index]).all()]
    hint = f" They agree {fits[0]}." if fits else ""
    lines = [
        f"image {index[place]:,}: {answers[place][:40]!r} in the table, {str(own[place])!r} here"
        for place in wrong[:MAX_NAMED_LINES]
    ]
    raise Refused(
        f"{len(wrong):,} of {len(own):,} true classes in the table are not those of the images; "
        f"wanted none.{hint}",
        tuple(lines),
    )


def warnings(
    predicted: np.ndarray, testing: Split, index: np.ndarray, classes: np.ndarray
) -> list[str]:
    """A sentence where the answers, (n,) of the images ``index``, are no better than chance or
    misplaced.
    """
    if len(index) < FEWEST:
        return []
    right = float((predicted == testing.labels[index]).mean())
    best, name = max(
        (float((predicted == testing.labels[order][index]).mean()), name)
        for name, order in other_orders(testing)
    )
    said = []
    if right <= 1.5 / len(classes):
        chance = percent(1 / len(classes))
        said.append(f"{percent(right)} right is about what guessing gives ({chance}).")
    if best > right + MUCH:
        said.append(
            f"If the table counts the images {name}, {percent(best)} are right, not "
            f"{percent(right)}: see whether the order is meant so."
        )
    return said
