"""Is this fit good, why not, and what would make it so?"""

import streamlit as st

from dashboard import (
    cached,
    controls,
    descent_controls,
    descent_tables,
    descent_views,
    filters,
    memory,
    opening,
    sharing,
)
from dashboard.charts import descent as losses
from dashboard.charts import playground as fits
from dashboard.drawing import draw
from dashboard.panels import panel
from engine.descent import LOOPED
from engine.wording import number

ICONS = {"converged": "check_circle", "not converged": "hourglass_bottom", "diverges": "warning"}
VIEWS = {
    "Path": descent_views.path_and_directions,
    "First four states": descent_views.first_states,
    "One step": descent_views.arithmetic,
    "Learning rates": descent_views.learning_rates,
    "Race": descent_views.optimisers,
    "Exercises": descent_views.exercises,
    "Code": descent_views.code_and_table,
}
DEFAULTS = descent_controls.BOOK | descent_views.DEFAULTS | {"view": next(iter(VIEWS))}

st.markdown(
    "Gradient descent fits a parabola to noisy speeds. How good is it, why, and what would help?"
)
palette = controls.theme()
asked = opening.asked_for(*descent_controls.IN_LINK)
memory.restore(**DEFAULTS)
left, right = st.columns([2, 5], gap="large")
with left:
    choice = descent_controls.choose(palette)
    filters.say_what_was_ignored(asked, st.session_state)
descent = choice.descent
bowl, step = descent.bowl, descent.reached
seen = cached.of_descent(choice.key, lambda: descent_tables.reached(descent))
verdict = seen.verdict

with right:
    with panel("The verdict"), st.container(border=True):
        st.markdown(f"#### :material/{ICONS[verdict.status]}: {verdict.headline}")
        st.markdown("\n".join(f"- {sentence}" for sentence in verdict.sentences))
        descent_controls.cure_button(verdict.cure)
    fit, curve = st.columns(2)
    with fit, panel("The fit"):
        draw(
            cached.structure(fits.fit_chart, fits.fit_frame(bowl), seen.fit_note, palette),
            tables=seen.fit,
            alt="The points, the curve after the steps taken, the best possible curve and the "
            "mean; the verdict above says how far the curve is from the best",
        )
    with curve, panel("The loss"):
        draw(
            cached.structure(losses.loss_chart, max(step, LOOPED), seen.loss_note, palette),
            tables=seen.loss,
            key="loss_chart",
            on_select=descent_controls.go_to_clicked,
            alt=f"Loss by step on a log axis, with lines at the optimum {number(bowl.floor)} and "
            f"at guessing the mean, {number(bowl.flat)}; the tab Code has it as a table",
        )

shown = descent_views.Shown(choice, seen, palette)
tabs = st.tabs(list(VIEWS), key="view", bind="query-params")
for tab, (name, view) in zip(tabs, VIEWS.items(), strict=True):
    if tab.open:
        with tab, panel(name):
            view(shown)
memory.remember(*DEFAULTS)
sharing.link_here()
