"""Is this fit good, why not, and what would make it so?"""

import streamlit as st

from dashboard import controls, descent_controls, descent_views, filters, opening
from dashboard.charts import descent as losses
from dashboard.charts import playground as fits
from dashboard.drawing import draw
from dashboard.panels import panel
from engine.descent import LOOPED, parameters_after, trace
from engine.verdict import judge
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

st.markdown(
    "Gradient descent fits a parabola to noisy speeds. How good is it, why, and what would help?"
)
palette = controls.theme()
asked = opening.asked_for(*descent_controls.IN_LINK)
left, right = st.columns([2, 5], gap="large")
with left:
    choice = descent_controls.choose(palette)
    filters.say_what_was_ignored(asked, st.session_state)
descent = choice.descent
bowl, step = descent.bowl, descent.reached
now = parameters_after(descent, step)
ahead = max(step, LOOPED) if descent.stopped is None else step
table = trace(descent, ahead)
verdict = judge(descent)
words = fits.words_of(step)

with right:
    with panel("The verdict"), st.container(border=True):
        st.markdown(f"#### :material/{ICONS[verdict.status]}: {verdict.headline}")
        st.markdown("\n".join(f"- {sentence}" for sentence in verdict.sentences))
        descent_controls.cure_button(verdict.cure)
    fit, curve = st.columns(2)
    with fit, panel("The fit"):
        draw(
            fits.fit_chart(bowl, now, step, palette),
            alt=f"The points, the curve after {words}, the best possible curve and the mean. "
            f"{verdict.sentences[0]}",
        )
    with curve, panel("The loss"):
        draw(
            losses.loss_chart(table, step, bowl, palette),
            key="loss_chart",
            on_select=descent_controls.go_to_clicked,
            alt=f"Loss by step on a log axis, from {number(table['Loss'].iloc[0])} at the start to "
            f"{number(verdict.loss)} after {words}. Lines: the optimum {number(bowl.floor)} and "
            f"guessing the mean, {number(bowl.flat)}.",
        )

shown = descent_views.Shown(choice, now, table, palette)
tabs = st.tabs(list(VIEWS), key="view", bind="query-params")
for tab, (name, view) in zip(tabs, VIEWS.items(), strict=True):
    if tab.open:
        with tab, panel(name):
            view(shown)
