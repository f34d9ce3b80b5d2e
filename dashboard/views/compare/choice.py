"""What is compared: the model in the sidebar, a second one, and the images of the filters."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.session import url_state, viewer_models
from dashboard.text import numbers
from dashboard.text.markdown import plain
from dashboard.views import loading
from dashboard.views.slices import rule
from dashboard.widgets import filters
from dashboard.widgets.panel import Finished
from engine.datasets.dataset import Dataset, class_noun
from engine.evaluation import comparison
from engine.evaluation.comparison import CHANGES, Paired
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.filters import Filters

BOOK = ("L1 mean", "L2 mean")  # the first pair of models to look at
DEFAULTS = {"compare_show": CHANGES[0], "compare_page": 1}
IN_LINK = ("compare_to", *DEFAULTS, *filters.ALL_NAMES, filters.COMPARED, filters.SLICE)


@dataclass(frozen=True, eq=False)
class Compared:
    """Two models by name, and the rows of `comparison.compare` that the filters chose.

    ``counted`` are the same rows, or of a large dataset those of `comparison.compare_counts`.
    """

    before: Evaluation
    after: Evaluation
    first: str
    second: str
    rows: pd.DataFrame
    chosen: Filters
    slice: rule.Chosen | None
    counted: pd.DataFrame

    @property
    def dataset(self) -> Dataset:
        """The data that both were judged on."""
        return self.before.dataset

    @property
    def said(self) -> str:
        """A sentence on the slice, or ''."""
        return self.slice.said if self.slice is not None else ""

    @property
    def paired(self) -> Paired:
        """The four counts of the images chosen; with an empty choice all are 0."""
        return Paired.of(self.counted)


def choose(before: Evaluation) -> Compared:
    """The second model and the images, held in the link."""
    first = viewer_models.name_of(before)
    url_state.restore(**DEFAULTS, **{filters.SLICE: ""})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = _second_model(first, before.dataset)
    after = loading.named_evaluation(before.dataset, wanted)
    second = viewer_models.name_of(after)
    if before.is_partial or after.is_partial:
        before, after = _in_common(before, after)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = filters.filters(before, filters.COMPARED, "all")
        st.button("Clear filters", key="compare_clear", on_click=filters.clear, type="tertiary")
        slice_ = None if before.is_sample else rule.choose(before)
    url_state.remember("compare_to", *DEFAULTS)
    mask = chosen.mask(before.table)
    if slice_ is not None:
        mask &= slice_.mask
    rows = comparison.compare(before, after)[mask]
    counted = _counted(before, first, second, chosen) if before.is_sample else rows
    return Compared(before, after, first, second, rows, chosen, slice_, counted)


def _counted(before: Evaluation, first: str, second: str, chosen: Filters) -> pd.DataFrame:
    """The rows of `comparison.compare_counts` that the filters choose by the first answers."""
    both = before.dataset.both(first, second)
    counted = comparison.compare_counts(both, before.classes)
    as_before = counted.assign(
        predicted=counted["was"], right=counted["right before"], margin=np.nan
    )
    return counted[chosen.mask(as_before)]


def _in_common(before: Evaluation, after: Evaluation) -> tuple[Evaluation, Evaluation]:
    """Both on the images that both have judged. Raises Finished where there is none."""
    before, after = before.on(after.table["index"]), after.on(before.table["index"])
    if before.table.empty:
        st.info("The two have no test image in common, so there is nothing to compare.")
        raise Finished
    st.caption(f"Compared are the images that both have judged: {numbers.judged_on(before)}.")
    return before, after


def _second_model(first: str, dataset: Dataset) -> str:
    """Any model of these data but the ``first``."""
    others = [name for name in viewer_models.names_on(dataset) if name != first]
    default = next(name for name in reversed(BOOK) if name != first)
    url_state.restore(compare_to=default)
    url_state.reset_unless("compare_to", lambda name: name in others, default)
    return st.selectbox(
        f"{plain(first)} (the model in the sidebar) against",
        others,
        index=others.index(default),
        key="compare_to",
        bind="query-params",
        width=340,
    )


def result(shown: Compared) -> None:
    """How many each model gets right, whether that is chance, and of which images."""
    first, second = plain(shown.first), plain(shown.second)
    n_rows, n_images = shown.paired.images, shown.before.n_images
    if n_rows < n_images:
        noun = class_noun(shown.before.classes)
        some = text.images.selection(n_rows, n_images, shown.chosen, noun)
        st.caption(f"By the answers of {first} only these are compared: {some} {shown.said}")
    if few := text.dataset.here(len(shown.rows), n_rows):
        st.caption(few)
    st.markdown(text.comparison.paired(shown.paired, first, second, shown.chosen.by_answer))
