"""A slider and ten templates that follow it, drawn as the pages draw them."""

import numpy as np
import streamlit as st

from dashboard import cached, controls, pictures
from dashboard.frozen import freeze_imports

st.title("Ten templates")
step = st.slider("Step", 0, 1000, 500)
cached.mnist().finished(None)
study = cached.study(cached.mnist().result, "L1 mean")
names = [str(digit) for digit in study.classes]
shifted = np.roll(study.templates, step, axis=-1)
st.html(pictures.grid(shifted, names, names, controls.theme()))
freeze_imports()
