"""Is this fit good, why not, and what would make it so?"""

import numpy as np
import streamlit as st

from dashboard import cached, controls, descent_controls
from dashboard.charts import descent as losses
from dashboard.charts import path, race
from dashboard.charts import playground as fits
from dashboard.charts.base import titled
from engine.as_code import as_code
from engine.contours import rings, window
from engine.descent import loss, one_step, parameters_after, sweep, trace
from engine.eigen import bands, from_basis
from engine.tasks import tasks
from engine.verdict import judge
from engine.wording import number, percent, rate, signed

ICONS = {"converged": "check_circle", "not converged": "hourglass_bottom", "diverges": "warning"}
PLANES = ["a and b", "a and c", "b and c"]
VIEWS = ["Path", "First four states", "One step", "Learning rates", "Race", "Exercises", "Code"]

st.title("Is this fit good?")
st.markdown(
    "A parabola is fitted to noisy speeds by gradient descent. Move the learning rate and the "
    "steps: the verdict says how good the fit is, why, and what would help."
)
palette = controls.theme()
left, right = st.columns([2, 5], gap="large")
with left:
    choice = descent_controls.choose(palette)
descent = choice.descent
bowl, lr, step = descent.bowl, descent.lr, descent.reached
now = parameters_after(descent, step)
verdict = judge(descent)
table = trace(descent, max(step, 50) if descent.stopped is None else step)
words = fits.words_of(step)

with right:
    with st.container(border=True):
        st.markdown(f"#### :material/{ICONS[verdict.status]}: {verdict.headline}")
        st.markdown("\n".join(f"- {sentence}" for sentence in verdict.sentences))
    figures = st.container(horizontal=True, gap="large")
    figures.metric("Loss", number(verdict.loss), width="content")
    figures.metric("Optimum L*", number(bowl.floor) if bowl.has_noise else "0", width="content")
    figures.metric("R²", signed(verdict.r2), width="content")
    figures.metric("Share of the lr limit", percent(verdict.share_of_limit), width="content")
    more = "never" if verdict.more is None else f"{verdict.more:,}"
    figures.metric("Steps still needed", more, width="content")
    fit, curve = st.columns(2)
    fit.altair_chart(
        fits.fit_chart(bowl, now, step, palette),
        alt=f"The points, the curve after {words}, the best possible curve and the mean. "
        f"{verdict.sentences[0]}",
    )
    curve.altair_chart(
        losses.loss_chart(table, step, bowl, palette),
        key="loss_chart",
        on_select=descent_controls.go_to_clicked,
        alt=f"Loss by step on a log axis, from {number(table['Loss'].iloc[0])} at the start to "
        f"{number(verdict.loss)} after {words}. Lines: the optimum {number(bowl.floor)} and "
        f"guessing the mean, {number(bowl.flat)}.",
    )

views = dict(zip(VIEWS, st.tabs(VIEWS, key="view", bind="query-params"), strict=True))
unit = "t" if bowl.scale == 1 else f"u = (t − {bowl.shift:.4g}) / {bowl.scale:.4g}"
with views["Path"] as tab:
    if tab.open:
        plane = st.segmented_control(
            "Parameters shown",
            PLANES,
            default=PLANES[0],
            required=True,
            key="plane",
            bind="query-params",
        )
        pair = path.places(plane)
        third = ({0, 1, 2} - set(pair)).pop()
        frame = window(path.in_view(table, step, bowl, plane))
        ways, directions = st.columns(2, gap="large")
        ways.altair_chart(
            titled(
                path.path_chart(
                    table, step, rings(bowl, now, pair, frame), plane, bowl, frame, palette
                ),
                f"The path of {plane}, parameters of {unit.split()[0]}",
                f"Rings: equal loss while {'abc'[third]} is held at {now[third]:.4g}",
            ),
            alt=f"Path of {plane} over {words} on rings of equal loss, now at "
            f"{now[pair[0]]:.4g} and {now[pair[1]]:.4g}; the best possible is at "
            f"{bowl.optimum[pair[0]]:.4g} and {bowl.optimum[pair[1]]:.4g}.",
        )
        directions.altair_chart(
            path.directions_chart(table, step, bowl, palette),
            alt="Loss that each eigen-direction still causes, by step. "
            + "; ".join(path.direction_names(bowl)),
        )

with views["First four states"] as tab:
    if tab.open:
        st.markdown("The notebook's strip: the start and the states after steps 1, 2 and 3.")
        for state, column in enumerate(st.columns(4)):
            at = parameters_after(descent, state)
            column.altair_chart(
                fits.strip_panel(bowl, at, state, palette),
                alt=f"State {state}, loss {number(loss(bowl, at))}. "
                f"{fits.outside(fits.clipped(bowl, at, fits.BOOK_WINDOW))}",
            )

with views["One step"] as tab:
    if tab.open:
        arithmetic = one_step(bowl, now, lr)
        after = arithmetic["After"].to_numpy()
        raw = from_basis(bowl, now)
        st.markdown(
            f"Step {step + 1:,}, from the state shown above. With error = prediction − speed, the "
            f"gradient is 2 · mean(error · {unit[0]}²), 2 · mean(error · {unit[0]}) and "
            f"2 · mean(error). lr is {rate(lr)}."
        )
        st.dataframe(
            arithmetic,
            hide_index=True,
            column_config={
                name: st.column_config.NumberColumn(format="%.6g")
                for name in arithmetic.columns[1:]
            },
            alt="Parameter, gradient, lr × gradient and the parameter after the step",
        )
        st.markdown(
            f"Loss {number(loss(bowl, now))} becomes {number(loss(bowl, after))}. "
            f"The curve now is {signed(raw[0])} t² + {signed(raw[1])} t + {signed(raw[2])}"
            + ("." if bowl.scale == 1 else f"; a, b and c above belong to {unit}.")
        )

with views["Learning rates"] as tab:
    if tab.open:
        rates = np.geomspace(*choice.domain, 400)
        ends = sweep(bowl, descent.start, descent.steps, rates)
        best = ends.loc[ends["Loss"].idxmin()]
        told = (
            f"Best of 400 after {fits.words_of(descent.steps)}: {rate(best['Learning rate'])}, "
            f"loss {number(best['Loss'])}. Limit: {rate(bowl.limit)}"
        )
        st.altair_chart(
            titled(
                race.sweep_chart(ends, bands(bowl), lr, bowl, choice.domain, palette),
                f"The loss after {fits.words_of(descent.steps)}, for every learning rate",
                told,
            ).properties(height=400),
            alt=told,
        )

with views["Race"] as tab:
    if tab.open:
        sizes = [size for size in (1, 2, 5, 10, 20) if size <= choice.points]
        batch = st.segmented_control(
            "Points in a mini-batch",
            sizes,
            default=1,
            required=True,
            key="batch",
            bind="query-params",
        )
        draw = (choice.seed, choice.points, choice.noise)
        curves, standings = cached.raced(draw, tuple(descent.start), bowl.scale != 1, batch)
        st.altair_chart(
            race.race_chart(curves, list(standings["Method"]), bowl, palette),
            alt="Loss of each method against passes over the data; the figures are in the table.",
        )
        st.dataframe(
            standings,
            hide_index=True,
            column_config={
                "Learning rate": st.column_config.NumberColumn(format="%.3g"),
                "Loss at the end": st.column_config.NumberColumn(format="%.4g"),
                "Passes to the goal": st.column_config.NumberColumn(format="localized"),
            },
            alt="Learning rate, passes to within 1 % of the optimum and final loss of each method",
        )

with views["Exercises"] as tab:
    if tab.open:
        for task in tasks(descent):
            mark = "check_circle" if task.done else "radio_button_unchecked"
            st.markdown(f":material/{mark}: **{task.title}**  \n{task.answer}")

with views["Code"] as tab:
    if tab.open:
        code, figures = st.columns(2, gap="large")
        code.code(as_code(descent, choice.seed, choice.points, choice.noise), language="python")
        rows = table.loc[table["Step"] <= step, ["Step", "Loss", "a", "b", "c"]]
        figures.download_button(
            "Download as CSV", rows.to_csv(index=False), "descent.csv", "text/csv", key="csv"
        )
        figures.dataframe(rows, hide_index=True, alt="Loss and parameters at each step shown")
