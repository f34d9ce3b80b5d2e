"""Datasets and models by name: waited for, and what stands in for one that is not to be had."""

import datetime

import streamlit as st

from dashboard.services import datasets, evaluations
from dashboard.session import keys, uploads, url_state
from dashboard.session.server_models import listed, model_named
from dashboard.session.viewer_models import own_evaluations
from dashboard.text import numbers
from dashboard.text.markdown import plain
from dashboard.widgets.progress import watched
from engine.cures.recipe import recipe_named
from engine.datasets.dataset import Dataset
from engine.datasets.server_datasets import why_unread
from engine.evaluation.evaluation import Evaluation
from engine.models.registry import MODELS
from engine.runtime.background_task import BackgroundTask
from engine.runtime.errors import Explained
from engine.runtime.limits import MAX_NAMED_LINES, PATIENCE_S
from engine.runtime.progress import Phase

MNIST_BY_HAND = (
    "Whoever runs the server can put the folder `mnist_png` into `~/.fastai/data` (with "
    "FASTAI_HOME into its `data`) and try again, or start it with the address of a mirror in "
    "`DIGITSCOPE_MNIST_URL`."
)


def dataset(name: str) -> Dataset:
    """The dataset of that name, with a notice of files it could not use.

    The embedded digits stand in for one that cannot be had, and a sentence says why.
    """
    found = _dataset_or_stand_in(name)
    _say_what_was_skipped(found)
    return found


def _dataset_or_stand_in(data: str) -> Dataset:
    if data in uploads.data():
        return uploads.data()[data]
    if data in datasets.named_data():
        attempt = datasets.server_data(data)
        if watched(attempt) is not None:
            return datasets.chosen(data, attempt.result)
        _say_why_not_read(data, attempt.error)
    return _mnist_or_stand_in() if data == "MNIST" else _embedded()


def _mnist_or_stand_in() -> Dataset:
    attempt = datasets.mnist()
    if watched(attempt, PATIENCE_S) is not None:
        return attempt.result
    _say_why_not_mnist(attempt)
    return _embedded()


def _embedded() -> Dataset:
    """The embedded digits; the first visitor of a server sees that they are being loaded."""
    with st.spinner("Loading the embedded digits"):
        return datasets.embedded()


def _say_why_not_read(data: str, error: Exception) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        why = plain(f"{data} could not be read: {why_unread(error)}")
        st.error(f"These are the embedded digits, because {why}", width="stretch")
        st.button("Read it again", key="data_again", on_click=datasets.load_again, args=(data,))
    offer_other_ways(data)


def offer_other_ways(data: str) -> None:
    """A button for each other way in which a dataset that the server names can be read."""
    ways = datasets.other_ways(data)
    if not ways:
        return
    st.info(f"{plain(data)} can be read in other ways, too. Look at the images: is this right?")
    with st.container(horizontal=True):
        for place, (way, name) in enumerate(ways.items()):
            st.button(
                f"Read it {plain(way)}",
                key=f"data_way_{place}",
                on_click=url_state.reset,
                kwargs={"data": name},
            )


def _say_why_not_mnist(attempt: BackgroundTask[Dataset]) -> None:
    stand_in = "These are scikit-learn's embedded 8×8 digits, because MNIST"
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        if attempt.error is None:
            st.fragment(_on_its_way, run_every=2.0)(attempt, stand_in)
        else:
            why = plain(str(attempt.error))
            tried = st.session_state.get(keys.TRIED_AT)
            again = f" Tried again at {tried}, with this outcome." if tried else ""
            st.markdown(
                f"{stand_in} could not be loaded: {why}.{again}  \n{MNIST_BY_HAND}", width="stretch"
            )
            st.button("Try MNIST again", key="mnist_again", on_click=_try_mnist_again)


def _on_its_way(attempt: BackgroundTask[Dataset], stand_in: str) -> None:
    """How much of MNIST is here; the page goes on to it by itself once all of it has come."""
    decoding = attempt.report.step == Phase.DECODING
    st.markdown(f"{stand_in} is still on its way: {numbers.arrived(attempt.report)}.")
    asked = st.button("Look again", key="mnist_look_again")
    if asked or decoding or attempt.finished():
        st.rerun()


def _try_mnist_again() -> None:
    datasets.load_again("MNIST")
    st.session_state[keys.TRIED_AT] = f"{datetime.datetime.now(datetime.UTC):%H:%M:%S} UTC"


def _say_what_was_skipped(dataset: Dataset) -> None:
    if dataset.skipped:
        files = numbers.count(len(dataset.skipped), "file")
        with st.expander(f"Not used of this data set: {files}", icon="⚠️"):
            more = len(dataset.skipped) - MAX_NAMED_LINES
            last = [f"… and {more:,} more"] if more > 0 else []
            st.code("\n".join([*map(str, dataset.skipped[:MAX_NAMED_LINES]), *last]), language=None)


def named_evaluation(dataset: Dataset, name: str) -> Evaluation:
    """The model of that name on these data; the first of the table when there is no such thing."""
    mine = own_evaluations(dataset).get(name)
    if mine is not None:
        _warn(mine, name)
        if mine.is_partial:
            st.caption(f"{plain(name)} is {numbers.judged_on(mine)}; the others are in no figure.")
        return mine
    first = next(iter(MODELS))
    if name in own_evaluations():
        st.info(f"{plain(name)} belongs to other data; these are the mean templates.")
    if dataset.is_sample:
        return _on_sample(dataset, name)
    known = name in listed() or recipe_named(name) is not None
    made = fitted(dataset, name if known else first)
    if made is not None:
        _warn(made, name)
    return made or fitted(dataset, first)


def _warn(evaluation: Evaluation, name: str) -> None:
    """What is odd about the answers of a model that was brought."""
    for sentence in getattr(evaluation.classifier, "warnings", ()):
        st.warning(f"{plain(name)}: {plain(sentence)}")


def _on_sample(dataset: Dataset, name: str) -> Evaluation:
    """The model of that name where it was judged on all images; the first that was elsewhere."""
    names = evaluations.names_of(dataset)
    if name not in names:
        st.info(
            f"{plain(name)} needs all images of {plain(dataset.name)} in memory at once; these are "
            "the mean templates."
        )
    return evaluations.evaluation(dataset, name if name in names else names[0])


def fitted(dataset: Dataset, model: str) -> Evaluation | None:
    """A model of the table on these data; a slow one with its progress, None if it failed."""
    if not model_named(model).slow:
        with st.spinner(f"Fitting {model_named(model).label}", show_time=True):
            return evaluations.evaluation(dataset, model)
    attempt = evaluations.fitting(dataset, model)
    watched(attempt)
    if attempt.error is not None:
        _say_why_not_fitted(dataset, model, attempt.error)
    return attempt.result


def _say_why_not_fitted(dataset: Dataset, model: str, error: Exception) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        said = f"{model_named(model).label} could not be fitted; the reason is in the server's log."
        if isinstance(error, Explained):
            said = f"{model_named(model).label}: {error}"
        st.markdown(f"{plain(said)} These are the mean templates.", width="stretch")
        st.button(
            "Try again", key=f"fit_{model}", on_click=evaluations.fit_again, args=(dataset, model)
        )
