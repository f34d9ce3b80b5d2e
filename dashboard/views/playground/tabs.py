"""The playground's views of one descent below its charts, each drawn only when its tab is open."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charting.axes import titled
from dashboard.charting.descent import fit as fits
from dashboard.charting.descent import optimizers
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.services import descents
from dashboard.session import url_state
from dashboard.views.playground.controls import Choice
from dashboard.views.playground.run import letter_of
from dashboard.widgets import inputs
from engine.descent.as_code import as_code
from engine.descent.closed_form import QuadraticLoss, bands, from_basis
from engine.descent.exercises import tasks
from engine.descent.notebook import BOOK_LR, PARAMETERS, PRECISIONS, printed_losses
from engine.descent.trace import loss, one_step, parameters_after, predictions, sweep, trace
from engine.io.numbers import coefficient, learning_rate, number, parabola
from engine.runtime.limits import OPTIMIZER_EPOCHS

BATCHES = (1, 2, 5, 10, 20)
DEFAULTS = {"batch": BATCHES[0]}


@dataclass(frozen=True)
class Shown:
    """A descent as the tabs show it."""

    choice: Choice
    palette: Palette

    @property
    def now(self) -> np.ndarray:
        """The parameters that have been reached."""
        return parameters_after(self.choice.descent, self.step)

    @property
    def quadratic(self) -> QuadraticLoss:
        """The loss being descended."""
        return self.choice.descent.quadratic

    @property
    def step(self) -> int:
        """The last finite step, which is where every view stops."""
        return self.choice.descent.reached

    @property
    def unit(self) -> str:
        """What a, b and c are parameters of: "t", or standardised time with its definition."""
        shift, scale = self.quadratic.shift, self.quadratic.scale
        return letter_of(self.quadratic) + (
            "" if scale == 1 else f" = (t − {shift:.4g}) / {scale:.4g}"
        )


def first_states(shown: Shown) -> None:
    """The notebook's strip of four panels, all on its own y limits."""
    low, high = fits.BOOK_WINDOW
    st.markdown(
        f"The notebook's strip: the start and the states after steps 1, 2 and 3, always from "
        f"{coefficient(low)} to {coefficient(high)}."
    )
    for state, column in enumerate(st.columns(4)):
        at = parameters_after(shown.choice.descent, state)
        out = fits.clipped(shown.quadratic, at, fits.BOOK_WINDOW)
        draw(
            fits.strip_panel(shown.quadratic, at, state, shown.palette),
            column,
            alt=f"State {state}, loss {number(loss(shown.quadratic, at))}. "
            f"{fits.outside(len(out), shown.choice.points)}",
        )


def arithmetic(shown: Shown) -> None:
    """The next step as numbers: gradient, lr × gradient, new parameters, loss before and after."""
    quadratic, lr, u = shown.quadratic, shown.choice.descent.lr, letter_of(shown.quadratic)
    table = one_step(quadratic, shown.now, lr)
    st.markdown(
        f"Step {shown.step + 1:,}, from the state shown above. With error = prediction − speed, "
        f"the gradient is 2 · mean(error · {u}²), 2 · mean(error · {u}) and 2 · mean(error). "
        f"The step subtracts the learning rate (lr) times the gradient; lr is {learning_rate(lr)}."
    )
    inputs.table(
        table,
        "Parameter, gradient, lr × gradient and the parameter after the step",
        signed=dict.fromkeys(table.columns[1:], ".6g"),
    )
    before, then = loss(quadratic, shown.now), loss(quadratic, table["After"].to_numpy())
    change = "more" if then > before else "less"
    was, becomes = number(before), number(then)
    if was == becomes:  # the change is smaller than what is written of it
        was, becomes = f"{before:.10g}", f"{then:.10g}"
    of_u = "" if quadratic.scale == 1 else f" In the table a, b and c belong to {shown.unit}."
    st.markdown(
        f"The loss goes from {was} to {becomes}, {number(abs(then - before))} "
        f"{change}. The curve shown is "
        f"{parabola(*from_basis(quadratic, shown.now))}.{of_u}"
    )


def learning_rates(shown: Shown) -> None:
    """The loss after the chosen steps for every learning rate of the ladder, limit marked."""
    descent, domain = shown.choice.descent, shown.choice.domain
    ends = sweep(shown.quadratic, descent.start, descent.steps, np.geomspace(*domain, 400))
    best = ends.loc[ends["Loss"].idxmin()]
    steps = fits.words_of(descent.steps)
    told = (
        f"Best of 400 rates: {learning_rate(best['Learning rate'])}, loss {number(best['Loss'])}. "
        f"The limit is {learning_rate(shown.quadratic.limit)}"
    )
    chart = optimizers.sweep_chart(
        ends, bands(shown.quadratic), descent.lr, shown.quadratic, domain, shown.palette
    ).properties(height=400)
    draw(
        titled(chart, f"The loss after {steps}, for every learning rate", told, shown.palette),
        alt=f"Loss after {steps} against the learning rate. {told}.",
    )


def optimisers(shown: Shown) -> None:
    """Four ways down and the cure, each at its own learning rate."""
    choice, quadratic = shown.choice, shown.quadratic
    sizes = [size for size in BATCHES if size <= choice.points]
    url_state.reset_unless("batch", lambda size: size in sizes, BATCHES[0])
    batch = st.segmented_control(
        "Points in a mini-batch",
        sizes,
        default=BATCHES[0],
        required=True,
        key="batch",
        bind="query-params",
    )
    start = tuple(choice.descent.start)
    curves, standings = descents.raced(choice.draw, start, quadratic.scale != 1, batch)
    table = optimizers.standings_table(standings, quadratic.goal)
    draw(
        optimizers.race_chart(curves, list(table["Method"]), quadratic, shown.palette),
        alt="Loss of each method against passes over the data; the figures are in the table.",
    )
    st.markdown(
        f"The goal is a loss of {number(quadratic.goal)}; the race ends after {OPTIMIZER_EPOCHS:,} "
        "passes over the data. Beyond it, gradient descent is computed in closed form."
    )
    st.dataframe(
        table, hide_index=True, alt="Learning rate, passes to the goal and final loss by method"
    )


def exercises(shown: Shown) -> None:
    """Three tasks, checked against the present settings."""
    st.markdown("Solve them with the controls above; each is checked as you move them.")
    for task in tasks(shown.choice.descent):
        mark = "check_circle" if task.done else "radio_button_unchecked"
        st.markdown(f":material/{mark}: **{task.title}**  \n{task.answer}")


def code_and_table(shown: Shown) -> None:
    """The descent as a program, as a table to download, and beside the notebook's own figures."""
    choice = shown.choice
    code, figures = st.columns(2, gap="large")
    code.code(as_code(choice.descent, *choice.draw), language="python", wrap_lines=True)
    rows = trace(choice.descent)[["Step", "Loss", *PARAMETERS]]
    fitted = [predictions(shown.quadratic, theta) for theta in rows[list(PARAMETERS)].to_numpy()]
    named = [f"fit at t = {t:.4g}" for t in shown.quadratic.time]
    whole = pd.concat([rows, pd.DataFrame(fitted, rows.index, named)], axis=1)
    with figures:
        inputs.csv_button(whole, "descent.csv", "csv")
        inputs.table(
            rows, "Loss and parameters at each step shown", signed=dict.fromkeys(PARAMETERS, ".6g")
        )
    lr = choice.descent.lr if shown.quadratic.scale == 1 else BOOK_LR
    figures.markdown(
        f"The ten losses the notebook's loop prints at a learning rate of {learning_rate(lr)}, in "
        "float32 and in float64:"
    )
    figures.dataframe(
        printed_losses(descents.points(*choice.draw), lr),
        hide_index=True,
        column_config={kind: st.column_config.NumberColumn(format="%.4f") for kind in PRECISIONS},
        alt="The first ten losses on unstandardised time, in float32 and in float64",
    )
