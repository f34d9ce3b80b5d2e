"""On the errors page: what would make an error right, as a filter and under the image."""

import numpy as np
import streamlit as st

from dashboard import text
from dashboard.services import cures
from dashboard.session import url_state, viewer_models
from dashboard.widgets.filters import CURED
from dashboard.widgets.progress import watched
from engine.cures.catalogue import CURES
from engine.cures.recipe import recipe_named
from engine.evaluation.cure_ladder import Ladder
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.filters import ANY

NONE = "none of these"


def known(evaluation: Evaluation) -> Ladder | None:
    """The ladder from this model, if it stands; climbed first when the link asks for a cure."""
    recipe = recipe_named(viewer_models.name_of(evaluation))
    if recipe is None:
        return None
    asked = st.session_state.get(CURED, st.query_params.get(CURED, ANY))
    if asked in (NONE, *CURES):
        return watched(cures.climbed(evaluation, recipe).task)
    return cures.known(evaluation, recipe)


def choose(evaluation: Evaluation) -> np.ndarray | None:
    """Which images of the table a cure was chosen for, (n,) bool; None while any will do."""
    ladder = known(evaluation)
    if ladder is None or not ladder.causes:
        url_state.reset(**{CURED: ANY})
        return None
    right = {rung.cure: rung.right & ~ladder.before for rung in ladder.causes}
    right[NONE] = ~ladder.before & ~np.any(list(right.values()), axis=0)
    names = [ANY, *right]
    url_state.reset_unless(CURED, lambda name: name in names, ANY)
    chosen = st.selectbox(
        "Right with the cure", names, key=CURED, bind="query-params", width=190,
        help=text.cures.WHICH_ARE_OFFERED,
    )  # fmt: skip
    return None if chosen == ANY else right[chosen]


def say(evaluation: Evaluation) -> None:
    """The figures of the cure that is chosen, with its control."""
    ladder = known(evaluation)
    for rung in ladder.causes if ladder is not None else ():
        if rung.cure == st.session_state.get(CURED):
            st.caption(text.cures.cause(rung))


def of_image(evaluation: Evaluation, index: int) -> None:
    """Under an image that is wrong: which cures would make it right."""
    ladder = known(evaluation)
    if ladder is None:
        return
    place = int(evaluation.table["index"].searchsorted(index))
    if said := text.cures.tags(ladder, place):
        st.caption(said)
