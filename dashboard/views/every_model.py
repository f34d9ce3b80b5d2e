"""All models that are there for the same test images, and the offer to fit those that are not."""

import streamlit as st

from dashboard.services import evaluations
from dashboard.session import viewer_models
from dashboard.views import loading
from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import Evaluation


def judged(shown: Evaluation, name: str) -> dict[str, Evaluation]:
    """By name every model that needs no waiting, the viewer's own and the one ``shown``, ``name``.

    All on the test images of that one. Where a model is not fitted yet, a button above offers to
    fit it.
    """
    dataset, own = shown.dataset, viewer_models.own_evaluations(shown.dataset)
    fitted = [one for one in viewer_models.names_on(dataset) if one not in (name, *own)]
    waiting = [one for one in fitted if not evaluations.ready(dataset, one)]
    if waiting:
        _offer_to_fit(dataset, waiting)
    ready = [one for one in fitted if one not in waiting]
    every = {one: evaluations.evaluation(dataset, one) for one in ready} | own
    if shown.is_partial:
        every = {one: made.on(shown.table["index"]) for one, made in every.items()}
    return {one: made for one, made in every.items() if made.n_images} | {name: shown}


def _offer_to_fit(dataset: Dataset, waiting: list[str]) -> None:
    st.markdown(f"Not fitted on these data yet: {', '.join(waiting)}.")
    if st.button("Fit them now", key="compare_fit"):
        for name in waiting:
            loading.fitted(dataset, name)
        st.rerun()
