"""A slider and two hundred test images that follow it, drawn as the pages draw them."""

import streamlit as st

from dashboard.components import gallery
from dashboard.server.gc_freeze import freeze_imports
from dashboard.services import datasets, evaluations
from dashboard.widgets import inputs

SHOWN_AT_ONCE = 200

st.title("A gallery")
step = st.slider("Step", 0, 1000, 500)
datasets.mnist().finished(None)
dataset = datasets.mnist().result
table = evaluations.evaluation(dataset, "L1 mean").table
first = SHOWN_AT_ONCE * step % len(table)
gallery.gallery(
    table.iloc[first : first + SHOWN_AT_ONCE],
    dataset.testing,
    inputs.theme(),
    key="gallery",
    label="Test images",
    on_open=print,
)
freeze_imports()
