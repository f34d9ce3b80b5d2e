"""What is in a template, and why do some win too often?"""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached, controls, heatmaps, memory, opening, pictures, say, sharing
from dashboard.charts import confusion, scores
from dashboard.drawing import draw
from dashboard.names import plain
from dashboard.panels import panel
from engine.digits import noun
from engine.models import MODELS

study = opening.open_study()
palette = controls.theme()
if not study.explains:
    st.info(say.images.no_templates(plain(study.model.label)))
    study = cached.study(study.digits, next(iter(MODELS)))
    st.markdown("Below are the mean images of the training set.")

with panel("The templates"):
    controls.framed(study.classes, "all_templates").html(
        pictures.grid(
            study.templates,
            [f"{digit}" for digit in study.classes],
            [f"template of {digit}" for digit in study.classes],
            palette,
        )
    )

st.subheader("How much ink a template asks for")
st.markdown(
    "An image is charged for every pixel of ink the template has and the image has not. "
    f"{say.templates.least_ink(study.templates, study.classes, study.counts)}"
)
with panel("The ink of the templates"):
    ink = pd.DataFrame({"digit": study.classes, "ink": study.templates.mean(axis=(1, 2))})
    called = study.scores.rename(columns={"called": "images called it"})
    left, right = st.columns(2, gap="large")
    draw(
        cached.chart(
            scores.value_bars,
            ink,
            "ink",
            "Mean ink of each template",
            "0 paper to 1",
            palette,
            of=study.digits,
        ),
        left,
        alt="Mean ink of each template: "
        + ", ".join(f"{d} {v:.3f}" for d, v in zip(ink["digit"], ink["ink"], strict=True)),
    )
    draw(
        cached.chart(
            scores.value_bars,
            called,
            "images called it",
            f"How often each {noun(study.classes)} is the answer",
            "images",
            palette,
            of=study.digits,
        ),
        right,
        alt=f"Answers per {noun(study.classes)}: "
        + ", ".join(f"{r.digit} {r.called:,}" for r in study.scores.itertuples()),
    )

st.subheader("Two templates, pixel by pixel")
digits = [str(digit) for digit in study.classes]
pair = {"first": digits[1 % len(digits)], "second": digits[2 % len(digits)]}
memory.restore(**pair)
for name, default in pair.items():
    memory.reset_unless(name, lambda digit: digit in digits, default)
one, other, _ = st.columns([1, 1, 2])
first = one.selectbox("Template", digits, index=1 % len(digits), key="first", bind="query-params")
second = other.selectbox(
    "minus template", digits, index=2 % len(digits), key="second", bind="query-params"
)
memory.remember("first", "second")
with panel("Two templates, pixel by pixel"):
    a, b = study.templates[digits.index(first)], study.templates[digits.index(second)]
    apart = float(np.abs(a - b).mean())
    titles = f"Template of {first}", f"Template of {second}", f"{first} minus {second}"
    heatmaps.side_by_side(a, b, a - b, titles, palette, study.digits)
    st.markdown(
        f"On average the two differ by **{apart:.3f}** a pixel (0: the same, 1: paper against full "
        f"ink). Hover a pixel to read it."
    )

st.subheader("How far the templates are from each other")
with panel("How far the templates are from each other"):
    st.markdown(say.templates.nearest_templates(study.templates, study.classes))
    draw(
        cached.chart(
            confusion.template_distances,
            study.templates,
            study.classes,
            palette,
            of=study.digits,
        ),
        alt="Mean absolute difference between each pair of templates",
    )

sharing.link_here()
