"""What is said of the map: its axes, its sides, its regions and what they hold."""

from collections.abc import Sequence

import numpy as np

from dashboard.text.markdown import plain
from dashboard.text.numbers import count, share
from engine.evaluation.evaluation import BEHIND_HIGHEST, Evaluation
from engine.io.numbers import percent
from engine.projection.region import Region, View


def coordinate(evaluation: Evaluation, name: object) -> str:
    """'distance to 4', 'probability of 4', 'score of 4 behind the highest'; no Markdown."""
    if evaluation.share:
        return f"{evaluation.share} of {name}"
    if evaluation.unit == BEHIND_HIGHEST:
        return f"score of {name} behind the highest"
    return f"distance to {name}"


def axes(evaluation: Evaluation, pair: Sequence[int]) -> list[str]:
    """The titles of both axes of a distance plane, with their unit; no Markdown."""
    titles = [coordinate(evaluation, evaluation.classes[place]) for place in pair]
    with_unit = not evaluation.share and evaluation.unit != BEHIND_HIGHEST
    return [f"{title} ({evaluation.unit})" for title in titles] if with_unit else titles


def component_axes(explained: np.ndarray) -> list[str]:
    """'1st component (9.7 % of the variance)', and the second."""
    return [
        f"{nth} component ({percent(part, 1)} of the variance)"
        for nth, part in zip(("1st", "2nd"), explained.tolist(), strict=True)
    ]


def sides(evaluation: Evaluation, pair: Sequence[int]) -> list[str]:
    """Which of both classes is nearer above the diagonal, and which below; no Markdown."""
    a, b = (evaluation.classes[place] for place in pair)
    if evaluation.share:
        return [f"{evaluation.share} of {b} larger", f"{evaluation.share} of {a} larger"]
    if evaluation.unit == BEHIND_HIGHEST:
        return [f"{a} scores higher", f"{b} scores higher"]
    return [f"nearer to {a}", f"nearer to {b}"]


def where(region: Region, evaluation: Evaluation) -> str:
    """'drawn on the map of distances to 4 and 9', in Markdown."""
    if region.view is View.PCA:
        return "drawn on the map of principal components"
    a, b = (plain(evaluation.classes[place]) for place in region.pair)
    what = "scores" if evaluation.unit == BEHIND_HIGHEST else "distances"
    if evaluation.share:
        what = "shares of the votes" if "votes" in evaluation.share else "probabilities"
    joined = f"{what} {'to' if what == 'distances' else 'of'} {a} and {b}"
    among = "" if region.view is View.PLANE else ", that are or are called one of the two"
    return f"drawn on the map of {joined}{among}"


def selection(right: np.ndarray, region: Region, evaluation: Evaluation) -> str:
    """How many images a region holds, and how many of them are right, with the interval."""
    inside = f"inside a region {where(region, evaluation)}"
    if not len(right):
        return f"No test image lies {inside}."
    n_right = int(right.sum())
    said = f"{n_right:,} right, {share(n_right, len(right))}"
    return f"**{count(len(right), 'test image')}** {inside}: {said}."


def shown(evaluation: Evaluation, view: View, pair: Sequence[int], n: int) -> str:
    """Which images are on the map, and what its diagonal means, in Markdown."""
    if view is View.PCA:
        return (
            f"All {count(n, 'test image')}, by the two directions in which their pixels vary most. "
            "What lies close together here need not be alike: most of the variance is not shown."
        )
    a, b = (plain(evaluation.classes[place]) for place in pair)
    which = "All" if view is View.PLANE else f"The {count(n, 'test image')} that are"
    which += f" {count(n, 'test image')}" if view is View.PLANE else f" {a} or {b}, or called so"
    return (
        f"{which}. The diagonal is the decision between {a} and {b}: each answer {a} or {b} lies "
        "on its side of it. A ring marks an image for which a third class wins."
    )


def label(n: int, n_chosen: int | None, axes: Sequence[str]) -> str:
    """What the map is, for a screen reader; no Markdown."""
    chosen = "none selected" if n_chosen is None else f"{n_chosen:,} selected"
    return f"Map of {count(n, 'test image')}, {chosen}. Across: {axes[0]}. Up: {axes[1]}."
