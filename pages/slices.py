"""Which kind of images does it get wrong?"""

from dashboard.views import dataset_and_model
from dashboard.views.slices import tabs
from dashboard.widgets import inputs, sharing

evaluation = dataset_and_model.open_whole_evaluation()
tabs.tabs(evaluation, inputs.theme())
sharing.link_here()
