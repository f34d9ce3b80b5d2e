"""What the decisions make of the figures, and the ways to take them along and bring them back."""

import streamlit as st

from dashboard import text
from dashboard.session import keys, label_decisions, uploads, url_state
from dashboard.session.viewer_models import name_of
from dashboard.text import numbers
from dashboard.text.markdown import plain
from dashboard.widgets import inputs
from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import Evaluation
from engine.label_review import corrected_files
from engine.label_review.decisions import (
    Decision,
    Place,
    corrections_csv,
    corrections_table,
    read_corrections,
)
from engine.label_review.neighbors import TRAINING
from engine.label_review.reviewed import REVIEWED, n_changed, n_set_aside, rejudged, reviewed
from engine.label_review.reviewed import fault as reviewed_fault
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_DECISION_BYTES


def show(evaluation: Evaluation) -> None:
    """All decisions, the figures both ways, and what can be done with them."""
    dataset = evaluation.dataset
    decisions = label_decisions.of(dataset)
    if not decisions:
        mine = dataset.name.endswith(REVIEWED)
        st.caption(f"Nothing is decided yet{' on the data as reviewed' if mine else ''}.")
    else:
        st.markdown(f"{text.labels.decided(decisions)}.")
        _both_ways(evaluation, decisions)
        _table(dataset, decisions)
        with st.container(horizontal=True):
            _take_along(dataset, decisions)
    _bring_back(dataset)


def _both_ways(evaluation: Evaluation, decisions: dict[Place, Decision]) -> None:
    if not (n_changed(decisions) or n_set_aside(decisions)):
        return
    now = rejudged(evaluation, decisions)
    said = text.labels.as_reviewed(evaluation, now, decisions)
    st.markdown(f"**{plain(name_of(evaluation))}**: {said}")
    if any(place.side == TRAINING for place in decisions):
        st.caption(
            "The model is the one trained on the labels as given. Apply the decisions, and it is "
            "fitted on the training labels as reviewed, too."
        )


def _table(dataset: Dataset, decisions: dict[Place, Decision]) -> None:
    shown = corrections_table(decisions, dataset).drop(columns="data")
    with st.expander(f"All decisions ({len(decisions):,})", key="label_table"):
        inputs.table(shown, "The decisions on labels, by split and index")


def _take_along(dataset: Dataset, decisions: dict[Place, Decision]) -> None:
    """The decisions, and the data that they leave; where they leave none, the reason."""
    if fault := reviewed_fault(dataset, decisions):
        st.warning(plain(fault))
    st.button(
        "Apply to the data",
        key="label_apply",
        type="primary",
        on_click=_apply,
        args=(dataset,),
        disabled=bool(fault) or not (n_changed(decisions) or n_set_aside(decisions)),
        help="Adds the data as reviewed to the list in the sidebar, for every page.",
    )
    st.download_button(
        "corrections.csv",
        corrections_csv(decisions, dataset),
        "corrections.csv",
        "text/csv",
        key="label_csv",
        on_click="ignore",
    )
    for form in corrected_files.FORMATS if not fault else ():
        if form == corrected_files.IDX and dataset.training.labels.dtype.kind not in "iu":
            continue
        ending = corrected_files.ENDINGS[form]
        st.download_button(
            f"Corrected data, {form}",
            lambda form=form: corrected_files.as_file(reviewed(dataset, decisions), form),
            f"corrected{ending}",
            key=f"label_as_{form}",
            on_click="ignore",
        )
    st.button(
        "Forget all decisions",
        key="label_forget",
        type="tertiary",
        on_click=_forget,
        args=(dataset,),
    )


def _apply(dataset: Dataset) -> None:
    """Puts the data as reviewed into the list, in place of those of an earlier review."""
    name = uploads.my(f"{dataset.name.removesuffix(REVIEWED)}{REVIEWED}")
    try:
        now = reviewed(dataset, label_decisions.of(dataset))
        uploads.put_dataset(name, now, _more_bytes(dataset, now))
    except Refused as refusal:
        st.session_state[keys.DECISIONS_REPORT] = (str(refusal), True)
        return
    reviews = st.session_state.setdefault(keys.REVIEWS, {})
    reviews[name] = text.labels.what_changes(label_decisions.of(dataset))
    said = f"{name} is in the list of data now, and shown. This review stays with {dataset.name}."
    st.session_state[keys.DECISIONS_REPORT] = (said, False)
    url_state.reset(data=name)


def _more_bytes(dataset: Dataset, now: Dataset) -> int:
    """What the data as reviewed take beside those they came from."""
    pairs = (now.training, dataset.training), (now.testing, dataset.testing)
    return sum(
        one.labels.nbytes + (0 if one.images is other.images else one.images.nbytes)
        for one, other in pairs
    )


def _forget(dataset: Dataset) -> None:
    label_decisions.put(dataset, {})


def _bring_back(dataset: Dataset) -> None:
    """The field for a file of corrections, and what came of the last one."""
    file = st.file_uploader(
        "Load corrections from a CSV",
        "csv",
        key=f"label_load_{dataset.key}",
        max_upload_size=MAX_DECISION_BYTES // 1_000_000,
    )
    if file is not None and st.session_state.get(keys.DECISIONS_LOADED) != file.file_id:
        st.session_state[keys.DECISIONS_LOADED] = file.file_id
        _load(file.getvalue(), dataset)
        st.rerun()
    said = st.session_state.pop(keys.DECISIONS_REPORT, None)
    if said is not None:
        (st.error if said[1] else st.success)(plain(said[0]))


def _load(content: bytes, dataset: Dataset) -> None:
    try:
        loaded = read_corrections(content, dataset)
    except Refused as refusal:
        st.session_state[keys.DECISIONS_REPORT] = (str(refusal), True)
        return
    label_decisions.put(dataset, {**label_decisions.of(dataset), **loaded})
    st.session_state[keys.DECISIONS_REPORT] = (
        f"{numbers.count(len(loaded), 'decision')} loaded.",
        False,
    )
