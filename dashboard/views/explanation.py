"""Panels that give the reasons for one answer: the contrast, the smallest flip, the neighbours."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.charting import explanation
from dashboard.charting import templates as template_charts
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.services import charts, evaluations
from dashboard.text import numbers
from dashboard.text.markdown import as_text, one, plain
from dashboard.views.cures import as_compared
from dashboard.widgets import image_grid, inputs
from engine.datasets.dataset import class_noun
from engine.datasets.summary import class_counts
from engine.evaluation.evaluation import Evaluation
from engine.explanation.counterfactual import Counterfactual, smallest_change
from engine.explanation.pixel_contributions import Contrast, between
from engine.io.numbers import minus, small_decimals, told_apart
from engine.models.by_class import Compared

Name = int | str  # of a class
NEIGHBOURS = 5
DECIDING = 20


def why(
    image: np.ndarray,
    evaluation: Evaluation,
    winner: Name,
    other: Name,
    palette: Palette,
    *,
    say: bool,
) -> None:
    """Why ``winner`` and not ``other``, pixel by pixel, beside both templates.

    Of a model with cures in the pixels after them; ask `Evaluation.explains` first. ``say``: in
    words, too, where they do not already stand beside the image.
    """
    compared, places = evaluation.classifier.compared(image), _places(evaluation, winner, other)
    found = between(compared, *places)
    said = text.images.why(found, winner, other, DECIDING)
    if say:
        st.markdown(said)
    if exact := as_compared.said(evaluation):
        st.caption(exact)
    left, middle, right = st.columns([4, 5, 5], gap="medium")
    three = [compared.image, *compared.templates[places]]
    left.html(_beside(as_compared.shown(compared, three, evaluation), winner, other, palette))
    draw(
        charts.chart(
            template_charts.difference_heatmap,
            found.parts * found.parts.size,
            f"Green speaks for {winner}, purple for {other}",
            palette,
            "per pixel",
        ),
        middle,
        width="content",
        alt=f"Each pixel's part in the margin. {as_text(said)}",
    )
    with right:
        _balance(found, winner, other, palette)


def _beside(images: list[np.ndarray], winner: Name, other: Name, palette: Palette) -> str:
    """The image and the two templates in a row, as HTML."""
    return image_grid.grid(
        images,
        ["image", f"template {winner}", f"template {other}"],
        ["the image", f"the template of {winner}", f"the template of {other}"],
        palette,
        most_in_row=3,
        least_px=72,
    )


def reason(image: np.ndarray, evaluation: Evaluation, winner: Name, other: str) -> str:
    """The sentence of `why`; ``other`` is a class by its name as text."""
    rival = next(name for name in evaluation.classes if str(name) == other)
    compared = evaluation.classifier.compared(image)
    found = between(compared, *_places(evaluation, winner, rival))
    return text.images.why(found, winner, rival, DECIDING)


def _places(evaluation: Evaluation, *classes: Name) -> list[int]:
    return [list(evaluation.classes).index(name) for name in classes]


def _balance(found: Contrast, winner: Name, other: Name, palette: Palette) -> None:
    """What ink that is there and ink that is missing add up to, and the strongest pixels."""
    draw(
        charts.chart(explanation.balance_chart, found, str(winner), str(other), palette),
        alt=_balance_alt(found, winner, other),
    )
    _on_demand(
        f"The {DECIDING} pixels that decide most",
        "deciding",
        found.deciding(DECIDING),
        "Row, column and part in the margin of the strongest pixels",
        signed={"part": "+.5f"},
    )


def _on_demand(name: str, key: str, *table: object, **options: object) -> None:
    """A `controls.table` that is sent when its name is clicked."""
    with st.expander(name, key=key, on_change="rerun") as below:
        if below.open:
            inputs.table(*table, height=240, **options)


def _balance_alt(found: Contrast, winner: Name, other: Name) -> str:
    there, missing = text.images.parts(found)
    margin = minus(f"{found.margin:.{small_decimals(found.margin)}f}")
    return (
        f"Ink that is there adds {there} and ink that is missing {missing} to the margin "
        f"of {winner} over {other}, "
        + (f"the offsets {text.images.offsets(found)}, " if found.offset else "")
        + f"{margin} in all"
    )


def _before_and_after(
    compared: Compared, found: Counterfactual, evaluation: Evaluation, palette: Palette
) -> str:
    """The image, the changed one and the change beside each other, as HTML."""
    changed = numbers.count(len(found.steps), "pixel")
    three = [compared.image, found.image, np.abs(found.image - compared.image)]
    return image_grid.grid(
        as_compared.shown(compared, three, evaluation),
        ["before", f"after: {found.answer}", "what changed"],
        [
            "the image before",
            f"the image after {changed} changed, now nearest to {found.answer}",
            "the amount of change at each pixel",
        ],
        palette,
        most_in_row=3,
        least_px=90,
    )


def flip(
    image: np.ndarray, evaluation: Evaluation, winner: Name, target: Name, palette: Palette
) -> None:
    """The smallest change that makes ``target`` beat ``winner``, and what is answered then."""
    compared = evaluation.classifier.compared(image)
    if not compared.fixed:
        st.info(text.cures.not_pixel_by_pixel(as_compared.recipe_of(evaluation)))
        return
    found = smallest_change(compared, evaluation.classes, winner, target)
    places = _places(evaluation, winner, target)
    if found is None:
        same = not np.ptp(compared.templates[places], axis=0).any()
        st.info(text.images.no_flip(winner, target, same))
        return
    said = text.images.flip(found, image.size)
    st.markdown(said)
    if exact := as_compared.said(evaluation):
        st.caption(exact)
    margin = between(compared, *places).margin
    left, right = st.columns([1, 1], gap="large")
    left.html(_before_and_after(compared, found, evaluation, palette))
    with left:
        _on_demand(
            "Step by step",
            "flip_steps",
            found.steps,
            "Each changed pixel with its ink before and after and the margin left",
            signed={"ink before": ".3f", "ink after": ".3f", "margin left": "+.5f"},
        )
    draw(
        explanation.flip_chart(found, margin, class_noun(evaluation.classes), palette),
        right,
        alt=as_text(said),
    )


def neighbours(
    image: np.ndarray,
    name: str,
    evaluation: Evaluation,
    label: Name | None,
    palette: Palette,
    *,
    labelled: bool = True,
) -> None:
    """The nearest training images overall and of ``label``, with a warning when they disagree.

    ``name`` identifies the image for the cache; ``label`` is what it is said to be, if known, and
    ``labelled`` whether by the dataset: nothing else is warned of.
    """
    table = evaluations.nearest_images(evaluation, name, image, NEIGHBOURS)
    overall = table[table["overall"] <= NEIGHBOURS].sort_values("overall")
    if label is not None and labelled:
        _warn_if_neighbours_disagree(overall["label"], label, class_noun(evaluation.classes))
    st.caption(f"The {len(overall)} training images nearest to it{_among(evaluation)}")
    st.html(_strip(overall, evaluation, palette))
    if label is not None:
        own = table[(table["label"] == label) & (table["place"] <= NEIGHBOURS)]
        st.caption(f"The {len(own)} nearest that are labelled {plain(label)}")
        st.html(_strip(own.sort_values("place"), evaluation, palette))


def _among(evaluation: Evaluation) -> str:
    """Of a large dataset, that only some training images are looked through."""
    if not evaluation.is_sample:
        return ""
    training = evaluation.dataset.training
    every = int(class_counts(evaluation.dataset)["training"].sum())
    return f", among {len(training):,} drawn at random from {every:,}"


def _warn_if_neighbours_disagree(labels: pd.Series, label: Name, called: str) -> None:
    others = labels[labels != label]
    if len(others) * 2 > len(labels):
        likely = others.mode().iloc[0]
        n, own = int((others == likely).sum()), len(labels) - len(others)
        if n <= own:  # no other class is nearer than its own
            st.caption(f"No more than {own} of {len(labels)} carry its label.")
            return
        st.warning(
            f"{n} of the {len(labels)} nearest training images are labelled {plain(likely)}, not "
            f"{plain(label)}: this image is unusual for its {called}, or its label is wrong."
        )
    elif len(others):
        st.caption(f"{len(labels) - len(others)} of {len(labels)} carry its label.")


def _strip(rows: pd.DataFrame, evaluation: Evaluation, palette: Palette) -> str:
    distances = told_apart(rows["distance"])
    return image_grid.grid(
        [evaluation.dataset.training.images[index] for index in rows["index"]],
        [f"{label} · {apart}" for label, apart in zip(rows["label"], distances, strict=True)],
        [
            f"training image {index:,}, {one(label)}, at distance {apart}"
            for index, label, apart in zip(rows["index"], rows["label"], distances, strict=True)
        ],
        palette,
        most_in_row=8,
        least_px=76,
    )
