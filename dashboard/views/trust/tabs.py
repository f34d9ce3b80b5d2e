"""The parts of the page; only the open one is computed and drawn."""

from dashboard.charting.palette import Palette
from dashboard.views.trust import abstain, reliability
from dashboard.views.trust.corruption import tab as corruption
from dashboard.widgets.tabs import draw_tabs
from engine.evaluation.evaluation import Evaluation

PARTS = {
    "Reliability": reliability.show,
    "Answer or abstain": abstain.show,
    "Corruption": corruption.show,
}


def tabs(evaluation: Evaluation, palette: Palette) -> None:
    """All parts; each is called with the evaluation and the palette."""
    draw_tabs("trust_tab", PARTS, evaluation, palette)
