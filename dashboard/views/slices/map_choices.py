"""The choices above the map: its view, two classes, colours, and what dragging does."""

from typing import NamedTuple

import streamlit as st

from dashboard.services import map_messages, shapes
from dashboard.session import url_state
from dashboard.widgets import filters, regions
from dashboard.widgets.progress import watched
from engine.datasets.dataset import class_noun
from engine.evaluation.evaluation import Evaluation
from engine.projection.distance_plane import most_confused_pair
from engine.projection.region import View
from engine.shapes.attributes import COLUMNS

PLANE, COMPONENTS = "Distance plane", "Principal components"
TOOLS = ("Lasso", "Box", "Pan")
VIEW, A, B, ALL, COLOR, TOOL = "map_view", "map_a", "map_b", "map_all", "map_color", "map_tool"
NAMES = (VIEW, A, B, ALL, COLOR, TOOL, filters.REGION)


class Look(NamedTuple):
    """What the map shows: ``both`` are the places of the two classes, also where no plane is."""

    view: View
    both: tuple[int, int]
    color: str

    @property
    def pair(self) -> tuple[int, ...]:
        """As regions and `maps.points` have it: () of components."""
        return () if self.view is View.PCA else self.both


def restore(evaluation: Evaluation) -> None:
    """Gives the choices what the link says, or what they held; a region says what it lies on."""
    first, second = (str(evaluation.classes[place]) for place in most_confused_pair(evaluation))
    start = PLANE if evaluation.scored else COMPONENTS
    defaults = {VIEW: start, A: first, B: second, ALL: False, COLOR: map_messages.ANSWER}
    url_state.restore(NAMES, **defaults, **{TOOL: TOOLS[0], filters.REGION: ""})
    names = [str(name) for name in evaluation.classes]
    url_state.reset_unless(VIEW, lambda view: view in _views(evaluation), start)
    url_state.reset_unless(A, lambda name: name in names, first)
    url_state.reset_unless(B, lambda name: name in names, second)
    _follow(evaluation)
    a = filters.chosen(A, names, first)
    if a == filters.chosen(B, names, second):
        url_state.reset(**{B: first if a != first else second})


def _views(evaluation: Evaluation) -> list[str]:
    return [PLANE, COMPONENTS] if evaluation.scored else [COMPONENTS]


def _follow(evaluation: Evaluation) -> None:
    """Shows the view that the region lies on, where the link does not ask for another."""
    region = regions.held(evaluation)
    if region is None:
        return
    wanted = {VIEW: COMPONENTS if region.view is View.PCA else PLANE}
    if region.pair:
        a, b = (str(evaluation.classes[place]) for place in region.pair)
        wanted |= {A: a, B: b, ALL: region.view is View.PLANE}
    asked = {name for name in NAMES if name in st.query_params}
    differ = {n: v for n, v in wanted.items() if n not in asked and st.session_state[n] != v}
    if differ:
        url_state.reset(**differ)


def choose(evaluation: Evaluation) -> Look:
    """The row of choices; another view, or other classes, let the region go."""
    names, noun = [str(name) for name in evaluation.classes], class_noun(evaluation.classes)
    views = _views(evaluation)
    bound = {"bind": "query-params"}
    anew = bound | {"on_change": regions.clear}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = st.segmented_control(
            "View", views, default=views[0], required=True, key=VIEW, **anew
        )
        a = st.selectbox(f"First {noun}", names, key=A, width=110, **anew)
        others = [name for name in names if name != a]
        b = st.selectbox(f"Second {noun}", others, key=B, width=110, **anew)
        colors = [*map_messages.BY, *COLUMNS]
        color = st.selectbox("Colour by", colors, key=COLOR, width=160, **bound)
        everything = view == PLANE and st.toggle("All images", key=ALL, **anew)
    if color not in map_messages.BY and watched(shapes.measuring(evaluation.dataset)) is None:
        color = map_messages.ANSWER
    shown = View.PCA if view == COMPONENTS else View.PLANE if everything else View.PAIR
    return Look(shown, (names.index(a), names.index(b)), color)


def tool() -> str:
    """What dragging on the map does, of `TOOLS`."""
    return st.segmented_control(
        "Dragging on the map draws a lasso or a box, or moves the map",
        TOOLS,
        default=TOOLS[0],
        required=True,
        key=TOOL,
        bind="query-params",
        label_visibility="collapsed",
    )


def remember() -> None:
    url_state.remember(*NAMES)
