"""The errors page: which images it shows, the chosen one, and the reasons for its answer."""

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import text
from dashboard.charting import distances
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.components import gallery
from dashboard.services import calibration, charts
from dashboard.session import url_state
from dashboard.session.viewer_models import name_of
from dashboard.text.markdown import plain
from dashboard.views import annotations, any_model, explanation, shapes
from dashboard.views.cures import as_compared, tags
from dashboard.views.selection import Selection
from dashboard.widgets import image_grid, inputs
from dashboard.widgets.panel import panel
from engine.datasets.dataset import class_noun
from engine.evaluation.evaluation import Evaluation

OPENED = "opened_image"  # the key of its container
NEAR = "Nearest training images"
REASONS = ("Pixel by pixel", "The smallest change", NEAR)  # exact ones
OF_ANY_MODEL = (any_model.WHY, any_model.FLIP, NEAR)


def images(selection: Selection, visible: pd.DataFrame, index: int, evaluation: Evaluation) -> None:
    """One page of the gallery, with the image at ``index`` of the test set marked."""
    ladder = tags.known(evaluation)
    gallery.gallery(
        visible,
        evaluation.dataset.testing,
        inputs.theme(),
        key="errors_gallery",
        label="Test images that fit the filters",
        on_open=selection.open_image,
        chosen=index,
        marks=annotations.marks_of(evaluation.dataset),
        by=selection.number,
        unit=evaluation.unit,
        tags=tags.on_tiles(ladder, evaluation, visible),
        shown=OPENED,
        among=text.images.among(evaluation.is_sample),
    )
    tags.controls(ladder)


def chosen_row(wanted: int | None, visible: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """The row of the test image asked for; of the first one shown, where it has no prediction."""
    if wanted is None:
        return visible.iloc[0]
    if wanted in table["index"].to_numpy():
        return table.iloc[int(table["index"].searchsorted(wanted))]
    st.info(f"Of test image {wanted:,} there is no prediction; this is the first one shown.")
    return visible.iloc[0]


def chosen_image(
    row: pd.Series, selection: Selection, evaluation: Evaluation
) -> DeltaGenerator | None:
    """One test image: its picture, its facts, its distances, and a way to the ones beside it.

    Gives the place for `probability`.
    """
    index, palette = int(row["index"]), inputs.theme()
    _steps(index, selection)
    image = evaluation.dataset.testing.images[index]
    picture, facts = st.columns(2)
    stages = as_compared.after_each(image, evaluation)
    names = [f"after {name}" for name, _ in stages]
    pictures, alts = [image, *(after for _, after in stages)], [gallery.alt_text(row), *names]
    captions = ["as it is" if stages else "", *names]
    in_row = 1 if not stages else 2
    picture.html(image_grid.grid(pictures, captions, alts, palette, in_row))
    with facts:
        st.markdown(text.images.image(row, evaluation.classes, evaluation.share))
        place = st.empty()
        st.text(row["file"])
        tags.of_image(evaluation, index)
        shapes.of_image(evaluation, index)
    if evaluation.explains:
        st.markdown(explanation.reason(image, evaluation, row["predicted"], rival(row, evaluation)))
    if evaluation.scored:
        _distance_chart(row, evaluation, palette)
    annotations.mark_image(index, evaluation.dataset)
    if not evaluation.is_sample:  # that page needs all images
        _what_if(index)
    return place


def probability(place: DeltaGenerator | None, row: pd.Series, evaluation: Evaluation) -> None:
    """How often answers like this one are right; the first to ask waits, so it is drawn last."""
    trust = calibration.of_answer(evaluation, row["margin"], row["predicted"])
    if place is not None and trust is not None:
        place.markdown(text.prediction.probability(trust, row["predicted"]))


def _distance_chart(row: pd.Series, evaluation: Evaluation, palette: Palette) -> None:
    draw(
        charts.chart(
            distances.distance_bars,
            _distances(row, evaluation),
            evaluation.classes,
            row["predicted"],
            row["true"],
            distances.Role.TRUE,
            evaluation.unit,
            palette,
        ),
        alt=f"{evaluation.share.capitalize() or 'Distance'} of each "
        f"{class_noun(evaluation.classes)} for {gallery.alt_text(row)}",
    )


def _distances(row: pd.Series, evaluation: Evaluation) -> np.ndarray:
    return row[[f"distance to {name}" for name in evaluation.classes]].to_numpy(dtype=float)


def _steps(index: int, selection: Selection) -> None:
    """Buttons to the image before and the one after; to the first from one that does not fit."""
    order = selection.rows["index"].tolist()
    place = order.index(index) if index in order else -1
    steps = st.container(horizontal=True)
    steps.button(
        "Previous",
        icon=":material/arrow_back:",
        shortcut="Left",
        disabled=place < 1,
        on_click=selection.open_image,
        args=(order[max(place - 1, 0)],),
    )
    steps.button(
        "Next",
        icon=":material/arrow_forward:",
        shortcut="Right",
        disabled=place == len(order) - 1,
        on_click=selection.open_image,
        args=(order[min(place + 1, len(order) - 1)],),
    )


def _what_if(index: int) -> None:
    st.page_link(
        "../pages/classify.py",
        label="What if it were drawn a little differently?",
        icon=":material/draw:",
        query_params={
            "classify_from": "Data set",
            "classify_index": str(index),
            "classify_tab": "What if",
        },
    )


def reasons(row: pd.Series, evaluation: Evaluation) -> None:
    """Why the image got its answer and not another one, which can be chosen, in three tabs.

    Of answers without their model only what is like the image.
    """
    index, predicted, palette = int(row["index"]), row["predicted"], inputs.theme()
    image = evaluation.dataset.testing.images[index]
    if not evaluation.answers_others:
        st.subheader(f"What is like test image {index:,}?")
        with panel("Nearest training images"):
            explanation.neighbours(image, f"test {index}", evaluation, row["true"], palette)
        st.caption(text.images.answers_only(plain(name_of(evaluation))))
        return
    heading = st.container()
    other = _other(row, evaluation)
    heading.subheader(
        f"Why is test image {index:,} called {plain(predicted)} and not {plain(other)}?"
    )
    _in_tabs(row, other, evaluation, palette)


def _in_tabs(row: pd.Series, other: int | str, evaluation: Evaluation, palette: Palette) -> None:
    """The reasons the model has: exact ones, or those that any model can be asked for."""
    index, predicted = int(row["index"]), row["predicted"]
    image = evaluation.dataset.testing.images[index]
    names = REASONS if evaluation.explains else OF_ANY_MODEL
    url_state.restore(reason=names[0])
    url_state.reset_unless("reason", lambda name: name in names, names[0])
    pixels, change, near = st.tabs(names, key="reason", on_change="rerun", bind="query-params")
    url_state.remember("reason")
    if pixels.open:
        with pixels, panel(names[0]):
            if evaluation.explains:
                said_above = str(other) == rival(row, evaluation)
                explanation.why(image, evaluation, predicted, other, palette, say=not said_above)
            else:
                any_model.why(image, evaluation, other, palette, "errors")
    if change.open:
        with change, panel(names[1]):
            if evaluation.explains:
                explanation.flip(image, evaluation, predicted, other, palette)
            else:
                any_model.flip(image, evaluation, palette)
    if near.open:
        with near, panel(NEAR):
            explanation.neighbours(image, f"test {index}", evaluation, row["true"], palette)
            if not evaluation.explains:
                any_model.say_what_near_images_are(evaluation)


def rival(row: pd.Series, evaluation: Evaluation) -> str:
    """The true class, or that of the runner-up where the answer is right."""
    true, predicted = row["true"], row["predicted"]
    if true != predicted:
        return str(true)
    by_distance = evaluation.classes[_distances(row, evaluation).argsort(kind="stable")]
    return next(str(name) for name in by_distance if name != predicted)


def _other(row: pd.Series, evaluation: Evaluation) -> int | str:
    """The class to compare with: the chosen one, or else the rival."""
    predicted, nearest = row["predicted"], rival(row, evaluation)
    others = [str(name) for name in evaluation.classes if name != predicted]
    noun = class_noun(evaluation.classes)
    url_state.reset_unless("against", lambda name: name is None or name in others, None)
    now = st.session_state.get("against") or nearest
    label = f"Compare {plain(predicted)} with another {noun} (now {plain(now)})"
    against = inputs.one_of(label, others, "against", bind="query-params")
    return next(name for name in evaluation.classes if str(name) == (against or nearest))
