"""How far can an answer be trusted, and when is it better to give none?"""

from dashboard.views import dataset_and_model
from dashboard.views.trust.tabs import tabs
from dashboard.widgets import inputs, sharing

evaluation = dataset_and_model.open_whole_evaluation()
tabs(evaluation, inputs.theme())
sharing.link_here()
