"""The corrupted test images as a dataset of this visit, for every page."""

import streamlit as st

from dashboard.session import keys, uploads, url_state
from dashboard.text.markdown import plain
from engine.corruption.curves import corrupted_dataset
from engine.corruption.kinds import KINDS
from engine.datasets.dataset import Dataset
from engine.runtime.errors import Refused


def offer(dataset: Dataset, kind: str, severity: int) -> None:
    """The button, and what came of it."""
    name = f"{KINDS[kind].label}, severity {severity}"
    st.button(
        f"Open as data: {name}",
        key="corruption_as_data",
        on_click=_open,
        args=(dataset, kind, severity),
        help="The test images under this corruption, with the training images as they are, come "
        "into the list of data in the sidebar, for every page.",
    )
    said = st.session_state.pop(keys.CORRUPTION_SAID, None)
    if said is not None:
        (st.error if said[1] else st.success)(plain(said[0]))


def _open(dataset: Dataset, kind: str, severity: int) -> None:
    """Puts them into the list, and shows them."""
    made = corrupted_dataset(dataset, kind, severity)
    name = uploads.my(made.name)
    try:
        uploads.put_dataset(name, made, made.testing.images.nbytes)
    except Refused as refusal:
        st.session_state[keys.CORRUPTION_SAID] = str(refusal), True
        return
    st.session_state[keys.CORRUPTION_SAID] = f"{name} is in the list of data now, and shown.", False
    url_state.reset(data=name)
