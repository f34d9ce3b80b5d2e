"""What is taken for what, and how sure is each rate?"""

import streamlit as st

from dashboard import text
from dashboard.services import evaluations
from dashboard.session import url_state
from dashboard.text import numbers
from dashboard.views import dataset_and_model
from dashboard.views.confusion import matrix, tabs
from dashboard.views.confusion.choice import SIDES
from dashboard.widgets import link_notice, sharing
from engine.datasets.dataset import class_noun
from engine.evaluation.filters import ANY

asked = link_notice.asked_for(*matrix.DEFAULTS, *SIDES)
evaluation = dataset_and_model.open_evaluation()
said = evaluations.of_evaluation(evaluation, text.confusion_matrix.summary)
url_state.restore(**dict.fromkeys(SIDES, ANY))

st.markdown(f"{numbers.headline(evaluation)}. {said.sink}")
look = matrix.controls(class_noun(evaluation.classes))
matrix.cells(evaluation, look, asked)
tabs.tabs(evaluation)
sharing.link_here()
