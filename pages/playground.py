"""Is this fit good, why not, and what would make it so?"""

import streamlit as st

from dashboard.components.descent import descent as descent_charts
from dashboard.services import descents
from dashboard.session import url_state
from dashboard.views.playground import controls, run, tabs, verdict
from dashboard.widgets import inputs, link_notice, sharing
from dashboard.widgets.panel import panel

VIEWS = {
    "First four states": tabs.first_states,
    "One step": tabs.arithmetic,
    "Learning rates": tabs.learning_rates,
    "Race": tabs.optimisers,
    "Exercises": tabs.exercises,
    "Code": tabs.code_and_table,
}
UNBOUND = {"steps": controls.BOOK["steps"], "plane": next(iter(run.PLANES))}  # to any widget
DEFAULTS = controls.BOOK | tabs.DEFAULTS | UNBOUND | {"view": next(iter(VIEWS))}

st.markdown(
    "Gradient descent fits a parabola to noisy speeds. By the same method the page Training learns "
    "the templates of the digits; here it has three parameters only, so that every step can be "
    "seen. How good is the fit, why, and what would help?"
)
palette = inputs.theme()
asked = link_notice.asked_for(*controls.IN_LINK)
url_state.restore(**DEFAULTS)
left, right = st.columns([2, 5], gap="large")
with left:
    choice = controls.choose(palette)
    plane = url_state.taken("plane", {name: name for name in run.PLANES})
    link_notice.say_what_was_ignored(asked, st.session_state)

with right:
    with panel("The verdict"):
        verdict.show(choice)
    with panel("The descent"):
        made = descents.of_descent(choice.key_of_run, lambda: run.as_json(choice.run))
        descent_charts("descent", made, choice.descent.steps, plane, palette, controls.take)

shown = tabs.Shown(choice, palette)
for tab, (name, view) in zip(
    st.tabs(list(VIEWS), key="view", bind="query-params"), VIEWS.items(), strict=True
):
    if tab.open:
        with tab, panel(name):
            view(shown)
url_state.remember(*DEFAULTS)
url_state.into_address(*UNBOUND)
sharing.link_here()
