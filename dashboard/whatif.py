"""What if: the image changed in place, and the answer that follows at once."""

import numpy as np
import streamlit as st

from dashboard import memory, say, words
from dashboard.charts import classify as charts
from dashboard.drawing import draw
from dashboard.editor import editor, wipe
from dashboard.names import plain
from dashboard.panels import panel
from dashboard.style import Palette
from engine import edits
from engine.answer import Answer, answer
from engine.edits import Edits, edited
from engine.study import Study

# name, label, least, most, step, default; all floats, because Streamlit turns "1e400" in a link
# to a whole-number slider into an exception. Shifts reach as far as the image is large.
SLIDERS = (
    ("right", "Shift right (pixels)", -1.0, 1.0, 1.0, 0.0),
    ("down", "Shift down (pixels)", -1.0, 1.0, 1.0, 0.0),
    ("turn", "Rotate (°, clockwise)", -edits.MOST_TURN, edits.MOST_TURN, 1.0, 0.0),
    ("size", "Scale", *edits.SIZES, 0.05, 1.0),
    ("weight", "Thicken or thin (pixels)", -edits.MOST_WEIGHT, edits.MOST_WEIGHT, 0.25, 0.0),
    ("blur", "Blur (σ in pixels)", 0.0, edits.MOST_BLUR, 0.1, 0.0),
    ("noise", "Noise (σ, of full ink)", 0.0, edits.MOST_NOISE, 0.05, 0.0),
)
KEPT = {f"classify_{name}": default for name, *_, default in SLIDERS}


@st.fragment
def what_if(study: Study, image: np.ndarray, before: Answer, palette: Palette) -> None:
    """The editor, the sliders, and the distances before and after, rerun on their own."""
    with panel("What if"):
        _edit_and_answer(study, image, before, palette)


def _edit_and_answer(study: Study, image: np.ndarray, before: Answer, palette: Palette) -> None:
    drawn, outcome = st.columns([1, 2.1], gap="large")
    changes = _changes(image)
    with drawn:
        moved = edited(image, changes)
        pixels = editor("classify_pixels", moved, image, palette)
    changed = edits.retouched(moved, pixels)
    after = answer(study, changed)
    with outcome:
        _outcome(study, before, after, int((changed != image).sum()), palette)


def _changes(image: np.ndarray) -> Edits:
    """The sliders, as one set of changes."""
    room = float(max(1, int(max(image.shape) * edits.MOST_SHIFT)))
    places = [*st.columns(4, gap="medium"), *st.columns(4, gap="medium")]
    memory.restore(**KEPT)
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
    memory.remember(*KEPT)
    places[-1].button("Undo all changes", key="classify_undo_all", on_click=_undo_all)
    return Edits(**{**values, "right": int(values["right"]), "down": int(values["down"])})


def _undo_all() -> None:
    st.session_state.update(KEPT)
    wipe("classify_pixels")


def _outcome(study: Study, before: Answer, after: Answer, changed: int, palette: Palette) -> None:
    """What the answer became."""
    was = plain(before.digit)
    if not changed:
        st.subheader(f"Nothing is changed yet: the answer is {was}", anchor=False)
        st.markdown(say.answers.margin(before))
    else:
        verdict = "still" if after.digit == before.digit else f"no longer {was} but"
        size = words.count(changed, "pixel")
        answered = f"{verdict} {plain(after.digit)}"
        st.subheader(f"With {size} changed the answer is {answered}", anchor=False)
        st.markdown(say.answers.margin(after))
    unit = study.unit
    draw(
        charts.before_after(before.distances, after.distances, study.classes, unit, palette),
        alt=f"Distances before and after: nearest was {before.digit}, is {after.digit}",
    )
