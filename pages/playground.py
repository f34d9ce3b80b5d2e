"""Is this fit good, why not, and what would make it so?"""

import streamlit as st

from dashboard import cached, controls, descent_controls, descent_views, filters, opening
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

with right:
    with panel("The verdict"), st.container(border=True):
        st.markdown(f"#### :material/{ICONS[verdict.status]}: {verdict.headline}")
        st.markdown("\n".join(f"- {sentence}" for sentence in verdict.sentences))
        descent_controls.cure_button(verdict.cure)
    fit, curve = st.columns(2)
    with fit, panel("The fit"):
        frame = fits.fit_frame(bowl)
        note = fits.outside(fits.clipped(bowl, now, frame), len(bowl.time))
        draw(
            cached.structure(fits.fit_chart, frame, note, palette),
            tables=fits.fit_tables(bowl, now, step),
            alt="The points, the curve after the steps taken, the best possible curve and the "
            "mean; the verdict above says how far the curve is from the best",
        )
    with curve, panel("The loss"):
        last, how = max(step, LOOPED), losses.loss_note(table, step)
        draw(
            cached.structure(losses.loss_chart, last, how, palette),
            tables=losses.loss_tables(table, step, bowl),
            key="loss_chart",
            on_select=descent_controls.go_to_clicked,
            alt=f"Loss by step on a log axis, with lines at the optimum {number(bowl.floor)} and "
            f"at guessing the mean, {number(bowl.flat)}; the tab Code has it as a table",
        )

shown = descent_views.Shown(choice, now, table, palette)
tabs = st.tabs(list(VIEWS), key="view", bind="query-params")
for tab, (name, view) in zip(tabs, VIEWS.items(), strict=True):
    if tab.open:
        with tab, panel(name):
            view(shown)
