"""Reasons that every model can be asked for: what it answers when pixels are changed."""

import numpy as np
import streamlit as st

from dashboard.charting import templates
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.services import charts, evaluations
from dashboard.text import any_model
from dashboard.text.markdown import as_text
from dashboard.widgets import image_grid
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import NEAREST
from engine.explanation.greedy_change import GreedyChange, greedy_change
from engine.explanation.occlusion import Occlusion, occlusion
from engine.runtime.limits import MAX_GREEDY_PIXELS

PATCHES = (3, 1, 5)  # pixels a side
WHY = "Which pixels decide"
FLIP = "A change that flips it"
Name = int | str  # of a class


def why(image: np.ndarray, evaluation: Evaluation, other: Name, palette: Palette, key: str) -> None:
    """What the answer loses to ``other`` without each pixel, or the patch around it."""
    patch = st.segmented_control(
        "Set to paper",
        PATCHES,
        default=PATCHES[0],
        format_func=lambda side: "one pixel" if side == 1 else f"{side} × {side} pixels",
        key=f"{key}_patch",
        required=True,
    )
    with st.spinner(f"Asking the model about {image.size:,} changed images"):
        found = evaluations.of_evaluation(evaluation, _occlusion, *_held(image), patch, other)
    said = any_model.occlusion(found, patch, evaluation.scored)
    st.markdown(said)
    picture, map_ = st.columns([4, 10], gap="medium")
    picture.html(image_grid.grid([image], ["image"], ["the image"], palette, most_in_row=1))
    draw(
        charts.chart(
            templates.difference_heatmap,
            found.drop,
            f"Green speaks for {found.winner}, purple for {other}",
            palette,
            "margin lost",
        ),
        map_,
        width="content",
        alt=f"What the margin loses at each pixel. {as_text(said)}",
    )
    st.caption(any_model.EXACT_ALONE)


def flip(image: np.ndarray, evaluation: Evaluation, palette: Palette) -> None:
    """A few pixels with which the model answers otherwise, the image before and after."""
    if NEAREST in evaluation.table:
        st.info(
            "Not searched for: every step would compare a thousand changed images with all "
            "training images."
        )
        return
    with st.spinner("Changing one pixel after another"):
        found = evaluations.of_evaluation(evaluation, _greedy_change, *_held(image))
    if found is None:
        st.info(any_model.no_greedy_change(MAX_GREEDY_PIXELS, evaluation.scored))
        return
    st.markdown(any_model.greedy_change(found))
    st.html(_before_and_after(image, found, palette))
    st.caption(any_model.UPPER_BOUND)


def say_what_near_images_are(evaluation: Evaluation) -> None:
    """What the nearest training images tell, of a model that does not look at them."""
    if NEAREST not in evaluation.table:
        st.caption(any_model.LOOKALIKES)


def _before_and_after(image: np.ndarray, found: GreedyChange, palette: Palette) -> str:
    change = np.abs(found.image.astype(int) - image).astype(np.uint8)
    return image_grid.grid(
        [image, found.image, change],
        [f"before: {found.winner}", f"after: {found.answer}", "what changed"],
        [
            f"the image, answered {found.winner}",
            f"the changed image, answered {found.answer}",
            "the amount of change at each pixel",
        ],
        palette,
        most_in_row=3,
        least_px=120,
    )


def _held(image: np.ndarray) -> tuple[bytes, tuple[int, ...]]:
    """The image as what a result can be kept by."""
    return image.tobytes(), image.shape


def _image(pixels: bytes, shape: tuple[int, ...]) -> np.ndarray:
    return np.frombuffer(pixels, np.uint8).reshape(shape)


def _occlusion(
    evaluation: Evaluation, pixels: bytes, shape: tuple[int, ...], patch: int, other: Name
) -> Occlusion:
    return occlusion(_image(pixels, shape), evaluation.classifier, patch, other)


def _greedy_change(
    evaluation: Evaluation, pixels: bytes, shape: tuple[int, ...]
) -> GreedyChange | None:
    return greedy_change(_image(pixels, shape), evaluation.classifier)
