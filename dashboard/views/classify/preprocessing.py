"""How a picture was prepared: every step as a picture, the switches, and the rules."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charting.palette import DARK, Palette
from dashboard.session import url_state
from dashboard.text import numbers
from dashboard.views.cures import as_compared
from dashboard.widgets import image_grid
from engine.datasets.dataset import class_noun, is_digits
from engine.evaluation.evaluation import Evaluation
from engine.inference.out_of_distribution import COARSE, LIMIT, OutlierDetector
from engine.inference.rejection import FARTHEST
from engine.inference.shapes import Shapes
from engine.io import png
from engine.io.numbers import percent, small
from engine.preprocessing import foreground, ink_checks
from engine.preprocessing.pipeline import CAME, GREY, STEADY, STEPS, Step
from engine.preprocessing.size_normalization import Form

BEFORE = "a step of the model, before it compares"


def strip(steps: tuple[Step, ...], drawn: bool, palette: Palette) -> None:
    """Every step of the preparation as a small picture."""
    st.html(
        image_grid.grid(
            [_shown(step, drawn, palette) for step in steps],
            [step.name if step.on else f"{step.name}: off" for step in steps],
            [f"after step {number}, {step.name}: {step.said}" for number, step in enumerate(steps)],
            palette,
            most_in_row=len(steps),
            least_px=66,
        )
    )


def of_the_model(image: np.ndarray, evaluation: Evaluation) -> list[Step]:
    """What the steps of a model with cures make of the prepared picture; [] without any."""
    stages = as_compared.after_each(image, evaluation)
    return [Step(name.capitalize(), png.levels(after), BEFORE) for name, after in stages]


def _shown(step: Step, drawn: bool, palette: Palette) -> np.ndarray:
    """A step's picture: ink is dark in the light theme, but a photograph looks as it came."""
    as_came = not drawn and step.name in (CAME, GREY)
    return 255 - step.picture if as_came and palette is not DARK else step.picture


def choose_steps(drawn: bool) -> None:
    """The switches of the steps; `dashboard.views.classify.result.classified` reads them."""
    url_state.restore(classify_steps=list(STEPS))
    st.pills(
        "Steps that may be done (switch one off to see what it is worth)",
        STEPS,
        selection_mode="multi",
        default=STEPS,
        key="classify_steps",
        bind="query-params",
    )
    url_state.remember("classify_steps")
    if not drawn:
        st.caption(
            f"*{STEADY}* is for drawings from the pad: this picture has no strokes to redraw."
        )


def rules(
    form: Form,
    far: float,
    known: OutlierDetector,
    shapes: Shapes,
    steps: tuple[Step, ...],
    evaluation: Evaluation,
) -> None:
    """What each step did to this picture, and the rules with their limits."""
    left, right = st.columns(2, gap="large")
    called = class_noun(evaluation.classes)
    table = pd.DataFrame([{"step": step.name, "what it did": step.said} for step in steps])
    left.dataframe(table, hide_index=True, alt="What each step of the preparation did")
    down, across = (f"{index:g}" for index in form.centre)
    pieces = (
        f"- ink in two pieces side by side of which the smaller has "
        f"{percent(ink_checks.BESIDE, 0)} of the larger, or one above the other with "
        f"{percent(ink_checks.ABOVE, 0)};\n"
        if is_digits(evaluation.classes)
        else ""
    )
    right.markdown(
        f"""
The images of this data set are {form.columns} × {form.rows} pixels; measured on its training
images, the ink fits a box of **{form.box}** pixels, its centre of mass lies at row **{down}**,
column **{across}** (counted from 0), and strokes are **{form.pen:.1f}** pixels wide. Every picture
is brought into that form, aspect kept, edges soft, no ink pushed out.

No answer is given to
- a blank picture, or ink weaker than {foreground.FAINT_PEAK} of 255 grey levels or
  {foreground.FAINT_NOISE:g} times the paper's grain;
{pieces}- ink wider than {ink_checks.WIDER * form.widest:.1f} times its height;
{_far(far, evaluation)}- {_unfamiliar(known, called)}.

{_unlike(shapes)}
These are guards, not proofs: {_fooled(known, evaluation)}.
"""
    )


def _far(far: float, evaluation: Evaluation) -> str:
    """What is turned away because it is far from every class, as a line; '' for nothing at all."""
    if evaluation.explains and np.isfinite(far):
        return (
            f"- an image farther than {small(far)} from every template: {FARTHEST:g} times "
            "as far as any test image;\n"
        )
    least_sure = 1 - 1 / len(evaluation.classes)  # when all classes are equally probable
    if not far < least_sure:
        return ""
    return (
        f"- an image whose answer has {evaluation.unit} above {small(far)}: {FARTHEST:g} "
        "times the largest of any test image;\n"
    )


def _fooled(known: OutlierDetector, evaluation: Evaluation) -> str:
    """What the guards get wrong, measured on test images that did not set the limit."""
    digits = is_digits(evaluation.classes)
    alike = "a letter that looks like a digit" if digits else "a thing that looks like one"
    if not known.others:
        return f"{alike} is not turned away"
    refused = numbers.rate(known.refused, known.others)
    return (
        f"of {known.others:,} other test images the last one turns away {known.refused:,} "
        f"({refused}), and {alike} gets an answer"
    )


def _unlike(shapes: Shapes) -> str:
    """When an answer is called unsure; '' where that cannot be told."""
    if not np.isfinite(shapes.limit):
        return ""
    judged = numbers.count(shapes.judged, "test image")
    return (
        "An answer is called unsure when no blurred training image is within "
        f"{small(shapes.limit)} (1 − cosine), as for {percent(LIMIT, 0)} of {judged} one is.\n"
    )


def _unfamiliar(known: OutlierDetector, called: str) -> str:
    """What is turned away because it is like no training image."""
    if not np.isfinite(known.limit):
        return f"(images under {COARSE} pixels are too coarse to tell what is of no {called})"
    return (
        f"an image farther than {small(known.limit)} from each of {len(known.images):,} "
        f"training images, which is farther than {percent(LIMIT, 0)} of "
        f"{numbers.count(known.judged, 'test image')} are"
    )
