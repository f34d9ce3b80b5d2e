"""What is in a template, and why do some win too often?"""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.charting import confusion_matrix, per_class
from dashboard.charting.render import draw
from dashboard.services import charts, evaluations
from dashboard.session import url_state
from dashboard.text.markdown import plain
from dashboard.views import dataset_and_model, templates
from dashboard.widgets import clicks, image_grid, inputs, sharing
from dashboard.widgets.panel import panel
from engine.datasets.dataset import class_noun
from engine.evaluation import template_bias
from engine.models.registry import MODELS

UNITS = {  # what is measured, and in what
    "ink": ("Mean ink", "0 paper to 1"),
    "blank pixels": ("Blank pixels", "share of all pixels"),
    "contrast": ("Contrast", "standard deviation of the pixels"),
}


def take_pair() -> None:
    """A click in the matrix of distances becomes the two templates that are compared above."""
    cell = clicks.picked("distances", "pair")
    if cell:
        clicks.take("distances", first=cell["template"], second=cell["other template"])


evaluation = dataset_and_model.open_evaluation()
palette = inputs.theme()
own = evaluation.explains  # else other templates stand in, whose predictions are not the model's
if not own:
    st.info(text.images.no_templates(plain(evaluation.model.label)))
    evaluation = evaluations.evaluation(evaluation.dataset, next(iter(MODELS)))
    st.markdown("Below are the mean images of the training set.")

with panel("The templates"):
    inputs.framed(evaluation.classes, "all_templates").html(
        image_grid.grid(
            evaluation.templates,
            [f"{digit}" for digit in evaluation.classes],
            [f"template of {digit}" for digit in evaluation.classes],
            palette,
        )
    )

found = template_bias.relation(evaluation.templates, evaluation.counts) if own else None
name = "ink" if found is None else found.name
values = template_bias.properties(evaluation.templates)[name]
st.subheader(f"The {name} of each template")
if own:
    st.markdown(text.templates.bias(found) or text.templates.NO_BIAS)
with panel(f"The {name} of the templates"):
    left, right = st.columns(2, gap="large")
    draw(
        charts.chart(
            per_class.value_bars,
            pd.DataFrame({"digit": evaluation.classes, name: values}),
            name,
            f"{UNITS[name][0]} of each template",
            UNITS[name][1],
            palette,
            of=evaluation.dataset,
        ),
        left,
        alt=f"{UNITS[name][0]} of each template: "
        + ", ".join(f"{d} {v:.3f}" for d, v in zip(evaluation.classes, values, strict=True)),
    )
    if own:
        draw(
            charts.chart(
                per_class.value_bars,
                evaluation.scores.rename(columns={"called": "predictions"}),
                "predictions",
                f"How often each {class_noun(evaluation.classes)} is predicted",
                "images",
                palette,
                of=evaluation.dataset,
            ),
            right,
            alt=f"Predictions of each {class_noun(evaluation.classes)}: "
            + ", ".join(f"{r.digit} {r.called:,}" for r in evaluation.scores.itertuples()),
        )

st.subheader("Two templates, pixel by pixel")
dataset = [str(digit) for digit in evaluation.classes]
pair = {"first": dataset[1 % len(dataset)], "second": dataset[2 % len(dataset)]}
url_state.restore(**pair)
for name, default in pair.items():
    url_state.reset_unless(name, lambda digit: digit in dataset, default)
one, other, _ = st.columns([1, 1, 2])
first = one.selectbox("Template", dataset, index=1 % len(dataset), key="first", bind="query-params")
second = other.selectbox(
    "minus template", dataset, index=2 % len(dataset), key="second", bind="query-params"
)
url_state.remember("first", "second")
clicks.renewed("distances", (first, second))
with panel("Two templates, pixel by pixel"):
    a, b = evaluation.templates[dataset.index(first)], evaluation.templates[dataset.index(second)]
    apart = float(np.abs(a - b).mean())
    titles = f"Template of {first}", f"Template of {second}", f"{first} minus {second}"
    templates.side_by_side(a, b, a - b, titles, palette, evaluation.dataset)
    st.markdown(
        f"On average the two differ by **{apart:.3f}** a pixel (0: the same, 1: paper against full "
        f"ink). Hover a pixel to read it."
    )

st.subheader("How far the templates are from each other")
with panel("How far the templates are from each other"):
    st.markdown(text.templates.nearest_templates(evaluation.templates, evaluation.classes))
    draw(
        charts.chart(
            confusion_matrix.template_distances,
            evaluation.templates,
            evaluation.classes,
            palette,
            of=evaluation.dataset,
        ),
        key=clicks.key_of("distances"),
        on_select=take_pair,
        alt="Mean absolute difference between each pair of templates",
    )

sharing.link_here()
