"""How good is this classifier, and where does it fail first?"""

import streamlit as st

from dashboard import cached, controls, filters, memory, opening, pictures, say, sharing, words
from dashboard.charts import scores
from dashboard.drawing import draw
from dashboard.names import as_text, plain
from dashboard.panels import panel
from engine import evaluation
from engine.digits import noun as noun_of
from engine.models import MODELS

ANOTHER = ("L2 mean", "L1 mean")  # the other measure, which takes a blink
BETTER = "5 neighbours"
NOT_FITTED = "are fitted on first use, which takes about half a minute on MNIST"

study = opening.open_study()
palette = controls.theme()
said = cached.of_study(study, say.matrix.summary)

with panel("The figures"):
    noun = noun_of(study.classes)
    each = f"Each {noun} has one template. " if study.explains else ""
    st.markdown(
        f"{each}The answer is the {noun} {study.model.rule}. "
        f"On {plain(study.digits.name)}, **{words.headline(study.n_right, study.n_images)}**."
    )

    figures = st.container(horizontal=True)

    def figure(label: str, value: str, below: str, width: int | str = 150) -> None:
        """A figure, and under it what it is a part of, or how sure it is."""
        figures.metric(label, value, below, delta_arrow="off", delta_color="off", width=width)

    n_wrong, accuracy = study.n_images - study.n_right, study.n_right / study.n_images
    ends = words.interval(study.n_right, study.n_images)
    figure("Accuracy", words.percent(accuracy, 2), f"95 % interval {ends}", 170)
    figure("Errors", f"{n_wrong:,}", f"of {words.count(study.n_images, 'test image')}", 170)
    for label, row in said.extremes.items():
        name, rate = plain(row["digit"]), words.percent(row["recall"])
        of = f"of {row['images']:,} right"
        if len(str(row["digit"])) < 6:  # short enough to stand large
            figure(f"{label} {noun}", name, f"{rate} {of}", 170)
        else:
            figure(f"{label} {noun}", rate, f"{of}, {name}", "content")

left, right = st.columns([3, 2], gap="large")
if study.explains:
    with left, panel("The templates"):
        st.subheader(f"The {len(study.classes)} templates")
        controls.framed(study.classes, "overview_templates").html(
            cached.of_study(study, pictures.templates, palette)
        )
with left, panel("How often each digit is recognised"):
    draw(
        cached.chart(
            scores.rate_bars,
            study.scores,
            "recall",
            f"How often each {noun} is recognised",
            palette,
            study.n_right / study.n_images,
            of=study.digits,
        ),
        alt=f"Recall of each {noun}. {as_text(said.best_and_worst)}",
    )


def go(label: str, page: str, /, **choices: object) -> None:
    """A way to the page that shows what the sentence above it says, on these choices alone."""
    st.button(
        label,
        icon=":material/arrow_forward:",
        type="tertiary",
        on_click=memory.go,
        args=(page,),
        kwargs=choices,
    )


with right, panel("From the figure to its reason"):
    st.subheader("From the figure to its reason")
    st.markdown(said.best_and_worst)
    go("What is taken for what", "confusion")
    place = evaluation.sink(study.scores)
    if place is None:
        st.markdown("Every test image is right.")
    else:
        digit = str(study.scores["digit"][place])
        st.markdown(said.sink)
        go(
            f"The images that are wrongly called {plain(digit)}",
            "errors",
            **filters.only(predicted=digit),
        )
    if study.explains:
        st.markdown(
            "An image is charged for ink that a template has and the image has not. "
            + say.templates.least_ink(study.templates, study.classes, study.counts)
        )
        go("How much ink each template asks for", "templates")
    other = next(name for name in ANOTHER if MODELS[name] is not study.model)
    st.markdown(say.models.another(study, other, cached.right_of(study.digits, other)))
    go("What it fixes and breaks", "compare", compare_to=other, **filters.only(subset="all"))
    st.markdown(
        "Where a better model is sure and yet wrong, the label itself may be wrong."
        + ("" if cached.ready(study.digits, BETTER) else f" {BETTER} {NOT_FITTED}.")
    )
    surest = filters.only(model=BETTER, sort="most confident")
    go(f"The surest errors of {BETTER}", "errors", **surest)

sharing.link_here()
