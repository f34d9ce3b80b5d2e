"""A slider and two hundred test images that follow it, drawn as the pages draw them."""

import streamlit as st

from dashboard import cached, controls, gallery
from dashboard.frozen import freeze_imports

SHOWN_AT_ONCE = 200

st.title("A gallery")
step = st.slider("Step", 0, 1000, 500)
cached.mnist().finished(None)
digits = cached.mnist().result
table = cached.study(digits, "L1 mean").table
first = SHOWN_AT_ONCE * step % len(table)
gallery.gallery(
    table.iloc[first : first + SHOWN_AT_ONCE],
    digits.testing,
    controls.theme(),
    key="gallery",
    label="Test images",
    on_open=print,
)
freeze_imports()
