"""All models that are there for the same test images, and the offer to fit those that are not."""

import streamlit as st

from dashboard.services import evaluations
from dashboard.session import viewer_models
from dashboard.views import loading
from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import Evaluation
from engine.models.registry import MODELS


def judged(evaluation: Evaluation) -> dict[str, Evaluation]:
    """By name every model that needs no waiting and the viewer's own, on these test images.

    Where a model is not fitted yet, a button above offers to fit it.
    """
    dataset = evaluation.dataset
    waiting = [name for name in MODELS if not evaluations.ready(dataset, name)]
    if waiting:
        _offer_to_fit(dataset, waiting)
    ready = [name for name in MODELS if name not in waiting]
    every = {name: evaluations.evaluation(dataset, name) for name in ready}
    every |= viewer_models.own_evaluations(dataset)
    if not evaluation.is_partial:
        return every
    some = {name: one.on(evaluation.table["index"]) for name, one in every.items()}
    return {name: one for name, one in some.items() if one.n_images}


def _offer_to_fit(dataset: Dataset, waiting: list[str]) -> None:
    st.markdown(f"Not fitted on these data yet: {', '.join(waiting)}.")
    if st.button("Fit them now", key="compare_fit"):
        for name in waiting:
            loading.fitted(dataset, name)
        st.rerun()
