"""The panels under an answer: why, how it was prepared, its neighbours, the flip, every model."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached, pictures, reading, words
from dashboard.charts import classify as charts
from dashboard.charts import pixels
from dashboard.style import DARK, Palette
from engine import preparation
from engine.answer import FARTHEST, Answer, answer, measured
from engine.contrast import contrast, smallest_flip
from engine.framing import Form
from engine.models import MODELS
from engine.preparation import CAME, GREY, STEPS, Step
from engine.study import Study


def why(study: Study, image: np.ndarray, found: Answer, asked: int, palette: Palette) -> None:
    """The exact contrast between the answer and another digit, pixel by pixel."""
    other = asked if asked != found.digit else int(found.order[1])
    places = study.classes.tolist()
    winner, against = (study.templates[places.index(digit)] for digit in (found.digit, other))
    parts = contrast(image, winner, against, study.classifier.metric)
    st.markdown(reading.contrast(parts, found.digit, other))
    images, heat = st.columns([3, 2], gap="large")
    images.html(
        pictures.grid(
            [winner, image, against],
            [f"template of {found.digit}", "the image", f"template of {other}"],
            [f"template of {found.digit}", "the image as it was compared", f"template of {other}"],
            palette,
            most_in_row=3,
        )
    )
    heat.altair_chart(
        pixels.difference_heatmap(
            parts.parts * image.size,
            f"Blue speaks for {found.digit}, orange for {other}",
            palette,
            "part × pixels",
        ),
        width="content",
        alt=f"Each pixel's part in the margin of {parts.margin:.4f} of {found.digit} over {other}",
    )


def strip(steps: tuple[Step, ...], drawn: bool, palette: Palette) -> None:
    """Every step of the preparation as a small picture."""
    st.html(
        pictures.grid(
            [_shown(step, drawn, palette) for step in steps],
            [step.name if step.on else f"{step.name}: off" for step in steps],
            [f"after step {number}, {step.name}: {step.said}" for number, step in enumerate(steps)],
            palette,
            most_in_row=len(steps),
            least_px=66,
        )
    )


def _shown(step: Step, drawn: bool, palette: Palette) -> np.ndarray:
    """A step's picture: ink is dark in the light theme, but a photograph looks as it came."""
    as_came = not drawn and step.name in (CAME, GREY)
    return 255 - step.picture if as_came and palette is not DARK else step.picture


def choose_steps() -> None:
    """The switches of the steps; `dashboard.answers.ready` reads them."""
    st.pills(
        "Steps that are done (switch one off to see what it is worth)",
        STEPS,
        selection_mode="multi",
        default=STEPS,
        key="classify_steps",
        bind="query-params",
    )


def rules(form: Form, limit: float, steps: tuple[Step, ...]) -> None:
    """What each step did to this picture, and the rules with their limits."""
    left, right = st.columns(2, gap="large")
    table = pd.DataFrame([{"step": step.name, "what it did": step.said} for step in steps])
    left.dataframe(table, hide_index=True, alt="What each step of the preparation did")
    down, across = (f"{index:g}" for index in form.centre)
    right.markdown(
        f"""
The images of this data set are {form.columns} × {form.rows} pixels; measured on its training
images, the ink fits a box of **{form.box}** pixels, its centre of mass lies at row **{down}**,
column **{across}** (counted from 0), and strokes are **{form.pen:.1f}** pixels wide. Every picture
is brought into that form, aspect kept, edges soft, no ink pushed out.

No answer is given to
- a blank picture, or ink weaker than {preparation.ink.FAINT_PEAK} of 255 grey levels or
  {preparation.ink.FAINT_NOISE:g} times the paper's grain;
- ink in two pieces side by side of which the smaller has {words.percent(preparation.BESIDE, 0)}
  of the larger, or one above the other with {words.percent(preparation.ABOVE, 0)};
- ink wider than {preparation.WIDER * form.widest:.1f} times its height;
- an image farther than {words.small(limit)} from every template: {FARTHEST:g} times as far as
  any test image.
"""
    )


def neighbours(
    study: Study, image: np.ndarray, found: Answer, asked: int, palette: Palette
) -> None:
    """The training images nearest to this one, overall and of the two digits in question."""
    other = asked if asked != found.digit else int(found.order[1])
    table = cached.neighbours(study.digits, image, study.classifier.metric)
    nearest = table[table["overall"] <= 5]
    agree = int((nearest["label"] == found.digit).sum())
    st.markdown(
        f"Of the five training images nearest to this one, **{agree}** are {found.digit}s"
        + (
            "."
            if agree == len(nearest)
            else f" ({_listed(nearest['label'])}): they disagree with the template."
        )
    )
    columns = st.columns(3, gap="large")
    for column, title, rows in (
        (columns[0], "Nearest of all", nearest),
        (columns[1], f"Nearest {found.digit}s", _of(table, found.digit)),
        (columns[2], f"Nearest {other}s", _of(table, other)),
    ):
        column.markdown(f"**{title}**")
        column.html(_row_of(rows, study.digits.training.images, palette))


def _of(table: pd.DataFrame, digit: int) -> pd.DataFrame:
    return table[(table["label"] == digit) & (table["place"] <= 5)]


def _listed(labels: pd.Series) -> str:
    return ", ".join(str(label) for label in labels)


def _row_of(rows: pd.DataFrame, images: np.ndarray, palette: Palette) -> str:
    found = list(zip(rows["index"], rows["label"], rows["distance"], strict=True))
    return pictures.grid(
        [images[index] for index, _, _ in found],
        [f"{label} · {distance:.3f}" for _, label, distance in found],
        [f"training image {i:,}, a {label}, {d:.4f} away" for i, label, d in found],
        palette,
        most_in_row=5,
        least_px=44,
    )


def flip(study: Study, image: np.ndarray, found: Answer, asked: int, palette: Palette) -> None:
    """The fewest pixels that turn the answer into the digit asked about."""
    other = asked if asked != found.digit else int(found.order[1])
    metric = study.classifier.metric
    turned = smallest_flip(image, study.templates, study.classes, found.digit, other, metric)
    st.markdown(reading.flip(turned, image))
    if turned is None or turned.steps.empty:
        return
    shown, chart = st.columns([3, 2], gap="large")
    change = turned.image - image / 255
    shown.html(
        pictures.grid(
            [image, np.abs(change), turned.image],
            [f"before: {found.digit}", "pixels changed", f"after: {turned.answer}"],
            ["the image before the change", "the pixels changed", "the image after the change"],
            palette,
            most_in_row=3,
        )
    )
    chart.altair_chart(
        charts.flip_line(turned.steps, found.behind(other), other, palette),
        alt=f"The margin over {other} falls from {found.behind(other):.4f} below zero "
        f"in {len(turned.steps)} pixels",
    )


def every_model(study: Study, image: np.ndarray, asked: int) -> None:
    """The same image put to every model."""
    rows = []
    for name in MODELS:
        one = cached.study(study.digits, name)
        found = answer(one, image)
        like = measured(one.table, found.margin)
        low, high = like.interval
        rows.append(
            {
                "model": one.model.label,
                "answer": found.digit,
                "next": int(found.order[1]),
                "margin": found.margin,
                "right at such a margin": 100 * like.rate,
                "95 % from": 100 * low,
                "to": 100 * high,
                f"place of {asked}": found.rank(asked),
                "right on all test images": 100 * one.n_right / one.n_images,
            }
        )
    table = pd.DataFrame(rows)
    answers = table["answer"].nunique()
    st.markdown(
        f"All {len(table)} models answer {table['answer'][0]}."
        if answers == 1
        else f"The models disagree: {_listed(table['answer'])}."
    )
    shares = st.column_config.NumberColumn(format="%.1f %%")
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "margin": st.column_config.NumberColumn(format="%.4f"),
            **dict.fromkeys(
                ["right at such a margin", "95 % from", "to", "right on all test images"], shares
            ),
        },
        alt="The answer of every model to this image",
    )
