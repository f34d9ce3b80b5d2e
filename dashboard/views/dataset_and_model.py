"""What every page does first: choose data and model, wait for them, and say what was found."""

import math
import time

import streamlit as st

from dashboard.services import datasets, evaluations
from dashboard.session import uploads, url_state
from dashboard.text import numbers
from dashboard.text.markdown import plain
from dashboard.widgets import filters
from engine.datasets.dataset import Dataset
from engine.datasets.server_datasets import why_unread
from engine.evaluation.evaluation import Evaluation
from engine.models.registry import MODELS
from engine.runtime.background_task import BackgroundTask
from engine.runtime.limits import MAX_NAMED_LINES, PATIENCE_S
from engine.runtime.progress import Phase

DATA = ("MNIST", "Embedded")  # as on the screen, so in the link
DATA_HELP = "MNIST: 70,000 images of 28×28 pixels. Embedded: scikit-learn's 1,797 of 8×8."
MODEL_HELP = "\n".join(f"- **{name}**: {model.label}" for name, model in MODELS.items())
OWN = uploads.my("templates")  # what this viewer trained, if anything


def open_evaluation() -> Evaluation:
    """The data and model chosen in the sidebar, loaded, fitted and judged.

    Draws a progress bar while MNIST is decoded, and a notice when the embedded digits stand in.
    """
    uploads.release()
    asked = asked_for("data", "model")
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
    filters.say_what_was_ignored(_without_anothers(asked, taken), taken)
    dataset = _digits(data)
    _say_what_was_skipped(dataset)
    return named_evaluation(dataset, model)


def _without_anothers(asked: dict[str, str], taken: dict[str, str]) -> dict[str, str]:
    """``asked`` without what a viewer had brought, which a link cannot carry; says that it stays.

    ``taken`` is what is shown in its place.
    """
    gone = {n for n, held in taken.items() if asked.get(n, held) != held}
    gone = {name for name in gone if uploads.is_private(asked[name])}
    for name in sorted(gone):
        st.caption(
            f"{plain(asked[name][:60])} is not here: what a viewer brings or trains stays in "
            f"that visit. This is {plain(taken[name])}."
        )
    return {name: value for name, value in asked.items() if name not in gone}


def _digits(data: str) -> Dataset:
    """The dataset of that name; the embedded digits stand in for one that cannot be had."""
    if data in uploads.data():
        return uploads.data()[data]
    if data in datasets.named_data():
        attempt = datasets.server_data(data)
        if watched(attempt) is not None:
            return attempt.result
        _say_why_not_read(data, attempt.error)
    return _mnist_or_stand_in() if data == "MNIST" else datasets.embedded()


def _say_why_not_read(data: str, error: Exception) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        why = plain(f"{data} could not be read: {why_unread(error)}")
        st.error(f"These are the embedded digits, because {why}", width="stretch")
        st.button("Read it again", key="data_again", on_click=datasets.load_again, args=(data,))


def open_evaluation_for_others() -> Evaluation:
    """`open_evaluation`, or the first model where the chosen one cannot answer new images."""
    evaluation = open_evaluation()
    if evaluation.answers_others:
        return evaluation
    st.info(
        f"Of {plain(evaluation.model.label)} only the answers to the test images are here; "
        "these are the mean templates."
    )
    return evaluations.evaluation(evaluation.dataset, next(iter(MODELS)))


def own_evaluations(dataset: Dataset | None = None) -> dict[str, Evaluation]:
    """This viewer's own models by name: what was trained here, and predictions brought along.

    With ``dataset`` those of these data only.
    """
    trained = st.session_state.get(uploads.TRAINED)
    every = ({OWN: trained} if trained else {}) | uploads.models()
    return {n: s for n, s in every.items() if dataset is None or s.dataset.key == dataset.key}


def name_of(evaluation: Evaluation) -> str:
    """The name of its model in the list, also where it stands in for another that was chosen."""
    named = [name for name, one in own_evaluations().items() if one is evaluation]
    return (
        named[0] if named else next(n for n, model in MODELS.items() if model is evaluation.model)
    )


def model_names() -> list[str]:
    """The models this viewer can choose, those of the table first."""
    return [*MODELS, *own_evaluations()]


def named_evaluation(dataset: Dataset, name: str) -> Evaluation:
    """The model of that name on these data; the first of the table when there is no such thing."""
    mine = own_evaluations(dataset).get(name)
    if mine is not None:
        for sentence in getattr(mine.classifier, "warnings", ()):
            st.warning(f"{plain(name)}: {plain(sentence)}")
        if mine.is_partial:
            st.caption(f"{plain(name)} is {numbers.judged_on(mine)}; the others are in no figure.")
        return mine
    first = next(iter(MODELS))
    if name in own_evaluations():
        st.info(f"{plain(name)} belongs to other data; these are the mean templates.")
    return fitted(dataset, name if name in MODELS else first) or fitted(dataset, first)


def fitted(dataset: Dataset, model: str) -> Evaluation | None:
    """A model of the table on these data; a slow one with its progress, None if it failed."""
    if not MODELS[model].slow:
        with st.spinner(f"Fitting {MODELS[model].label}", show_time=True):
            return evaluations.evaluation(dataset, model)
    attempt = evaluations.fitting(dataset, model)
    watched(attempt)
    if attempt.error is not None:
        _say_why_not_fitted(dataset, model)
    return attempt.result


def _say_why_not_fitted(dataset: Dataset, model: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        label = MODELS[model].label
        st.markdown(
            f"{label} could not be fitted; the reason is in the server's log. These are the mean "
            "templates.",
            width="stretch",
        )
        st.button(
            "Try again", key=f"fit_{model}", on_click=evaluations.fit_again, args=(dataset, model)
        )


def asked_for(*names: str) -> dict[str, str]:
    """What the link says of these choices, before any widget has taken or refused it."""
    return {
        name: ",".join(st.query_params.get_all(name)) for name in names if name in st.query_params
    }


def _mnist_or_stand_in() -> Dataset:
    attempt = datasets.mnist()
    if watched(attempt, PATIENCE_S) is not None:
        return attempt.result
    _say_why_not_mnist(attempt)
    return datasets.embedded()


def watched(attempt: BackgroundTask, patience_s: float = math.inf) -> object:
    """The result of an attempt, waited for with a progress bar; None when it failed.

    Also None when a download takes longer than ``patience_s`` seconds.
    """
    bar = st.empty()  # always: were it there at times only, the browser would move all below it
    while not attempt.finished(within_s=0.1):
        report = attempt.report
        waited_s = max(attempt.age_s, time.monotonic() - st.session_state["asked_at"])
        if report.step != Phase.DECODING and waited_s > patience_s:
            break
        amount = f" {report.done:,} of {report.total:,}" if report.total else ""
        bar.progress(report.share, text=f"{report.step}…{amount}")
    bar.empty()
    return attempt.result


def _say_why_not_mnist(attempt: BackgroundTask[Dataset]) -> None:
    stand_in = "These are scikit-learn's embedded 8×8 digits, because MNIST"
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        if attempt.error is None:
            st.markdown(
                f"{stand_in} is still on its way: {numbers.arrived(attempt.report)}.",
                width="stretch",
            )
            st.button("Look again", key="mnist_look_again")
        else:
            why = plain(str(attempt.error))
            st.markdown(f"{stand_in} could not be loaded: {why}.", width="stretch")
            st.button(
                "Try MNIST again", key="mnist_again", on_click=datasets.load_again, args=("MNIST",)
            )


def _say_what_was_skipped(dataset: Dataset) -> None:
    if dataset.skipped:
        files = numbers.count(len(dataset.skipped), "file")
        with st.expander(f"Not used of this data set: {files}", icon="⚠️"):
            more = len(dataset.skipped) - MAX_NAMED_LINES
            last = [f"… and {more:,} more"] if more > 0 else []
            st.code("\n".join([*dataset.skipped[:MAX_NAMED_LINES], *last]), language=None)
