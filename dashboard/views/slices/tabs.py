"""The tabs of the slices page; only the open one is drawn."""

from dashboard.charting.palette import Palette
from dashboard.views.slices import by_attribute, map, worst
from dashboard.widgets.tabs import draw_tabs
from engine.evaluation.evaluation import Evaluation


def tabs(evaluation: Evaluation, palette: Palette) -> None:
    """All of them, for the model in the sidebar."""
    views = {"By attribute": by_attribute.show, "Worst slices": worst.show, "Map": map.show}
    draw_tabs("slices_tab", views, evaluation, palette)
