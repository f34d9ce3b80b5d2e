"""A slider and ten templates that follow it, drawn as the pages draw them."""

import numpy as np
import streamlit as st

from dashboard.server.gc_freeze import freeze_imports
from dashboard.services import datasets, evaluations
from dashboard.widgets import image_grid, inputs

st.title("Ten templates")
step = st.slider("Step", 0, 1000, 500)
datasets.mnist().finished(None)
evaluation = evaluations.evaluation(datasets.mnist().result, "L1 mean")
names = [str(digit) for digit in evaluation.classes]
shifted = np.roll(evaluation.templates, step, axis=-1)
st.html(image_grid.grid(shifted, names, names, inputs.theme()))
freeze_imports()
