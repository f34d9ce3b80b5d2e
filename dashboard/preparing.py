"""How a picture was prepared: every step as a picture, the switches, and the rules."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import memory, pictures, words
from dashboard.style import DARK, Palette
from engine import ink, preparation
from engine.answer import FARTHEST
from engine.digits import noun
from engine.framing import Form
from engine.novelty import COARSE, LIMIT, Familiar
from engine.preparation import CAME, GREY, STEPS, Step


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
    memory.restore(classify_steps=list(STEPS))
    st.pills(
        "Steps that are done (switch one off to see what it is worth)",
        STEPS,
        selection_mode="multi",
        default=STEPS,
        key="classify_steps",
        bind="query-params",
    )
    memory.remember("classify_steps")


def rules(
    form: Form, far: float, known: Familiar, steps: tuple[Step, ...], classes: Sequence
) -> None:
    """What each step did to this picture, and the rules with their limits."""
    left, right = st.columns(2, gap="large")
    called = noun(classes)
    table = pd.DataFrame([{"step": step.name, "what it did": step.said} for step in steps])
    left.dataframe(table, hide_index=True, alt="What each step of the preparation did")
    down, across = (f"{index:g}" for index in form.centre)
    pieces = (
        f"- ink in two pieces side by side of which the smaller has "
        f"{words.percent(preparation.BESIDE, 0)} of the larger, or one above the other with "
        f"{words.percent(preparation.ABOVE, 0)};\n"
        if called == "digit"
        else ""
    )
    right.markdown(
        f"""
The images of this data set are {form.columns} × {form.rows} pixels; measured on its training
images, the ink fits a box of **{form.box}** pixels, its centre of mass lies at row **{down}**,
column **{across}** (counted from 0), and strokes are **{form.pen:.1f}** pixels wide. Every picture
is brought into that form, aspect kept, edges soft, no ink pushed out.

No answer is given to
- a blank picture, or ink weaker than {ink.FAINT_PEAK} of 255 grey levels or
  {ink.FAINT_NOISE:g} times the paper's grain;
{pieces}- ink wider than {preparation.WIDER * form.widest:.1f} times its height;
- an image farther than {words.small(far)} from every template: {FARTHEST:g} times as far as
  any test image;
- {_unfamiliar(known, called)}.

These are guards, not proofs: {_fooled(known, called)}.
"""
    )


def _fooled(known: Familiar, called: str) -> str:
    """What the guards get wrong."""
    refused = f"{words.percent(1 - LIMIT, 0)} of the test images would be turned away, and "
    alike = (
        "a letter that looks like a digit" if called == "digit" else "a thing that looks like one"
    )
    return f"{refused if np.isfinite(known.limit) else ''}{alike} is not"


def _unfamiliar(known: Familiar, called: str) -> str:
    """What is turned away because it is like no training image."""
    if not np.isfinite(known.limit):
        return f"(images under {COARSE} pixels are too coarse to tell what is of no {called})"
    return (
        f"an image farther than {words.small(known.limit)} from each of {len(known.images):,} "
        f"training images, which is farther than {words.percent(LIMIT, 0)} of the test images are"
    )
