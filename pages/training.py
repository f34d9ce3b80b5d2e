"""Can the templates learn to do better, by the same small steps?"""

import streamlit as st

from dashboard.services import evaluations
from dashboard.text import numbers
from dashboard.views import dataset_and_model
from dashboard.views.training import controls, live, results
from dashboard.widgets import inputs, sharing

evaluation = dataset_and_model.open_whole_evaluation()
dataset, palette = evaluation.dataset, inputs.theme()
before = evaluations.evaluation(dataset, "L1 mean")
st.markdown(
    f"Training starts from the {len(before.classes)} mean templates, whatever model is chosen: "
    f"{numbers.headline(before)}. Mini-batch SGD on the cross-entropy of "
    "−scale\u00a0×\u00a0distance moves their pixels; classifier, distance and rule stay the same. "
    "It sees training images only; the results below are on the test set."
)

left, right = st.columns([2, 5], gap="large")
with left:
    recipe = controls.recipe()
    job = controls.buttons(dataset, recipe)
with right:
    live.watch(job, before, palette)
if job is not None and not job.active and job.looks:
    results.results(job, recipe, before, palette)
sharing.link_here()
