"""The playground's further views of one descent, each drawn only when its tab is open."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached, controls, memory
from dashboard.charts import path, race
from dashboard.charts import playground as fits
from dashboard.charts.base import titled
from dashboard.descent_controls import Choice
from dashboard.descent_tables import Reached, direction_tables, path_tables
from dashboard.drawing import draw
from dashboard.style import Palette
from engine.as_code import as_code
from engine.descent import LOOPED, loss, one_step, parameters_after, predictions, sweep
from engine.eigen import Bowl, bands, from_basis
from engine.limits import PASSES
from engine.quadratic import BOOK_LR, PARAMETERS, PRECISIONS, printed_losses
from engine.tasks import tasks
from engine.wording import number, parabola, rate, signed

PLANES = ["a and b", "a and c", "b and c"]
BATCHES = (1, 2, 5, 10, 20)
DEFAULTS = {"plane": PLANES[0], "batch": BATCHES[0]}


@dataclass(frozen=True)
class Shown:
    """A descent as it is on screen: the choice, and what has been reached."""

    choice: Choice
    reached: Reached
    palette: Palette

    @property
    def now(self) -> np.ndarray:
        """The parameters that have been reached."""
        return self.reached.now

    @property
    def table(self) -> pd.DataFrame:
        """`engine.descent.trace`."""
        return self.reached.table

    @property
    def bowl(self) -> Bowl:
        """The loss being descended."""
        return self.choice.descent.bowl

    @property
    def step(self) -> int:
        """The last finite step, which is where every view stops."""
        return self.choice.descent.reached

    @property
    def last(self) -> int:
        """The last step on the axes: those not yet taken are there, too, up to 50."""
        return max(self.step, LOOPED)

    @property
    def unit(self) -> str:
        """What a, b and c are parameters of: "t", or standardised time with its definition."""
        if self.bowl.scale == 1:
            return "t"
        return f"u = (t − {self.bowl.shift:.4g}) / {self.bowl.scale:.4g}"


def path_and_directions(shown: Shown) -> None:
    """The parameters between rings of equal loss, and what each eigen-direction still costs."""
    plane = st.segmented_control(
        "Parameters shown",
        PLANES,
        default=PLANES[0],
        required=True,
        key="plane",
        bind="query-params",
    )
    ways, directions = st.columns(2, gap="large")
    with ways:
        _path(shown, plane)
    names = tuple(path.direction_names(shown.bowl))
    draw(
        cached.structure(path.directions_chart, names, shown.last, shown.palette),
        directions,
        cached.of_descent(
            (shown.choice.key, "directions"),
            lambda: direction_tables(shown.choice.descent, shown.reached),
        ),
        alt=f"Loss that each eigen-direction still causes, by step. {'; '.join(names)}",
    )


def _path(shown: Shown, plane: str) -> None:
    best = [f"{shown.bowl.optimum[place]:.4g}" for place in path.places(plane)]
    draw(
        cached.structure(path.path_chart, plane, shown.unit[0], shown.palette),
        tables=cached.of_descent(
            (shown.choice.key, plane),
            lambda: path_tables(shown.choice.descent, shown.reached, plane),
        ),
        alt=f"Path of {plane} on rings of equal loss to the best possible, {best[0]} and "
        f"{best[1]}; the tab One step has where it is now",
    )


def first_states(shown: Shown) -> None:
    """The notebook's strip of four panels, all on its own y limits."""
    low, high = fits.BOOK_WINDOW
    st.markdown(
        f"The notebook's strip: the start and the states after steps 1, 2 and 3, always from "
        f"{signed(low)} to {signed(high)}."
    )
    for state, column in enumerate(st.columns(4)):
        at = parameters_after(shown.choice.descent, state)
        out = fits.clipped(shown.bowl, at, fits.BOOK_WINDOW)
        draw(
            fits.strip_panel(shown.bowl, at, state, shown.palette),
            column,
            alt=f"State {state}, loss {number(loss(shown.bowl, at))}. "
            f"{fits.outside(out, shown.choice.points)}",
        )


def arithmetic(shown: Shown) -> None:
    """The next step as numbers: gradient, lr × gradient, new parameters, loss before and after."""
    bowl, lr, u = shown.bowl, shown.choice.descent.lr, shown.unit[0]
    table = one_step(bowl, shown.now, lr)
    st.markdown(
        f"Step {shown.step + 1:,}, from the state shown above. With error = prediction − speed, "
        f"the gradient is 2 · mean(error · {u}²), 2 · mean(error · {u}) and 2 · mean(error). "
        f"The step subtracts lr × gradient, with lr {rate(lr)}."
    )
    controls.table(
        table,
        "Parameter, gradient, lr × gradient and the parameter after the step",
        signed=dict.fromkeys(table.columns[1:], ".6g"),
    )
    before, then = loss(bowl, shown.now), loss(bowl, table["After"].to_numpy())
    change = "more" if then > before else "less"
    of_u = "" if bowl.scale == 1 else f" In the table a, b and c belong to {shown.unit}."
    st.markdown(
        f"The loss goes from {number(before)} to {number(then)}, {number(abs(then - before))} "
        f"{change}. The curve shown is "
        f"{parabola(*from_basis(bowl, shown.now))}.{of_u}"
    )


def learning_rates(shown: Shown) -> None:
    """The loss after the chosen steps for every learning rate of the ladder, limit marked."""
    descent, domain = shown.choice.descent, shown.choice.domain
    ends = sweep(shown.bowl, descent.start, descent.steps, np.geomspace(*domain, 400))
    best = ends.loc[ends["Loss"].idxmin()]
    steps = fits.words_of(descent.steps)
    told = (
        f"Best of 400 rates: {rate(best['Learning rate'])}, loss {number(best['Loss'])}. "
        f"The limit is {rate(shown.bowl.limit)}"
    )
    chart = race.sweep_chart(
        ends, bands(shown.bowl), descent.lr, shown.bowl, domain, shown.palette
    ).properties(height=400)
    draw(
        titled(chart, f"The loss after {steps}, for every learning rate", told, shown.palette),
        alt=f"Loss after {steps} against the learning rate. {told}.",
    )


def optimisers(shown: Shown) -> None:
    """Four ways down and the cure, each at its own learning rate."""
    choice, bowl = shown.choice, shown.bowl
    sizes = [size for size in BATCHES if size <= choice.points]
    memory.reset_unless("batch", lambda size: size in sizes, BATCHES[0])
    batch = st.segmented_control(
        "Points in a mini-batch",
        sizes,
        default=BATCHES[0],
        required=True,
        key="batch",
        bind="query-params",
    )
    start = tuple(choice.descent.start)
    curves, standings = cached.raced(choice.draw, start, bowl.scale != 1, batch)
    table = race.standings_table(standings, bowl.goal)
    draw(
        race.race_chart(curves, list(table["Method"]), bowl, shown.palette),
        alt="Loss of each method against passes over the data; the figures are in the table.",
    )
    st.markdown(
        f"The goal is a loss of {number(bowl.goal)}; the race ends after {PASSES:,} passes over "
        "the data. For plain descent the closed form knows the passes beyond it, too."
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
    code.code(as_code(choice.descent, *choice.draw), language="python")
    rows = shown.table.loc[shown.table["Step"] <= shown.step, ["Step", "Loss", *PARAMETERS]]
    fitted = [predictions(shown.bowl, theta) for theta in rows[list(PARAMETERS)].to_numpy()]
    named = [f"fit at t = {t:.4g}" for t in shown.bowl.time]
    whole = pd.concat([rows, pd.DataFrame(fitted, rows.index, named)], axis=1)
    with figures:
        controls.csv_button(whole, "descent.csv", "csv")
        controls.table(
            rows, "Loss and parameters at each step shown", signed=dict.fromkeys(PARAMETERS, ".6g")
        )
    lr = choice.descent.lr if shown.bowl.scale == 1 else BOOK_LR
    figures.markdown(
        f"The ten losses the notebook's loop prints at lr {rate(lr)}, in float32 and in float64:"
    )
    figures.dataframe(
        printed_losses(cached.points(*choice.draw), lr),
        hide_index=True,
        column_config={kind: st.column_config.NumberColumn(format="%.4f") for kind in PRECISIONS},
        alt="The first ten losses on unstandardised time, in float32 and in float64",
    )
