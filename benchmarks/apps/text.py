"""A slider and a line of text that follows it: what the round trip takes with nothing to draw."""

import streamlit as st

from dashboard.server.gc_freeze import freeze_imports

st.title("A line of text")
step = st.slider("Step", 0, 1000, 500)
st.text(f"Step {step}")
freeze_imports()
