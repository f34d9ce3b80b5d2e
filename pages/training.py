"""Can the templates learn to do better, by the same small steps?"""

import streamlit as st

from dashboard import (
    cached,
    controls,
    filters,
    gallery,
    heatmaps,
    memory,
    opening,
    say,
    sharing,
    training_controls,
    words,
)
from dashboard.charts import training as charts
from dashboard.drawing import draw
from dashboard.panels import panel
from engine.comparison import changes_by_digit, compare
from engine.digits import noun

SHOWN_AT_ONCE = 18

study = opening.open_study()
digits, palette = study.digits, controls.theme()
before = cached.study(digits, "L1 mean")
st.markdown(
    f"Training starts from the {len(before.classes)} mean templates, whatever model is chosen: "
    f"{words.headline(before.n_right, before.n_images)}. Mini-batch SGD on the cross-entropy of "
    "−scale\u00a0×\u00a0distance moves their pixels; classifier, distance and rule stay the same. "
    "It sees training images only; the test images judge at the end."
)

left, right = st.columns([2, 5], gap="large")
with left:
    recipe = training_controls.recipe()
    training = training_controls.buttons(digits, recipe)
with right:
    training_controls.watch(training, before, palette)


def verdict() -> None:
    """What the test images say of the learned templates, in a sentence, a chart and a table."""
    table = changes_by_digit(compared)
    gain = after.n_right - before.n_right
    share = words.percent(before.n_right / before.n_images, 2)
    st.markdown(
        f"{words.headline(after.n_right, after.n_images)}, where the mean templates had {share}: "
        f"**{table['fixed'].sum():,} fixed**, "
        f"**{table['broken'].sum():,} broken**, {words.minus(f'{gain:+,}')} in all, in "
        f"{training.busy_s:.1f} s of computing. Every page can now use them: they are "
        f"*{opening.OWN}* in the sidebar."
    )
    bars, change = st.columns([3, 2], gap="large")
    draw(
        charts.changes_chart(table, palette),
        bars,
        alt=f"Test images fixed and broken by true {noun(before.classes)}: "
        + ", ".join(f"{r.digit} {r.fixed} fixed {r.broken} broken" for r in table.itertuples()),
    )
    with change:
        controls.table(
            table.drop(columns=["change", "low", "high"]).rename(
                columns={"digit": noun(before.classes)}
            ),
            f"Right before and after, fixed and broken per {noun(before.classes)}",
        )


def images() -> None:
    """The clearest test images that training fixed, or broke."""
    memory.restore(change="fixed")
    which = st.segmented_control(
        "Test images", ["fixed", "broken"], default="fixed", required=True, key="change",
        bind="query-params",
    )  # fmt: skip
    memory.remember("change")
    rows = compared[compared["change"] == which].sort_values("margin", ascending=False)
    shown = rows.head(SHOWN_AT_ONCE)
    if rows.empty:
        st.text(f"No test image was {which}.")
        return
    if which == "fixed":  # shown with the answer they were saved from
        shown = shown.assign(predicted=shown["was"], right=False)
    told = say.models.shown_as(which, "the mean templates", "the learned ones")
    st.caption(f"{len(shown):,} of {len(rows):,}. {told}")
    gallery.gallery(
        shown,
        digits.testing,
        palette,
        key="training_gallery",
        label=f"Test images {which} by training",
        on_open=lambda index: filters.open_image(
            index, model="L1 mean" if which == "fixed" else opening.OWN
        ),
    )


def one_template() -> None:
    """One template before and after, and what training added and took away."""
    names = [str(digit) for digit in before.classes]
    memory.restore(template=names[0])
    memory.reset_unless("template", lambda name: name in names, names[0])  # of other data
    digit = controls.one_of("Template", names, "template", names[0], bind="query-params")
    memory.remember("template")
    old, new = (one.templates[names.index(digit)] for one in (before, after))
    titles = f"{digit} before: the mean image", f"{digit} after training", f"{digit}: the change"
    heatmaps.side_by_side(old, new, new - old, titles, palette, digits)


if training is not None and not training.active and training.looks:
    after = training_controls.judged(training, digits)
    compared = compare(before, after)
    st.subheader("The test images judge")
    with panel("What the test images say"):
        verdict()
    with panel("The images"):
        images()
    st.subheader("One template, before and after")
    with panel("One template, before and after"):
        one_template()
sharing.link_here()
