"""On the errors page: what would make an error right, as a filter and under the image."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.services import cures
from dashboard.session import url_state, viewer_models
from dashboard.text.markdown import as_text
from dashboard.widgets import inputs
from dashboard.widgets.filters import CURED
from dashboard.widgets.progress import watched
from engine.cures.catalogue import CURES
from engine.cures.recipe import recipe_named
from engine.evaluation.cure_ladder import Ladder
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.filters import ANY
from engine.report.errors import Cures


def known(evaluation: Evaluation) -> Ladder | None:
    """The ladder from this model, if it stands; climbed first when the link asks for a cure."""
    recipe = recipe_named(viewer_models.name_of(evaluation))
    if recipe is None or evaluation.is_sample:
        return None
    asked = st.session_state.get(CURED, st.query_params.get(CURED, ANY))
    if asked in (text.cures.NONE, *CURES):
        return watched(cures.climbed(evaluation, recipe).task)
    return cures.known(evaluation, recipe)


def choose(evaluation: Evaluation) -> np.ndarray | None:
    """Which images of the table a cure was chosen for, (n,) bool; None while any will do."""
    ladder = known(evaluation)
    if ladder is None or not ladder.causes:
        url_state.reset(**{CURED: ANY})
        return None
    right = {rung.cure: rung.right & ~ladder.before for rung in ladder.causes}
    right[text.cures.NONE] = ~ladder.before & ~np.any(list(right.values()), axis=0)
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


def on_tiles(
    ladder: Ladder | None, evaluation: Evaluation, rows: pd.DataFrame
) -> dict[int, list[str]]:
    """By the index of each error among ``rows``, which causes would make it right, in short."""
    if ladder is None or not ladder.causes:
        return {}
    wrong = rows.loc[~rows["right"], "index"]
    return {index: text.cures.tag_names(ladder, _place(evaluation, index)) for index in wrong}


def controls(ladder: Ladder | None) -> None:
    """What the tags mean, and the share of errors of each beside what it breaks."""
    if ladder is None or not ladder.causes:
        return
    st.caption(text.cures.WHAT_TAGS_SAY)
    with st.expander(text.cures.CONTROLS, key="cure_controls", on_change="rerun") as below:
        if below.open:
            table = text.cures.causes(ladder)
            inputs.table(table, text.cures.CONTROLS, text.cures.CAUSE_RATES, height="content")


def with_columns(ladder: Ladder | None, evaluation: Evaluation, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with a column a cause: whether its model gets the image right."""
    if ladder is None:
        return rows
    places = evaluation.table["index"].searchsorted(rows["index"])
    columns = {f"right {text.cures.short(r)}": r.right[places] for r in ladder.causes}
    return rows.assign(**columns)


def for_report(ladder: Ladder | None, evaluation: Evaluation, rows: pd.DataFrame) -> Cures:
    """The tags of the rows, and of each cause what it makes right and, as a control, breaks."""
    causes = ladder.causes if ladder is not None else []
    said = [as_text(text.cures.cause(rung)) for rung in causes]
    return Cures(on_tiles(ladder, evaluation, rows), said)


def of_image(evaluation: Evaluation, index: int) -> None:
    """Under an image that is wrong: which cures would make it right."""
    ladder = known(evaluation)
    if ladder is None:
        return
    if said := text.cures.tags(ladder, _place(evaluation, index)):
        st.caption(said)


def _place(evaluation: Evaluation, index: int) -> int:
    return int(evaluation.table["index"].searchsorted(index))
