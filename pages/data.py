"""What do these data hold, and how does your own model, or dataset, fare?"""

import streamlit as st

from dashboard import text
from dashboard.session import viewer_models
from dashboard.views import dataset_and_model, loading
from dashboard.views.data import (
    class_names,
    contents,
    duplicates,
    instructions,
    own_model,
    project,
    quality,
    readings,
    uploads,
)
from dashboard.widgets import inputs, sharing
from dashboard.widgets.panel import Finished, panel

evaluation = dataset_and_model.open_evaluation()
dataset, palette = evaluation.dataset, inputs.theme()

st.subheader("What these data hold")
with panel("What these data hold"):
    contents.balance(dataset, evaluation.classes, palette)
with panel("The names of the classes"):
    if not dataset.is_sample:
        class_names.field(dataset, [str(name) for name in evaluation.classes])
with panel("Other ways to read them"):
    loading.offer_other_ways(st.session_state["data"])
st.subheader("Some training images of each class")
with panel("Some images of each class"):
    contents.some_images(dataset, evaluation.classes, palette)
if dataset.is_sample:
    st.caption(text.dataset.on_data(len(dataset.drawn.testing)))
    sharing.link_here()
    raise Finished

st.subheader("Test images that are in training, too")
with panel("Images in both splits"):
    duplicates.identical(dataset)
with panel("Near-duplicates"):
    duplicates.nearly(dataset, palette)

quality.show(dataset, palette)
st.subheader("Bring your own model, or its predictions")
with panel("The field for a model"):
    if own_model.ask_for_it():
        uploads.model(dataset)
        own_model.on_their_way()
instructions.predictions(evaluation)
with panel("The field for predictions"):
    uploads.predictions(dataset)
with panel("The models you brought"):
    uploads.held_models(dataset)
if viewer_models.own_evaluations():
    st.page_link(
        "../pages/compare.py",
        label="Compare two models on the same images",
        icon=":material/arrow_forward:",
    )

st.subheader("Bring images of your own")
instructions.images()
with panel("The field for images"):
    uploads.images()
with panel("The ways to read it"):
    readings.question()
with panel("The data sets you brought"):
    uploads.held_data()

st.subheader("Save all of it, or open what was saved")
with panel("The project"):
    project.show(evaluation)

sharing.link_here()
