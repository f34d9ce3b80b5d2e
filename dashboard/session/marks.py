"""This viewer's marks on images."""

import streamlit as st

from dashboard.session import keys
from engine.datasets.dataset import Dataset
from engine.evaluation.annotations import Mark


def marks_of(dataset: Dataset) -> dict[int, Mark]:
    """This viewer's marks on that dataset, by index; change it in place."""
    return st.session_state.setdefault(keys.MARKS, {}).setdefault(dataset.key, {})
