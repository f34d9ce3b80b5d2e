"""One cure: its templates before and after, what it fixes and breaks, and how to take it."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.charting.palette import Palette
from dashboard.components import gallery
from dashboard.session import url_state, viewer_models
from dashboard.widgets import clicks, filters, image_grid
from dashboard.widgets.panel import panel
from engine.evaluation.comparison import Change
from engine.evaluation.cure_ladder import Ladder, Rung, templates_of
from engine.evaluation.evaluation import Evaluation

PER_PAGE = 18
SHOWN = ("fixed", "broken")
TEMPLATES_SHOWN = 200  # pictures side by side


def show(ladder: Ladder, evaluation: Evaluation, palette: Palette) -> None:
    """The cure chosen in the list or in the ladder."""
    rung = _chosen(ladder)
    with panel("One cure"):
        st.markdown(text.cures.one(rung))
        after = ladder.recipe.plus(rung.cure)
        st.button(
            f"Take it: choose {after.name} in the sidebar",
            icon=":material/add:",
            key="take_cure",
            on_click=viewer_models.take,
            args=(after.name,),
        )
    with panel("Its templates"):
        _templates(rung, evaluation, palette)
    with panel("The images"):
        changed(rung, ladder.before, evaluation, palette)


def _chosen(ladder: Ladder) -> Rung:
    names = [rung.cure for rung in ladder.rungs]
    url_state.restore(cure=names[0])
    url_state.reset_unless("cure", lambda name: name in names, names[0])
    name = st.selectbox("Cure", names, key="cure", bind="query-params", width=340)
    url_state.remember("cure")
    clicks.renewed("ladder", (name,))
    return ladder.rungs[names.index(name)]


def _templates(rung: Rung, evaluation: Evaluation, palette: Palette) -> None:
    """Those of the model in hand above those with the cure, unless they are the same."""
    before, _ = of_before = templates_of(evaluation.classifier, evaluation.dataset.size)
    after, _ = of_after = rung.templates, rung.of
    if before.shape == after.shape and np.allclose(before, after, atol=1e-5):
        same = "The templates stay as they are; images are compared with them in another way."
        _grid(same, *of_after, palette)
        return
    _grid("Before", *of_before, palette)
    _grid(f"With {rung.cure}", *of_after, palette)


def _grid(title: str, templates: np.ndarray, names: np.ndarray, palette: Palette) -> None:
    few, ink = templates[:TEMPLATES_SHOWN], templates.max() or 1
    more = (
        f", the first {TEMPLATES_SHOWN} of {len(templates):,}" if len(templates) > len(few) else ""
    )
    st.caption(f"{title}{more}")
    captions = [str(name) for name in names[:TEMPLATES_SHOWN]]
    alts = [f"{title}, template of {name}" for name in captions]
    pictures = image_grid.grid(np.clip(few / ink, 0, 1), captions, alts, palette, least_px=44)
    st.html(image_grid.framed(pictures, len(few), f"Templates: {title}"))


def changed(rung: Rung, before: np.ndarray, evaluation: Evaluation, palette: Palette) -> None:
    """What it fixes, with the wrong answer of before, or what it breaks, with its own."""
    which = st.segmented_control(
        "Images that are", SHOWN, default=SHOWN[0], required=True, key="cure_show",
    )  # fmt: skip
    changed = rung.right & ~before if which == Change.FIXED else before & ~rung.right
    rows = evaluation.table[changed]
    if rows.empty:
        st.info(f"No test image is {which}.")
        return
    if which == Change.BROKEN:
        rows = rows.assign(predicted=rung.answers[changed], right=False)
    st.caption(
        f"{min(PER_PAGE, len(rows))} of {len(rows):,}, with the margin before the change, the "
        "clearest first. Click an image for its reasons."
    )
    shown = rows.sort_values("margin", ascending=False, kind="stable")[:PER_PAGE]
    _gallery(shown, evaluation, palette, "cure_gallery", f"Test images that are {which}")


def left(ladder: Ladder, evaluation: Evaluation, palette: Palette) -> None:
    """The errors that no cure makes right: the hard ones."""
    rows = evaluation.table[ladder.left]
    if rows.empty:
        st.markdown("Every error becomes right under at least one of them.")
        return
    shown = rows.sort_values("gap", ascending=False, kind="stable")[:PER_PAGE]
    st.caption(f"{len(shown)} of {len(rows):,}, the farthest from the truth first.")
    _gallery(shown, evaluation, palette, "left_gallery", "Errors that no cure makes right", "gap")


def _gallery(
    rows: pd.DataFrame,
    evaluation: Evaluation,
    palette: Palette,
    key: str,
    label: str,
    by: str = "margin",
) -> None:
    model = viewer_models.name_of(evaluation)
    gallery.gallery(
        rows,
        evaluation.dataset.testing,
        palette,
        key=key,
        label=label,
        on_open=lambda index: filters.open_image(index, model=model),
        by=by,
        unit=evaluation.unit,
    )
