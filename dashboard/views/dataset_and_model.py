"""What every page does first: choose a dataset and a model in the sidebar, and load them."""

import streamlit as st

from dashboard import text
from dashboard.services import datasets, evaluations
from dashboard.session import keys, label_decisions, own_models, uploads, url_state
from dashboard.session.viewer_models import model_names, name_of
from dashboard.text import numbers
from dashboard.text.markdown import plain
from dashboard.views import loading
from dashboard.widgets import link_notice
from dashboard.widgets.panel import Finished, browser
from engine.evaluation.evaluation import Evaluation
from engine.models.registry import MODELS
from engine.runtime.turns import WHOSE

EMBEDDED = "Embedded"
DATA = ("MNIST", EMBEDDED)  # as on the screen, so in the link
DATA_HELP = "MNIST: 70,000 images of 28×28 pixels. Embedded: scikit-learn's 1,797 of 8×8."
MODEL_HELP = "\n".join(f"- **{name}**: {model.label}" for name, model in MODELS.items())


def open_evaluation() -> Evaluation:
    """The data and model chosen in the sidebar, loaded, fitted and judged.

    Draws a progress bar while MNIST is decoded, and a notice when the embedded digits stand in.
    """
    uploads.release()
    own_models.settle()
    WHOSE.set(browser())
    asked = link_notice.asked_for("data", "model")
    url_state.restore(data=DATA[0], model=next(iter(MODELS)))
    with st.sidebar:
        sets = [*DATA, *datasets.named_data(), *uploads.data()]
        url_state.reset_unless("data", lambda name: name in sets, sets[0])
        data = st.selectbox("Data", sets, key="data", bind="query-params", help=DATA_HELP)
        names = model_names()
        url_state.reset_unless("model", lambda name: name in names, names[0])
        model = st.selectbox("Model", names, key="model", bind="query-params", help=MODEL_HELP)
    url_state.remember("data", "model")
    taken = {"data": data, "model": model}
    asked = link_notice.without_private(asked, taken)
    link_notice.say_what_was_ignored(asked, taken)
    evaluation = loading.named_evaluation(loading.dataset(data), model)
    _say_what_is_shown(evaluation, data, model)
    return evaluation


def _say_what_is_shown(evaluation: Evaluation, data: str, model: str) -> None:
    """In the sidebar, where that is not what is chosen there; and once, after a removal."""
    stands_in = data != EMBEDDED and datasets.is_embedded(evaluation.dataset)
    shown_data, shown_model = EMBEDDED if stands_in else data, name_of(evaluation)
    st.session_state[keys.DATA_SHOWN] = shown_data
    st.session_state[keys.STANDS_IN] = data if stands_in else None
    with st.sidebar:
        if stands_in:
            st.caption(f"Shown are the data {EMBEDDED}: {plain(data)} is not loaded.")
        if shown_model != model:
            st.caption(f"Shown is the model {plain(shown_model)}, not {plain(model)}.")
        _say_whose_labels(evaluation, shown_data)
        if evaluation.is_sample:
            st.caption(text.dataset.sample(evaluation.n_images, len(evaluation.table)))
    if (gone := st.session_state.pop(keys.REMOVED, None)) not in (None, data, model):
        st.info(f"{plain(gone)} is removed. This is {plain(shown_data)}, {plain(shown_model)}.")


def _say_whose_labels(evaluation: Evaluation, data: str) -> None:
    """Whether the figures go by labels as given or as reviewed, once anything was decided."""
    decided = len(label_decisions.of(evaluation.dataset))
    if (reviewed := st.session_state.get(keys.REVIEWS, {}).get(data)) is not None:
        st.caption(f"By the labels as reviewed: {reviewed}.")
    elif decided:
        made = numbers.count(decided, "decision")
        st.caption(f"By the labels as given: your {made} on the page Labels wait to be applied.")


def open_whole_evaluation() -> Evaluation:
    """`open_evaluation`, for pages that need all images.

    Where there are more than fit into memory it says so, offers those that were drawn at random,
    and raises Finished.
    """
    evaluation = open_evaluation()
    if not evaluation.is_sample:
        return evaluation
    st.info(text.dataset.needs_all(evaluation.n_images))
    drawn = numbers.count(len(evaluation.dataset.drawn.testing), "test image")
    st.button(
        f"Open {drawn} drawn at random",
        key="open_drawn",
        icon=":material/casino:",
        on_click=url_state.reset,
        kwargs={"data": datasets.drawn_name(st.session_state["data"])},
    )
    raise Finished


def open_evaluation_for_others() -> Evaluation:
    """`open_whole_evaluation`, or the first model where the chosen one answers no new images."""
    evaluation = open_whole_evaluation()
    if evaluation.answers_others:
        return evaluation
    st.info(
        f"Of {plain(name_of(evaluation))} only the answers to the test images are here; "
        "these are the mean templates."
    )
    return evaluations.evaluation(evaluation.dataset, next(iter(MODELS)))
