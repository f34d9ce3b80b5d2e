"""One slice: how often answers in it are right, some of its images, and what the cures do to it."""

import pandas as pd
import streamlit as st

from dashboard.charting.palette import Palette
from dashboard.components import gallery
from dashboard.services import cures
from dashboard.session import viewer_models
from dashboard.text import cures as cure_words
from dashboard.text.slices.rules import RATES
from dashboard.views.slices.rule import Chosen
from dashboard.widgets import filters, inputs
from dashboard.widgets.panel import panel
from dashboard.widgets.progress import watched
from dashboard.widgets.ways import way
from engine.cures.recipe import recipe_named
from engine.evaluation.cure_ladder import Ladder
from engine.evaluation.evaluation import Evaluation
from engine.shapes.groups import Group
from engine.slices.along import rates

PER_PAGE = 18


def show(chosen: Chosen, evaluation: Evaluation, palette: Palette) -> None:
    """The figures in a sentence, the ways to its images, the images, and the cures."""
    st.markdown(chosen.said)
    if not chosen.mask.any():
        return
    _ways(chosen)
    with panel("The images of the slice"):
        _images(chosen, evaluation, palette)
    with panel("What the cures do to it"):
        _cures(chosen, evaluation)


def _ways(chosen: Chosen) -> None:
    """To the pages that show the images of the slice alone."""
    written = {filters.SLICE: str(chosen.rule)}
    ways = {
        "Its errors": ("errors", filters.only(**written)),
        "Compare two models on it": ("compare", filters.only(subset="all", **written)),
    }
    with st.container(horizontal=True):
        for label, (page, choices) in ways.items():
            way(label, page, **choices)


def _images(chosen: Chosen, evaluation: Evaluation, palette: Palette) -> None:
    rows = evaluation.table[chosen.mask]
    few = rows.sample(min(PER_PAGE, len(rows)), random_state=0)
    st.caption(f"{len(few)} of {len(rows):,}, drawn at random. Click an image for its reasons.")
    model = viewer_models.name_of(evaluation)
    gallery.gallery(
        few,
        evaluation.dataset.testing,
        palette,
        key="slice_gallery",
        label="Test images of the slice",
        on_open=lambda index: filters.open_image(index, model=model),
        unit=evaluation.unit,
    )


def _cures(chosen: Chosen, evaluation: Evaluation) -> None:
    """The rate in the slice under each cure; the ladder is climbed when that is asked for."""
    recipe = recipe_named(viewer_models.name_of(evaluation))
    if recipe is None or evaluation.is_partial:
        return
    ladder = cures.known(evaluation, recipe)
    if ladder is None:
        label = "What would the cures do to it?"
        if not st.button(label, key="slice_cures", icon=":material/healing:"):
            return
        ladder = watched(cures.climbed(evaluation, recipe).task)
    if ladder is None or not ladder.rungs:
        st.info("The cures could not be tried; the reason is in the server's log.")
        return
    inputs.table(
        _under(chosen, ladder),
        "Right answers in the slice under each cure",
        (*RATES, "right in all"),
        height="content",
    )


def _under(chosen: Chosen, ladder: Ladder) -> pd.DataFrame:
    """A row for the model in hand and for each cure, the one that helps the slice most first."""
    slice_ = Group(0, 0, chosen.mask)
    right = {"as it is": ladder.before}
    right |= {cure_words.short(rung): rung.right for rung in ladder.rungs}
    rows = [
        rates([slice_], answers).assign(cure=name, **{"right in all": answers.mean()})
        for name, answers in right.items()
    ]
    table = pd.concat([rows[0], pd.concat(rows[1:]).sort_values("rate", ascending=False)])
    shown = table[["cure", "rate", "low", "high", "right in all"]].reset_index(drop=True)
    return shown.rename(columns=dict(zip(("rate", "low", "high"), RATES, strict=True)))
