"""Marks on images: put them, see them, save them as CSV and load them again."""

import pandas as pd
import streamlit as st

from dashboard.components import browser_storage
from dashboard.session import keys
from dashboard.session.marks import marks_of
from dashboard.text import numbers
from dashboard.text.markdown import plain
from engine.datasets.dataset import Dataset
from engine.evaluation.annotations import (
    MARKS,
    NOTE,
    Loaded,
    Mark,
    marks_csv,
    marks_table,
    read_marks,
)
from engine.runtime.limits import MAX_ANNOTATION_BYTES, MAX_NOTE_CHARACTERS

KEPT = (
    "This browser keeps your marks and notes for your next visit. All other choices are in the "
    "address; what you upload or train ends with the visit."
)


def mark_image(index: int, dataset: Dataset) -> None:
    """The controls that mark one image; what they hold is kept for the session."""
    marks = marks_of(dataset)
    now = marks.get(index)
    # Fields keep what they hold; with the next turn they are new ones, and show what was loaded.
    turn = st.session_state.get(keys.turn("marks"), 0)
    names = {what: f"mark_{what}_{dataset.key}_{index}_{turn}" for what in ("kind", "note")}

    def keep() -> None:
        kind, note = st.session_state[names["kind"]], st.session_state[names["note"]].strip()
        marks.pop(index, None)
        if kind or note:
            marks[index] = Mark(kind or NOTE, note)

    held = now.mark if now and now.mark in MARKS else None
    st.pills("Mark this image", MARKS, default=held, key=names["kind"], on_change=keep)
    st.text_input(
        "Note",
        now.note if now else "",
        max_chars=MAX_NOTE_CHARACTERS,
        key=names["note"],
        on_change=keep,
        placeholder="kept with the mark",
    )


def _renew() -> None:
    st.session_state[keys.turn("marks")] = st.session_state.get(keys.turn("marks"), 0) + 1


def offer(outcomes: pd.DataFrame, dataset: Dataset) -> None:
    """Marks that this browser kept from the last visit: to bring back, or to forget."""
    kept = _kept(dataset)
    if not kept:
        return

    def bring_back() -> None:
        marks_of(dataset).update({**kept, **marks_of(dataset)})
        _renew()
        browser_storage.settle(dataset.name)

    def forget() -> None:
        browser_storage.settle(dataset.name)
        browser_storage.keep(dataset.name, _table(marks_of(dataset), outcomes, dataset))

    with st.container(horizontal=True, vertical_alignment="center", key="kept_marks"):
        n = numbers.count(len(kept), "mark")
        st.markdown(f"**{n}** from your last visit on {plain(dataset.name)}.", width="content")
        st.button("Bring back", key="marks_bring_back", on_click=bring_back)
        st.button("Forget", key="marks_forget", on_click=forget, type="tertiary")


def _kept(dataset: Dataset) -> dict[int, Mark]:
    """The marks that were found in the browser for these data and are not settled yet."""
    content = browser_storage.found(dataset.name)
    if not content:
        return {}
    return read_marks(content.encode(errors="replace"), dataset.name, dataset.testing.files).marks


def _keep(outcomes: pd.DataFrame, dataset: Dataset) -> bool:
    """Has the browser keep the marks, with those that wait to be brought back."""
    marks = marks_of(dataset)
    if not marks and not browser_storage.is_kept(dataset.name):
        return True
    return browser_storage.keep(
        dataset.name, _table({**_kept(dataset), **marks}, outcomes, dataset)
    )


def _table(marks: dict[int, Mark], outcomes: pd.DataFrame, dataset: Dataset) -> str:
    return marks_csv(marks, outcomes, dataset.name).decode() if marks else ""


def marks_panel(outcomes: pd.DataFrame, dataset: Dataset) -> None:
    """All marks as a table, their download, and a way to load a file of marks."""
    marks, is_kept = marks_of(dataset), _keep(outcomes, dataset)
    with st.expander(f"Your marks ({len(marks)})", key="marks_panel"):
        if marks:
            st.dataframe(
                marks_table(marks, outcomes, dataset.name),
                hide_index=True,
                alt=f"The {numbers.count(len(marks), 'image')} marked in this session",
            )
            if not is_kept:
                st.caption("These are more than this browser keeps: download them.")
            content = marks_csv(marks, outcomes, dataset.name)
            st.download_button(
                "Download as CSV", content, "digitscope-marks.csv", "text/csv", key="save_marks"
            )
        else:
            st.caption("Nothing is marked yet.")
        st.caption(KEPT)
        file = st.file_uploader(
            "Load marks from a CSV",
            type="csv",
            key=f"load_marks_{dataset.key}",
            max_upload_size=MAX_ANNOTATION_BYTES // 1_000_000,
        )
        if file is not None:
            _load_once(file, marks, dataset)


def _load_once(file, marks: dict[int, Mark], dataset: Dataset) -> None:
    """Takes a file's marks when it arrives, not again on every rerun, and says what matched."""
    if st.session_state.get(keys.MARKS_LOADED) != file.file_id:
        loaded = read_marks(file.getvalue(), dataset.name, dataset.testing.files)
        marks.update(loaded.marks)
        st.session_state.update({keys.MARKS_LOADED: file.file_id, keys.MARKS_REPORT: loaded})
        _renew()
        st.rerun()
    _say_what_matched(st.session_state[keys.MARKS_REPORT])


def _say_what_matched(loaded: Loaded) -> None:
    if loaded.refused:
        st.warning(f"No marks were loaded. {plain(loaded.refused)}")
        return
    st.success(f"{numbers.count(len(loaded.marks), 'mark')} loaded.")
    if loaded.moved:
        st.info(
            f"{loaded.moved:,} of them stood under another index and were found by their files' "
            "names: the table was saved when the images were counted in another order."
        )
    if loaded.left_out:
        st.warning(f"{numbers.count(len(loaded.left_out), 'row')} could not be used:")
        st.code("\n".join(loaded.left_out[:50]), language=None)
