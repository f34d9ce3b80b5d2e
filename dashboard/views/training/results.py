"""What a training that ended is worth: judged on the test images, against the mean templates."""

import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.charting import training as training_charts
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.components import gallery
from dashboard.session import keys, uploads, url_state, viewer_models
from dashboard.text import numbers
from dashboard.views import templates
from dashboard.widgets import filters, inputs
from dashboard.widgets.panel import panel
from engine.datasets.dataset import Dataset, class_noun
from engine.evaluation.comparison import Change, changes_by_digit, compare
from engine.evaluation.evaluation import Evaluation, judge
from engine.io.numbers import minus, percent
from engine.models.learned_templates import LearnedTemplates, Recipe
from engine.models.registry import MODELS, Model
from engine.runtime.training_jobs import Training

SHOWN_AT_ONCE = 18


def results(training: Training, chosen: Recipe, before: Evaluation, palette: Palette) -> None:
    """What the test images say of it, the images it changed, and one template of it.

    ``chosen`` are the settings now, which may be others than those it was trained with.
    """
    after = _judged(training, before.dataset)
    compared = compare(before, after)
    st.subheader("Results on the test set")
    with panel("The recipe"):
        _recipe(st.session_state[keys.TRAINING].recipe, chosen)
    with panel("What the test images say"):
        _verdict(before, after, compared, training.busy_s, palette)
    with panel("The images"):
        _images(compared, before.dataset, palette)
    st.subheader("One template, before and after")
    with panel("One template, before and after"):
        _one_template(before, after, palette)


def _recipe(trained: Recipe, chosen: Recipe) -> None:
    """What was trained with, whether that is still what is chosen, and the earlier runs."""
    st.markdown(f"Trained with {text.training.recipe(trained)}.")
    if moved := text.training.belongs_to(trained, chosen):
        st.warning(moved)
    rows = [
        (name, text.training.recipe(run.classifier), run.dataset.name, run.n_right / run.n_images)
        for name, run in uploads.runs().items()
    ]
    if rows:
        st.caption("Earlier runs of this visit; each can be chosen in the sidebar.")
        table = pd.DataFrame(rows, columns=["name", "recipe", "data", "accuracy"])
        inputs.table(
            table, "Earlier trainings with their recipe and accuracy", ["accuracy"], least=2
        )


def _judged(training: Training, dataset: Dataset) -> Evaluation:
    """What was learned, judged on the test images once and kept as this viewer's own model."""
    state = st.session_state
    made = state.get(keys.TRAINED)
    if made is None or made.dataset.key != dataset.key:
        held = state[keys.TRAINING]
        last = training.looks[-1].templates
        classifier = LearnedTemplates.holding(held.recipe, held.classes, last)
        model = Model("Templates learned here", MODELS["L1 learned"].rule, LearnedTemplates)
        made = state[keys.TRAINED] = judge(dataset, model, classifier)
        st.rerun()  # the sidebar, already drawn, can offer them now
    return made


def _verdict(
    before: Evaluation, after: Evaluation, compared: pd.DataFrame, busy_s: float, palette: Palette
) -> None:
    """What the test images say of the learned templates, in a sentence, a chart and a table."""
    table, noun = changes_by_digit(compared), class_noun(before.classes)
    gain = after.n_right - before.n_right
    share = percent(before.n_right / before.n_images, 2)
    st.markdown(
        f"{numbers.headline(after)}, where the mean templates had {share}: "
        f"**{table['fixed'].sum():,} fixed**, "
        f"**{table['broken'].sum():,} broken**, {minus(f'{gain:+,}')} in all, in "
        f"{busy_s:.1f} s of computing. Every page can now use them: they are "
        f"*{viewer_models.OWN}* in the sidebar."
    )
    bars, change = st.columns([3, 2], gap="large")
    draw(
        training_charts.changes_chart(table, palette),
        bars,
        alt=f"Test images fixed and broken by true {noun}: "
        + ", ".join(f"{r.digit} {r.fixed} fixed {r.broken} broken" for r in table.itertuples()),
    )
    with change:
        inputs.table(
            table.drop(columns=["change", "low", "high"]).rename(columns={"digit": noun}),
            f"Right before and after, fixed and broken per {noun}",
        )


def _images(compared: pd.DataFrame, dataset: Dataset, palette: Palette) -> None:
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
    if which == Change.FIXED:  # shown with the answer they were saved from
        shown = shown.assign(predicted=shown["was"], right=False)
    told = text.comparison.shown_as(which, "the mean templates", "the learned templates")
    gallery.gallery(
        shown,
        dataset.testing,
        palette,
        key="training_gallery",
        label=f"Test images {which} by training",
        on_open=lambda index: filters.open_image(
            index, model="L1 mean" if which == Change.FIXED else viewer_models.OWN
        ),
        told=f"{len(shown):,} of {len(rows):,}. {told}",
    )


def _one_template(before: Evaluation, after: Evaluation, palette: Palette) -> None:
    """One template before and after, and what training added and took away."""
    names = [str(digit) for digit in before.classes]
    url_state.restore(template=names[0])
    url_state.reset_unless("template", lambda name: name in names, names[0])  # of other data
    name = inputs.one_of("Template", names, "template", names[0], bind="query-params")
    url_state.remember("template")
    old, new = (one.templates[names.index(name)] for one in (before, after))
    titles = f"{name} before: the mean image", f"{name} after training", f"{name}: the change"
    templates.side_by_side(old, new, new - old, titles, palette, before.dataset)
