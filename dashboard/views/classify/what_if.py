"""What if: the image changed in place, and the answer that follows at once."""

import numpy as np
import streamlit as st

from dashboard import text
from dashboard.charting import distances as charts
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.components.pixel_editor import editor, wipe
from dashboard.session import url_state
from dashboard.text import numbers
from dashboard.text.markdown import plain
from dashboard.widgets.panel import panel
from engine.evaluation.evaluation import Evaluation
from engine.inference.prediction import Answer, answer
from engine.preprocessing import perturbations
from engine.preprocessing.perturbations import Edits, edited

# name, label, least, most, step, default; all floats, because Streamlit turns "1e400" in a link
# to a whole-number slider into an exception. Shifts reach as far as the image is large.
SLIDERS = (
    ("right", "Shift right (pixels)", -1.0, 1.0, 1.0, 0.0),
    ("down", "Shift down (pixels)", -1.0, 1.0, 1.0, 0.0),
    ("turn", "Rotate (°, clockwise)", -perturbations.MOST_TURN, perturbations.MOST_TURN, 1.0, 0.0),
    ("size", "Scale", *perturbations.SIZES, 0.05, 1.0),
    (
        "weight",
        "Thicken or thin (pixels)",
        -perturbations.MOST_WEIGHT,
        perturbations.MOST_WEIGHT,
        0.25,
        0.0,
    ),
    ("blur", "Blur (σ in pixels)", 0.0, perturbations.MOST_BLUR, 0.1, 0.0),
    ("noise", "Noise (σ, of full ink)", 0.0, perturbations.MOST_NOISE, 0.05, 0.0),
)
KEPT = {f"classify_{name}": default for name, *_, default in SLIDERS}


@st.fragment
def what_if(evaluation: Evaluation, image: np.ndarray, before: Answer, palette: Palette) -> None:
    """The editor, the sliders, and the distances before and after, rerun on their own."""
    with panel("What if"):
        _edit_and_answer(evaluation, image, before, palette)


def _edit_and_answer(
    evaluation: Evaluation, image: np.ndarray, before: Answer, palette: Palette
) -> None:
    drawn, outcome = st.columns([1, 2.1], gap="large")
    changes = _changes(image)
    with drawn:
        moved = edited(image, changes)
        pixels = editor("classify_pixels", moved, image, palette)
    changed = perturbations.retouched(moved, pixels)
    after = answer(evaluation, changed)
    with outcome:
        _outcome(evaluation, before, after, int((changed != image).sum()), palette)


def _changes(image: np.ndarray) -> Edits:
    """The sliders, as one set of changes."""
    room = float(max(1, int(max(image.shape) * perturbations.MOST_SHIFT)))
    places = [*st.columns(4, gap="medium"), *st.columns(4, gap="medium")]
    url_state.restore(**KEPT)
    values = {}
    for place, (name, label, least, most, step, default) in zip(places, SLIDERS, strict=False):
        reach = room if name in ("right", "down") else 1.0
        chosen = place.slider(
            label,
            least * reach,
            most * reach,
            default,
            step,
            format="%.0f" if step == 1 else "%.2f",
            key=f"classify_{name}",
            bind="query-params",
            persist_state="session",
        )
        values[name] = round(chosen / step) * step  # a link may hold anything between
    url_state.remember(*KEPT)
    places[-1].button("Undo all changes", key="classify_undo_all", on_click=_undo_all)
    return Edits(**{**values, "right": int(values["right"]), "down": int(values["down"])})


def _undo_all() -> None:
    st.session_state.update(KEPT)
    wipe("classify_pixels")


def _outcome(
    evaluation: Evaluation, before: Answer, after: Answer, changed: int, palette: Palette
) -> None:
    """What the answer became."""
    was = plain(before.digit)
    if not changed:
        st.subheader(f"Nothing is changed yet: the answer is {was}", anchor=False)
        st.markdown(text.prediction.margin(before, evaluation.share))
    else:
        verdict = "still" if after.digit == before.digit else f"no longer {was} but"
        size = numbers.count(changed, "pixel")
        answered = f"{verdict} {plain(after.digit)}"
        st.subheader(f"With {size} changed the answer is {answered}", anchor=False)
        st.markdown(text.prediction.margin(after, evaluation.share))
    if not after.scored:
        return
    unit = evaluation.unit
    draw(
        charts.before_after(before.distances, after.distances, evaluation.classes, unit, palette),
        alt=f"{evaluation.share.capitalize() or 'Distance'} before and after: the prediction was "
        f"{before.digit}, is {after.digit}",
    )
