"""How good is this classifier, and where does it fail first?"""

import streamlit as st

from dashboard import text
from dashboard.charting import per_class
from dashboard.charting.render import draw
from dashboard.services import charts, evaluations
from dashboard.session import url_state
from dashboard.text import numbers
from dashboard.text.markdown import as_text, plain
from dashboard.views import dataset_and_model
from dashboard.widgets import filters, image_grid, inputs, sharing
from dashboard.widgets.panel import panel
from engine.datasets.dataset import class_noun as noun_of
from engine.evaluation import metrics, template_bias
from engine.io.numbers import percent
from engine.models.registry import MODELS

ANOTHER = ("L2 mean", "L1 mean")  # the other measure, which takes a blink
BETTER = "5 neighbours"
NOT_FITTED = "are fitted on first use, which takes about half a minute on MNIST"

evaluation = dataset_and_model.open_evaluation()
palette = inputs.theme()
said = evaluations.of_evaluation(evaluation, text.confusion_matrix.summary)

with panel("The figures"):
    class_noun = noun_of(evaluation.classes)
    each = f"Each {class_noun} has one template. " if evaluation.explains else ""
    st.markdown(
        f"{each}The answer is the {class_noun} {evaluation.model.rule}. "
        f"On {plain(evaluation.dataset.name)}, "
        f"**{numbers.headline(evaluation.n_right, evaluation.n_images)}**."
    )

    if fit := text.comparison.convergence(evaluation.classifier):
        st.caption(fit)

    figures = st.container(horizontal=True)

    def figure(label: str, value: str, below: str, width: int | str = 150) -> None:
        """A figure, and under it what it is a part of, or how sure it is."""
        figures.metric(label, value, below, delta_arrow="off", delta_color="off", width=width)

    n_wrong, accuracy = (
        evaluation.n_images - evaluation.n_right,
        evaluation.n_right / evaluation.n_images,
    )
    ends = numbers.interval(evaluation.n_right, evaluation.n_images)
    figure("Accuracy", percent(accuracy, 2), f"95 % interval {ends}", 170)
    figure("Errors", f"{n_wrong:,}", f"of {numbers.count(evaluation.n_images, 'test image')}", 170)
    for label, row in said.extremes.items():
        name, rate = plain(row["digit"]), percent(row["recall"], 1)
        of = f"of {row['images']:,} right"
        if len(str(row["digit"])) < 6:  # short enough to stand large
            figure(f"{label} {class_noun}", name, f"{rate} {of}", 170)
        else:
            figure(f"{label} {class_noun}", rate, f"{of}, {name}", "content")

left, right = st.columns([3, 2], gap="large")
if evaluation.explains:
    with left, panel("The templates"):
        st.subheader(f"The {len(evaluation.classes)} templates")
        inputs.framed(evaluation.classes, "overview_templates").html(
            evaluations.of_evaluation(evaluation, image_grid.templates, palette)
        )
with left, panel("How often each digit is recognised"):
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


def go(label: str, page: str, /, **choices: object) -> None:
    """A way to the page that shows what the sentence above it says, on these choices alone."""
    st.button(
        label,
        icon=":material/arrow_forward:",
        type="tertiary",
        on_click=url_state.go,
        args=(page,),
        kwargs=choices,
    )


with right, panel("Why this accuracy?"):
    st.subheader(f"Why {percent(accuracy, 2)}?")
    st.markdown(said.best_and_worst)
    go("What is taken for what", "confusion")
    place = metrics.sink(evaluation.scores)
    if place is None:
        st.markdown("Every test image is right.")
    else:
        digit = str(evaluation.scores["digit"][place])
        st.markdown(said.sink)
        go(
            f"The images that are wrongly called {plain(digit)}",
            "errors",
            **filters.only(predicted=digit),
        )
    if evaluation.explains:
        found = template_bias.relation(evaluation.templates, evaluation.counts)
        if found is not None:
            st.markdown(text.templates.bias(found))
            go(f"The {found.name} of each template", "templates")
    other = next(name for name in ANOTHER if MODELS[name] is not evaluation.model)
    st.markdown(
        text.comparison.another(evaluation, other, evaluations.right_of(evaluation.dataset, other))
    )
    go("What it fixes and breaks", "compare", compare_to=other, **filters.only(subset="all"))
    st.markdown(
        "Where a better model is sure and yet wrong, the label itself may be wrong."
        + ("" if evaluations.ready(evaluation.dataset, BETTER) else f" {BETTER} {NOT_FITTED}.")
    )
    surest = filters.only(model=BETTER, sort="most confident")
    go(f"The surest errors of {BETTER}", "errors", **surest)

sharing.link_here()
