"""Is this fit good, why not, and what would make it so?"""

import streamlit as st

from dashboard.charting.descent import fit as fits
from dashboard.charting.descent import loss as losses
from dashboard.charting.render import draw
from dashboard.services import charts, descents
from dashboard.session import url_state
from dashboard.views.playground import controls, tables, tabs
from dashboard.widgets import inputs, link_notice, sharing
from dashboard.widgets.panel import panel
from engine.descent.trace import LOOPED
from engine.descent.verdict import Status
from engine.io.numbers import number

ICONS = {
    Status.CONVERGED: "check_circle",
    Status.NOT_CONVERGED: "hourglass_bottom",
    Status.DIVERGES: "warning",
}
VIEWS = {
    "Path": tabs.path_and_directions,
    "First four states": tabs.first_states,
    "One step": tabs.arithmetic,
    "Learning rates": tabs.learning_rates,
    "Race": tabs.optimisers,
    "Exercises": tabs.exercises,
    "Code": tabs.code_and_table,
}
DEFAULTS = controls.BOOK | tabs.DEFAULTS | {"view": next(iter(VIEWS))}

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
    link_notice.say_what_was_ignored(asked, st.session_state)
descent = choice.descent
quadratic, step = descent.quadratic, descent.reached
seen = descents.of_descent(choice.key, lambda: tables.reached(descent))
verdict = seen.verdict

with right:
    with panel("The verdict"), st.container(border=True):
        st.markdown(f"#### :material/{ICONS[verdict.status]}: {verdict.headline}")
        st.markdown("\n".join(f"- {sentence}" for sentence in verdict.sentences))
        controls.cure_button(verdict.cure)
    fit, curve = st.columns(2)
    with fit, panel("The fit"):
        draw(
            charts.structure(fits.fit_chart, fits.fit_frame(quadratic), seen.fit_note, palette),
            tables=seen.fit,
            alt="The points, the curve after the steps taken, the best possible curve and the "
            "mean; the verdict above says how far the curve is from the best",
        )
    with curve, panel("The loss"):
        draw(
            charts.structure(losses.loss_chart, max(step, LOOPED), seen.loss_note, palette),
            tables=seen.loss,
            key="loss_chart",
            on_select=controls.go_to_clicked,
            alt=f"Loss by step on a log axis, with lines at the optimum {number(quadratic.floor)} "
            f"and at guessing the mean, {number(quadratic.flat)}; the tab Code has it as a table",
        )

shown = tabs.Shown(choice, seen, palette)
tabs = st.tabs(list(VIEWS), key="view", bind="query-params")
for tab, (name, view) in zip(tabs, VIEWS.items(), strict=True):
    if tab.open:
        with tab, panel(name):
            view(shown)
url_state.remember(*DEFAULTS)
sharing.link_here()
