"""The overview's parts: the figures, the templates, the recalls, and why the accuracy is so."""

import streamlit as st

from dashboard import text
from dashboard.charting import per_class
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.services import (
    calibration,
    charts,
    cures,
    datasets,
    evaluations,
    label_review,
    slices,
)
from dashboard.session import viewer_models
from dashboard.text import numbers
from dashboard.text.confusion_matrix import Summary
from dashboard.text.markdown import as_text, plain
from dashboard.text.slices import rules
from dashboard.widgets import filters, image_grid
from dashboard.widgets.ways import way
from engine.cures.recipe import recipe_named
from engine.datasets.dataset import class_noun as noun_of
from engine.evaluation import metrics, template_bias
from engine.evaluation.evaluation import Evaluation
from engine.io.numbers import percent
from engine.label_review.neighbors import TESTING
from engine.label_review.suspects import suspects
from engine.models.registry import MODELS

ANOTHER = ("L2 mean", "L1 mean")  # the other measure, which takes a blink
CLOSE_TO_ALL = 0.99  # accuracy from which test images that are in training, too, are looked for


def figures(evaluation: Evaluation, said: Summary) -> None:
    """The rule of the model in a sentence, and the four figures to know first."""
    class_noun = noun_of(evaluation.classes)
    each = f"Each {class_noun} has one template. " if evaluation.has_templates else ""
    st.markdown(
        f"{each}The answer is the {class_noun} {evaluation.model.rule}. "
        f"{plain(evaluation.dataset.name)}: **{numbers.headline(evaluation)}**. {said.baseline}"
    )
    _say_what_flatters(evaluation)
    if fit := text.comparison.convergence(evaluation.classifier):
        st.caption(fit)
    row = st.container(horizontal=True)
    n_wrong = evaluation.n_images - evaluation.n_right
    accuracy = percent(evaluation.n_right / evaluation.n_images, 2)
    ends = numbers.interval(evaluation.n_right, evaluation.n_images, 2)
    images = numbers.count(evaluation.n_images, "test image")
    with row:
        _figure("Accuracy", accuracy, f"95 % interval {ends}")
        _figure("Errors", f"{n_wrong:,}", f"of {images}")
        for label, scores in said.extremes.items():
            name, rate = plain(scores["digit"]), percent(scores["recall"], 1)
            of = f"of {scores['images']:,} right"
            if len(str(scores["digit"])) < 6:  # short enough to stand large
                _figure(f"{label} {class_noun}", name, f"{rate} {of}")
            else:
                _figure(f"{label} {class_noun}", rate, f"{of}, {name}", "content")


def _say_what_flatters(evaluation: Evaluation) -> None:
    """How many test images are in training, too, where nearly all are right."""
    if evaluation.is_sample or evaluation.n_right < CLOSE_TO_ALL * evaluation.n_images:
        return
    if same := datasets.identical(evaluation.dataset):
        st.warning(text.dataset.flattered(len(same), len(evaluation.dataset.testing)))


def _figure(label: str, value: str, below: str, width: int | str = 170) -> None:
    """A figure, and under it what it is a part of, or how sure it is."""
    st.metric(label, value, below, delta_arrow="off", delta_color="off", width=width)


def templates(evaluation: Evaluation, palette: Palette) -> None:
    """All templates in a grid."""
    st.subheader(f"The {len(evaluation.classes)} templates")
    st.html(evaluations.of_evaluation(evaluation, image_grid.templates, palette))


def recalls(evaluation: Evaluation, said: Summary, palette: Palette) -> None:
    """How often each class is recognised, beside the rate over all."""
    class_noun = noun_of(evaluation.classes)
    draw(
        charts.chart(
            per_class.rate_bars,
            evaluation.scores,
            "recall",
            f"How often each {class_noun} is recognised",
            palette,
            evaluation.n_right / evaluation.n_images,
            of=evaluation.dataset,
        ),
        alt=f"Recall of each {class_noun}. {as_text(said.best_and_worst)}",
    )


def why_this_accuracy(evaluation: Evaluation, said: Summary) -> None:
    """What stands out, each finding with a way to the page that shows it."""
    st.subheader(f"Why {percent(evaluation.n_right / evaluation.n_images, 2)}?")
    st.markdown(said.best_and_worst)
    way("What is taken for what", "confusion")
    _sink(evaluation, said)
    if evaluation.has_templates:
        _template_bias(evaluation)
    _other_measure(evaluation)
    if evaluation.is_sample:  # what follows needs all images
        return
    _slices(evaluation)
    _cures(evaluation)
    _labels(evaluation)
    _trust(evaluation)


def _other_measure(evaluation: Evaluation) -> None:
    """What the mean templates with the other measure get right, where that is more, or L1's."""
    other = next(name for name in ANOTHER if MODELS[name] is not evaluation.model)
    right = evaluations.right_of(other, evaluation)
    if evaluation.model not in MODELS.values() and right <= evaluation.n_right:
        return
    st.markdown(text.comparison.another(evaluation, other, right))
    way("What it fixes and breaks", "compare", compare_to=other, **filters.only(subset="all"))


def _labels(evaluation: Evaluation) -> None:
    """How many labels the nearest images doubt, once somebody has asked for it."""
    found = label_review.known(evaluation.dataset, TESTING)
    if found is None:
        st.markdown("A label may be wrong, too: the nearest images tell where to look.")
    else:
        doubted = suspects(found, evaluation.dataset.testing.labels)
        every = len(evaluation.dataset.testing)
        st.markdown(text.labels.found(doubted, every, TESTING))
    way("Which labels are wrong", "labels")


def _trust(evaluation: Evaluation) -> None:
    """How far its calibrated probabilities are off, once somebody has asked for them."""
    if (found := calibration.known(evaluation)) is not None:
        bins = evaluations.of_evaluation(evaluation, calibration.bins_of, found)
        st.markdown(text.trust.reliability.in_short(bins))
    way("How far it can be trusted", "trust")


def _sink(evaluation: Evaluation, said: Summary) -> None:
    """The class that draws the most wrong answers."""
    place = metrics.sink(evaluation.scores)
    if place is None:
        st.markdown("Every test image is right.")
        return
    digit = str(evaluation.scores["digit"][place])
    st.markdown(said.sink)
    wrongly = f"The images that are wrongly called {plain(digit)}"
    way(wrongly, "errors", **filters.only(predicted=digit))


def _slices(evaluation: Evaluation) -> None:
    """The worst slice, once somebody has looked for slices and one holds, and the way there."""
    if evaluation.n_right == evaluation.n_images:
        return
    search = slices.known(evaluation)
    if search is not None and search.slices:
        st.markdown(rules.worst(search))
    way("Which kind of images it gets wrong", "slices", slices_tab="Worst slices")


def _cures(evaluation: Evaluation) -> None:
    """The cure that gains most, once the ladder is known, and the way to it."""
    recipe = recipe_named(viewer_models.name_of(evaluation))
    if recipe is None or evaluation.n_right == evaluation.n_images:
        return
    ladder = cures.known(evaluation, recipe)
    st.markdown(text.cures.best(ladder) if ladder is not None else text.cures.NOT_TRIED)
    way("Which change would help most", "cures")


def _template_bias(evaluation: Evaluation) -> None:
    """The property of the templates that goes with the surplus of predictions, if one does."""
    found = template_bias.relation(evaluation.templates, evaluation.counts)
    if found is not None:
        st.markdown(text.templates.bias(found))
        way(f"The {found.name} of each template", "templates")
