"""Can the templates learn to do better, by the same small steps?"""

import streamlit as st

from dashboard import text
from dashboard.charting import training as training_charts
from dashboard.charting.render import draw
from dashboard.components import gallery
from dashboard.services import evaluations
from dashboard.session import url_state
from dashboard.text import numbers
from dashboard.views import dataset_and_model, templates, training
from dashboard.widgets import filters, inputs, sharing
from dashboard.widgets.panel import panel
from engine.datasets.dataset import class_noun
from engine.evaluation.comparison import changes_by_digit, compare
from engine.io.numbers import minus, percent

SHOWN_AT_ONCE = 18

evaluation = dataset_and_model.open_evaluation()
dataset, palette = evaluation.dataset, inputs.theme()
before = evaluations.evaluation(dataset, "L1 mean")
st.markdown(
    f"Training starts from the {len(before.classes)} mean templates, whatever model is chosen: "
    f"{numbers.headline(before.n_right, before.n_images)}. Mini-batch SGD on the cross-entropy of "
    "−scale\u00a0×\u00a0distance moves their pixels; classifier, distance and rule stay the same. "
    "It sees training images only; the test images judge at the end."
)

left, right = st.columns([2, 5], gap="large")
with left:
    recipe = training.recipe()
    job = training.buttons(dataset, recipe)
with right:
    training.watch(job, before, palette)


def verdict() -> None:
    """What the test images say of the learned templates, in a sentence, a chart and a table."""
    table = changes_by_digit(compared)
    gain = after.n_right - before.n_right
    share = percent(before.n_right / before.n_images, 2)
    st.markdown(
        f"{numbers.headline(after.n_right, after.n_images)}, where the mean templates had {share}: "
        f"**{table['fixed'].sum():,} fixed**, "
        f"**{table['broken'].sum():,} broken**, {minus(f'{gain:+,}')} in all, in "
        f"{job.busy_s:.1f} s of computing. Every page can now use them: they are "
        f"*{dataset_and_model.OWN}* in the sidebar."
    )
    bars, change = st.columns([3, 2], gap="large")
    draw(
        training_charts.changes_chart(table, palette),
        bars,
        alt=f"Test images fixed and broken by true {class_noun(before.classes)}: "
        + ", ".join(f"{r.digit} {r.fixed} fixed {r.broken} broken" for r in table.itertuples()),
    )
    with change:
        inputs.table(
            table.drop(columns=["change", "low", "high"]).rename(
                columns={"digit": class_noun(before.classes)}
            ),
            f"Right before and after, fixed and broken per {class_noun(before.classes)}",
        )


def images() -> None:
    """The clearest test images that training fixed, or broke."""
    url_state.restore(change="fixed")
    which = st.segmented_control(
        "Test images", ["fixed", "broken"], default="fixed", required=True, key="change",
        bind="query-params",
    )  # fmt: skip
    url_state.remember("change")
    rows = compared[compared["change"] == which].sort_values("margin", ascending=False)
    shown = rows.head(SHOWN_AT_ONCE)
    if rows.empty:
        st.text(f"No test image was {which}.")
        return
    if which == "fixed":  # shown with the answer they were saved from
        shown = shown.assign(predicted=shown["was"], right=False)
    told = text.comparison.shown_as(which, "the mean templates", "the learned ones")
    st.caption(f"{len(shown):,} of {len(rows):,}. {told}")
    gallery.gallery(
        shown,
        dataset.testing,
        palette,
        key="training_gallery",
        label=f"Test images {which} by training",
        on_open=lambda index: filters.open_image(
            index, model="L1 mean" if which == "fixed" else dataset_and_model.OWN
        ),
    )


def one_template() -> None:
    """One template before and after, and what training added and took away."""
    names = [str(digit) for digit in before.classes]
    url_state.restore(template=names[0])
    url_state.reset_unless("template", lambda name: name in names, names[0])  # of other data
    digit = inputs.one_of("Template", names, "template", names[0], bind="query-params")
    url_state.remember("template")
    old, new = (one.templates[names.index(digit)] for one in (before, after))
    titles = f"{digit} before: the mean image", f"{digit} after training", f"{digit}: the change"
    templates.side_by_side(old, new, new - old, titles, palette, dataset)


if job is not None and not job.active and job.looks:
    after = training.judged(job, dataset)
    compared = compare(before, after)
    st.subheader("Results on the test set")
    with panel("What the test images say"):
        verdict()
    with panel("The images"):
        images()
    st.subheader("One template, before and after")
    with panel("One template, before and after"):
        one_template()
sharing.link_here()
