"""A slider and the chart that follows it, which is what the pages are measured against."""

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from dashboard.server.gc_freeze import freeze_imports

st.title("One chart")
step = st.slider("Step", 0, 1000, 500)
x = np.arange(20)
table = pd.DataFrame({"x": x, "y": np.sin(x / 3 + step)})
st.altair_chart(alt.Chart(table).mark_line().encode(alt.X("x:Q"), alt.Y("y:Q")))
freeze_imports()
