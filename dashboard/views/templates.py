"""The templates page: all templates, what they have in common, two of them, their distances."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.charting import per_class
from dashboard.charting import templates as template_charts
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.services import charts
from dashboard.session import url_state
from dashboard.widgets import clicks, image_grid, link_notice
from dashboard.widgets.panel import panel
from engine.datasets.dataset import Dataset, class_noun
from engine.evaluation import template_bias
from engine.evaluation.evaluation import Evaluation
from engine.io.numbers import percent, small
from engine.models.templates import mnist_distance

UNITS = {  # what is measured, and in what
    "ink": ("Mean ink", "0 paper to 1"),
    "blank pixels": (
        "Blank pixels",
        f"share of pixels under {percent(template_bias.BLANK, 0)} ink",
    ),
    "contrast": ("Contrast", "standard deviation of the pixels"),
}


def all_templates(evaluation: Evaluation, palette: Palette) -> None:
    """Every template over its class."""
    st.html(image_grid.templates(evaluation, palette, most_in_row=10))


def bias(evaluation: Evaluation, own: bool, palette: Palette) -> None:
    """The property of the templates that goes with the predictions, else their ink.

    Where the templates are not the model's ``own``, nothing is said of its predictions.
    """
    found = template_bias.relation(evaluation.templates, evaluation.counts) if own else None
    name = "ink" if found is None else found.name
    st.subheader(f"The {name} of each template")
    if own:
        st.markdown(text.templates.bias(found) or text.templates.NO_BIAS)
    with panel(f"The {name} of the templates"):
        left, right = st.columns(2, gap="large")
        with left:
            _property(evaluation, name, palette)
        if own:
            with right:
                _predictions(evaluation, palette)


def _property(evaluation: Evaluation, name: str, palette: Palette) -> None:
    values = template_bias.properties(evaluation.templates)[name]
    title, unit = f"{UNITS[name][0]} of each template", UNITS[name][1]
    table = pd.DataFrame({"digit": evaluation.classes, name: values})
    draw(
        charts.chart(
            per_class.value_bars, table, name, title, unit, palette, of=evaluation.dataset
        ),
        alt=f"{title}: "
        + ", ".join(f"{d} {v:.3f}" for d, v in zip(evaluation.classes, values, strict=True)),
    )


def _predictions(evaluation: Evaluation, palette: Palette) -> None:
    noun = class_noun(evaluation.classes)
    draw(
        charts.chart(
            per_class.value_bars,
            evaluation.scores.rename(columns={"called": "predictions"}),
            "predictions",
            f"How often each {noun} is predicted",
            "images",
            palette,
            of=evaluation.dataset,
        ),
        alt=f"Predictions of each {noun}: "
        + ", ".join(f"{r.digit} {r.called:,}" for r in evaluation.scores.itertuples()),
    )


def choose_two(classes: np.ndarray) -> tuple[str, str]:
    """The two classes whose templates are compared, held in the link."""
    names = [str(name) for name in classes]
    pair = {"first": names[1 % len(names)], "second": names[2 % len(names)]}
    asked = link_notice.asked_for(*pair)
    url_state.restore(**pair)
    for key, default in pair.items():
        url_state.reset_unless(key, lambda name: name in names, default)
    labels = ("Template", "minus template")
    first, second = (
        column.selectbox(label, names, names.index(pair[key]), key=key, bind="query-params")
        for column, label, key in zip(st.columns([1, 1, 2])[:2], labels, pair, strict=True)
    )
    link_notice.say_what_was_ignored(asked, st.session_state)
    url_state.remember(*pair)
    clicks.renewed("distances", (first, second))
    return first, second


def two_templates(evaluation: Evaluation, first: str, second: str, palette: Palette) -> None:
    """Two templates and their difference, with the mean of it."""
    names = [str(name) for name in evaluation.classes]
    a, b = (evaluation.templates[names.index(name)] for name in (first, second))
    apart = mnist_distance(a, b)
    titles = f"Template of {first}", f"Template of {second}", f"{first} minus {second}"
    side_by_side(a, b, a - b, titles, palette, evaluation.dataset)
    st.markdown(
        f"On average the two differ by **{small(apart)}** a pixel (0: the same, 1: paper against "
        "full ink). Hover a pixel to read it."
    )


def side_by_side(
    one: np.ndarray,
    other: np.ndarray,
    difference: np.ndarray,
    titles: tuple[str, str, str],
    palette: Palette,
    of: Dataset,
) -> None:
    """Draws the three, each (h, w), under their titles; the difference around zero.

    They are templates of the data ``of``.
    """
    heatmaps = (
        charts.chart(template_charts.heatmap, one, titles[0], palette, of=of),
        charts.chart(template_charts.heatmap, other, titles[1], palette, of=of),
        charts.chart(template_charts.difference_heatmap, difference, titles[2], palette, of=of),
    )
    says = (
        f"mean ink {one.mean():.3f}",
        f"mean ink {other.mean():.3f}",
        f"on average {mnist_distance(one, other):.3f} a pixel",
    )
    for column, chart, title, figure in zip(st.columns(3), heatmaps, titles, says, strict=True):
        draw(chart, column, width="content", alt=f"Heatmap, {title}: {figure}")


def distances(evaluation: Evaluation, palette: Palette) -> None:
    """How far each two templates are apart; a click on a pair compares them above."""
    st.markdown(text.templates.nearest_templates(evaluation.templates, evaluation.classes))
    draw(
        charts.chart(
            template_charts.template_distances,
            evaluation.templates,
            evaluation.classes,
            palette,
            of=evaluation.dataset,
        ),
        key=clicks.key_of("distances"),
        on_select=_take_pair,
        alt="Mean absolute difference between each pair of templates",
    )


def _take_pair() -> None:
    """A click in the matrix of distances becomes the two templates that are compared above."""
    cell = clicks.picked("distances", "pair")
    if cell:
        clicks.take("distances", first=cell["template"], second=cell["other template"])
