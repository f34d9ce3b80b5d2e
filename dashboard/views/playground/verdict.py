"""The verdict on a descent, and the button that applies what it says would help."""

import streamlit as st

from dashboard.services import descents
from dashboard.views.playground.controls import Choice
from dashboard.views.playground.run import STEPS
from engine.descent.verdict import Rate, Status, judge
from engine.io.numbers import learning_rate

ICONS = {
    Status.CONVERGED: "check_circle",
    Status.NOT_CONVERGED: "hourglass_bottom",
    Status.DIVERGES: "warning",
}


def show(choice: Choice) -> None:
    """The verdict; its place is as high as most need, so that the steps below stay under a hand."""
    verdict = descents.of_descent(choice.key, lambda: judge(choice.descent))
    with st.container(border=True, key="verdict"):
        st.markdown(f"#### :material/{ICONS[verdict.status]}: {verdict.headline}")
        st.markdown("\n".join(f"- {sentence}" for sentence in verdict.sentences))
        cure_button(verdict.cure)


def cure_button(cure: Rate | None) -> None:
    """One click to standardised time, with the learning rate and the steps the verdict names."""
    if cure is None:
        return
    enough = next((known for known in STEPS if known >= cure.steps), STEPS[-1])
    cured = {"standardise": True, "lr": learning_rate(cure.lr), "steps": enough}
    st.button(
        "Standardise time and see",
        icon=":material/healing:",
        key="cure",
        on_click=lambda: st.session_state.update(cured),
    )
