"""Which change of the classifier would make its errors right, and what would it break?"""

import streamlit as st

from dashboard.services import cures
from dashboard.session import viewer_models
from dashboard.text import numbers
from dashboard.text.markdown import plain
from dashboard.views import dataset_and_model, loading
from dashboard.views.cures import ladder, one_cure
from dashboard.widgets import inputs, sharing
from dashboard.widgets.panel import panel
from engine.cures.recipe import recipe_named

evaluation = dataset_and_model.open_whole_evaluation()
dataset, palette = evaluation.dataset, inputs.theme()
recipe = recipe_named(viewer_models.name_of(evaluation))
if recipe is None:
    name = plain(viewer_models.name_of(evaluation))
    st.info(f"{name} is no model that these changes fit; they are tried on the mean templates.")
    recipe = recipe_named("L1 mean")
    evaluation = loading.named_evaluation(dataset, recipe.name)

st.markdown(
    f"{numbers.headline(evaluation)} with **{recipe.name}**. Each cure below is one small change "
    "of this model, fitted anew."
)
climb = cures.climbed(evaluation, recipe)
ladder.watch(climb, dataset, palette)
if climb.finished and climb.ladder.rungs:
    st.subheader("One cure")
    one_cure.show(climb.ladder, evaluation, palette)
    st.subheader("What all of them leave")
    with panel("What all of them leave"):
        one_cure.left(climb.ladder, evaluation, palette)
sharing.link_here()
